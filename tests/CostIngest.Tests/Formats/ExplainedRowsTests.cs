using System.Globalization;
using System.Text.Json.Nodes;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Explain;
using CiCost.CostIngest.Formats;
using CiCost.CostIngest.Tests.Formats.GcpBilling;
using CiCost.CostIngest.Tests.Formats.Native;
using CiCost.Domain.Periods;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>
/// Where a format makes several lines of one row, <c>explain</c> names the row of the file: the list of a figure and the detail of a line
/// alike, against a count of the file's own lines that knows nothing of the formats.
/// </summary>
public sealed class ExplainedRowsTests
{
    private static readonly string[] OneToMany = ["github-usage", "gcp-billing"];

    [Test]
    public void Formats_ThatMakeSeveralLinesOfARow_AreAllTriedHere() =>
        Assert.That(LineFormats.All().Where(f => f.LinesOfARow != 1).Select(f => f.Kind), Is.EquivalentTo(OneToMany));

    [TestCase("detailed")]
    [TestCase("summarized")]
    public Task GitHubReport_EachLine_NamesTheRowOfItsFile(string name)
    {
        var lines = File.ReadAllLines(NativeFile.All.Single(f => f.Path == $"native/github-usage/{name}.csv").FullPath);
        var (gross, discount) = (Array.IndexOf(lines[0].Split(','), "gross_amount"), Array.IndexOf(lines[0].Split(','), "discount_amount"));
        return AssertRowsAsync("github-usage", null, "2026-05", [lines[..3], [lines[0], .. lines[3..]]], 1, line =>
            [Nanos(line.Split(',')[gross]), -Nanos(line.Split(',')[discount])]);
    }

    [Test]
    public Task GitHubAnswer_EachLine_NamesTheItem()
    {
        static string Item(int i) => $$"""
            {"date":"2026-05-0{{i}}T00:00:00Z","product":"actions","sku":"s","quantity":1,"unitType":"Minutes","pricePerUnit":{{i}},
            """ + $$"""
            "grossAmount":{{i}},"discountAmount":0.{{i}},"netAmount":{{i - 1}}.{{10 - i}},"organizationName":"pytorch","repositoryName":"vision"}
            """;
        string[] items = [.. Enumerable.Range(1, 4).Select(Item)];
        string[] file = ["{\"usageItems\":[", .. items.Select((item, i) => i < 3 ? item + "," : item), "]}"];
        return AssertRowsAsync("github-usage", null, "2026-05", [file], 1, line => JsonNode.Parse(line.TrimEnd(','))!.AsObject() is var item
            ? [Nanos(item["grossAmount"]!.ToJsonString()), -Nanos(item["discountAmount"]!.ToJsonString())]
            : []);
    }

    [TestCase("standard", null)]
    [TestCase("detailed", null)]
    [TestCase("bq-extract", "bq-extract")]
    public Task GoogleExport_EachLine_NamesTheRowOfItsFile(string name, string? profile)
    {
        var lines = File.ReadAllLines(GcpFile.All.Single(f => f.Name == name).FullPath);
        return AssertRowsAsync("gcp-billing", profile, "2026-07", [lines[..2], lines[2..]], 0, line =>
        {
            var row = JsonNode.Parse(line)!;
            return [Nanos(row["cost"]!.ToString()), .. (row["credits"]?.AsArray() ?? []).Select(c => Nanos(c!["amount"]!.ToString()))];
        });
    }

    /// <summary>Books the files as one delivery and compares both forms of explain with the files.</summary>
    /// <param name="kind">The format.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="month">The month that every row is billed in.</param>
    /// <param name="files">The files of the delivery as lines.</param>
    /// <param name="headers">Lines before the first row.</param>
    /// <param name="amounts">What one line of a file is booked as, by a reading of its own.</param>
    private static async Task AssertRowsAsync(
        string kind, string? profile, string month, string[][] files, int headers, Func<string, long[]> amounts)
    {
        using var books = await BookFixture.OpenAsync();
        using var folder = new TempFolder();
        List<string> paths = [];
        List<(string File, long Row, long Nanos)> expected = [];
        foreach (var lines in files)
        {
            paths.Add(folder.File($"part-{paths.Count}.txt"));
            await File.WriteAllLinesAsync(paths[^1], lines);
            foreach (var (line, row) in lines.Skip(headers).Where(l => l != "]}").Select((l, i) => (l, i + 1)))
            {
                expected.AddRange(amounts(line).Select(a => (Path.GetFileName(paths[^1]), (long)row, a)));
            }
        }

        var options = new BookDeliveryOptions();
        var formats = LineFormats.All();
        var reread = new RereadLines(books.Books, books.Policies, formats, options);
        var booked = await new BookDelivery(books.Books, books.Policies, formats, LineFormats.Jobs(), options).RunAsync(
            new BookDeliveryRequest
            {
                SourceKey = "bill",
                Kind = kind,
                Profile = profile,
                BillingMonth = BillingMonth.Parse(month),
                Files = paths,
            }, null, CancellationToken.None);
        var figure = new ExplainFigure(books.Books, books.Costs, reread).Run(
            new CostQuery
            {
                From = BillingMonth.Parse(month),
                To = BillingMonth.Parse(month),
                Metric = CostMetric.Billed,
                Axis = TimeAxis.Billing,
            }, 1000, CancellationToken.None);
        var details = new ExplainRow(books.Books, books.Policies, formats, reread, options);
        Assert.Multiple(() =>
        {
            var listed = figure.Rows.Where(r => r.ObjectName is not null).OrderBy(r => r.RowNumber)
                .Select(r => (r.ObjectName!, r.RowInObject!.Value, (long)r.Nanos)).ToList();
            Assert.That(listed, Is.EqualTo(expected));
            var detailed = Enumerable.Range(1, expected.Count)
                .Select(n => details.Run(booked.DeliveryId, (uint)n, null, CancellationToken.None))
                .Select(r => (r.Holder!.Name, r.Raw!.RowNumber, (long)r.Line!.BilledNanos)).ToList();
            Assert.That(detailed, Is.EqualTo(expected));
        });
    }

    private static long Nanos(string amount) =>
        (long)Math.Round(decimal.Parse(amount, NumberStyles.Float, CultureInfo.InvariantCulture) * 1_000_000_000m, MidpointRounding.ToEven);
}
