using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary><c>cicost check</c> says what it leaves open, <c>check --deep</c> proves it, and no answer is made by a policy that was changed.</summary>
public sealed class CheckDeepTests
{
    private TempFolder _folder = null!;
    private Cicost _cicost = null!;

    [SetUp]
    public async Task MakeBooks()
    {
        _folder = new TempFolder();
        _cicost = new Cicost(_folder.FullName);
        var bill = _folder.File("bill.csv");
        Bill.Write(bill, rows: 61, edition: 1);
        await _cicost.JsonAsync("ingest", "--source", "aws", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill);
    }

    [TearDown]
    public void RemoveBooks() => _folder.Dispose();

    [Test]
    public async Task Check_SaysWhatItDoesNotProve_AndDeepProvesIt()
    {
        var fast = (await _cicost.RunAsync("check")).Expect(0).Output;
        var deep = (await _cicost.RunAsync("check", "--deep")).Expect(0).Output;
        var fastJson = await _cicost.JsonAsync("check");
        var deepJson = await _cicost.JsonAsync("check", "--deep");
        Assert.Multiple(() =>
        {
            Assert.That(fast.TrimEnd().Split('\n')[^1], Does.StartWith("Not proved here:").And.Contains("'cicost check --deep'"));
            Assert.That(deep, Does.Not.Contain("Not proved here").And.Contain("holds  LinesAreTheirObjects"));
            Assert.That(deep, Does.Contain("1 deliveries were read again, 61 rows"));
            Assert.That(fastJson.GetProperty("isDeep").GetBoolean(), Is.False);
            Assert.That(fastJson.GetProperty("notProved").GetString(), Does.Contain("--deep"));
            Assert.That(deepJson.GetProperty("isDeep").GetBoolean(), Is.True);
            Assert.That(deepJson.GetProperty("holds").GetBoolean(), Is.True);
            Assert.That(deepJson.GetProperty("checks")[0].GetProperty("check").GetString(), Is.EqualTo("DatabaseIsSound"));
        });
    }

    [Test]
    public async Task AnswersOfAChangedPolicy_AreRefused_AndTheCheckNamesIt()
    {
        await SqliteShell.RowsAsync(_cicost.Books, "UPDATE rule_file SET content = content || char(10) WHERE name = 'splits.yaml' RETURNING name");
        var costs = (await _cicost.RunAsync("costs", "--month", Bill.Month, "--json")).Expect(3).Json();
        var statements = (await _cicost.RunAsync("statements", "--month", Bill.Month)).Expect(3);
        var deep = (await _cicost.RunAsync("check", "--deep")).Expect(4).Output;
        Assert.Multiple(() =>
        {
            Assert.That(costs.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("policy-changed"));
            Assert.That(statements.Errors, Does.Contain("was changed after it was taken over"));
            Assert.That(deep, Does.Contain("FAILS  PolicyIsUnchanged").And.Contain("Expected: ").And.Contain("FAILS  RecordsAreUnchanged"));
        });
    }
}
