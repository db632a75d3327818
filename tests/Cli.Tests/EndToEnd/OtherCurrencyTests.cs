using CiCost.Cli.Tests.Running;
using CiCost.TestKit;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>Money in a currency without a rate never disappears: statements and the board report show it, added to nothing.</summary>
internal sealed class OtherCurrencyTests
{
    [TestCase(false, Description = "euros only")]
    [TestCase(true, Description = "euros beside dollars")]
    public async Task Euros_AreShownWithTheirAmount_InStatementsAndReport(bool withDollars)
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        var bill = folder.File("bill.csv");
        await System.IO.File.WriteAllTextAsync(bill, File(
        [
            ALine().On("2026-07-01").In("EUR").Costing("85"),
            .. withDollars ? [ALine().On("2026-07-01").Costing("100")] : Array.Empty<TestKit.Bookkeeping.BillLine>(),
        ]));
        (await cicost.RunAsync("ingest", "--source", "aws", "--kind", "focus-csv", "--month", "2026-07", "--file", bill)).Expect(0);

        var text = (await cicost.RunAsync("statements", "--month", "2026-07")).Expect(0).Output;
        var money = (await cicost.JsonAsync("statements", "--month", "2026-07")).GetProperty("otherCurrencies").EnumerateArray().Single();
        var report = folder.File("board.html");
        (await cicost.RunAsync("report", "board", "--month", "2026-07", "--out", report)).Expect(0);
        var html = await System.IO.File.ReadAllTextAsync(report);
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Match(@"total +EUR +85\.00 +not shared: no rate"));
            Assert.That(text.Contains("Nothing could be shared", StringComparison.Ordinal), Is.EqualTo(!withDollars));
            Assert.That(money.GetProperty("amount").GetString(), Is.EqualTo("85"));
            Assert.That(money.GetProperty("given").EnumerateArray().Single().GetProperty("display").GetString(), Is.EqualTo("85.00"));
            Assert.That(html, Does.Contain("EUR").And.Contain("85.00").And.Contain("not shared: no rate"));
            Assert.That(html.Contains("Nothing could be shared", StringComparison.Ordinal), Is.EqualTo(!withDollars));
        });
    }
}
