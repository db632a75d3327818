using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>What the command line promises: where options may stand, what it says, exit codes, and that a refusal changes
/// nothing. What everybody sees first, help and exit codes, is asked of the published program.</summary>
public sealed class CommandLineTests
{
    private TempFolder _folder = null!;
    private Cicost _cicost = null!;
    private string _bill = "";

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TempFolder();
        _cicost = new Cicost(_folder.FullName);
        _bill = Bill.Write(_folder.File("bill.csv"), 62, 1).Path;
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public async Task Ingest_SameBytesAgain_IsUnchangedAndTheSameDelivery()
    {
        var first = await _cicost.JsonAsync(Ingest("aws"));
        var again = await _cicost.JsonAsync(Ingest("aws"));
        Assert.Multiple(() =>
        {
            Assert.That(first.GetProperty("unchanged").GetBoolean(), Is.False);
            Assert.That(again.GetProperty("unchanged").GetBoolean(), Is.True);
            Assert.That(again.GetProperty("deliveryId").GetInt32(), Is.EqualTo(first.GetProperty("deliveryId").GetInt32()));
            Assert.That(again.GetProperty("totals").ToString(), Is.EqualTo(first.GetProperty("totals").ToString()));
        });
    }

    [Test]
    public async Task Ingest_UnknownSource_ListsTheKnownOnes()
    {
        await _cicost.JsonAsync(Ingest("aws"));
        var run = (await _cicost.RunAsync("ingest", "--source", "awss", "--month", Bill.Month, "--file", _bill)).Expect(3);
        Assert.That(run.Errors, Does.Contain("'awss' is not registered").And.Contain("known are aws").And.Contain("--kind"));
    }

    [Test]
    public async Task Ingest_BrokenFirstDelivery_NamesRowColumnAndValueAndLeavesNoSource()
    {
        var text = await File.ReadAllTextAsync(_bill);
        await File.WriteAllTextAsync(_bill, text.Replace(",USD,", ",usd,", StringComparison.Ordinal));
        var run = (await _cicost.RunAsync([.. Ingest("aws"), "--json"])).Expect(3);
        var error = run.Json().GetProperty("error").GetProperty("errors")[0];
        var sources = await SqliteShell.NumberAsync(_cicost.Books,
            "SELECT (SELECT COUNT(*) FROM source) + (SELECT COUNT(*) FROM scope) AS n");
        Assert.Multiple(() =>
        {
            Assert.That(error.GetProperty("file").GetString(), Is.EqualTo("bill.csv"));
            Assert.That(error.GetProperty("rowNumber").GetInt32(), Is.EqualTo(1));
            Assert.That(error.GetProperty("column").GetString(), Is.EqualTo("BillingCurrency"));
            Assert.That(error.GetProperty("value").GetString(), Is.EqualTo("usd"));
            Assert.That(run.Errors, Does.Contain("bill.csv: row 1, column BillingCurrency, value 'usd'"));
            Assert.That(sources, Is.Zero);
        });
    }

    [Test]
    public async Task GlobalOptions_AfterTheCommand_MeanTheSame()
    {
        var other = _folder.File("other.db");
        var after = await Cicost.RunProgramAsync(_folder.FullName, PublishedProgram.Executable,
            [.. Ingest("aws"), "--json", "--db", other]);
        var before = await Cicost.RunProgramAsync(_folder.FullName, PublishedProgram.Executable,
            ["--json", "--db", other, .. Ingest("aws")]);
        Assert.Multiple(() =>
        {
            Assert.That(after.Expect(0).Json().GetProperty("unchanged").GetBoolean(), Is.False);
            Assert.That(before.Expect(0).Json().GetProperty("unchanged").GetBoolean(), Is.True);
            Assert.That(File.Exists(_cicost.Books), Is.False);
        });
    }

    [Test]
    public async Task ExitCodes_AreThoseOfTheDocumentation()
    {
        (await _cicost.RunProcessAsync("ingest", "--source", "aws")).Expect(2);
        (await _cicost.RunProcessAsync("costs", "--month", "July")).Expect(2);
        (await _cicost.RunProcessAsync("costs", "--month", Bill.Month)).Expect(3);
        (await _cicost.RunProcessAsync([.. Ingest("aws"), "--profile", "none-such"])).Expect(3);
        (await _cicost.RunProcessAsync([.. Ingest("aws")])).Expect(0);
        (await _cicost.RunProcessAsync("check")).Expect(0);
        (await _cicost.RunProcessAsync("ingest", "--source", "aws", "--month", "2026-06", "--file", _bill)).Expect(0);
        var check = (await _cicost.RunProcessAsync("check", "--json")).Expect(4).Json();
        Assert.That(check.GetProperty("holds").GetBoolean(), Is.False, "the rows are of July");
    }

    [Test]
    public async Task Books_ThatAreBroken_EndWithOneMessageAndExitCode1()
    {
        await _cicost.JsonAsync(Ingest("aws"));
        await using (var file = new FileStream(_cicost.Books, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        var run = await _cicost.RunAsync("costs", "--month", Bill.Month);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(1), run.Errors);
            Assert.That(run.Errors, Does.Not.Contain("   at "), "a stack trace is no message");
            Assert.That(run.Errors, Does.Contain("backup"));
        });
    }

    [Test]
    public async Task Attribute_ChangedPolicy_MakesANewRuleSetAndRereadFillsNewDimensions()
    {
        await _cicost.JsonAsync(Ingest("aws"));
        var policy = _folder.File("policy");
        PolicyFolder.CopyTo(policy);
        var file = Path.Combine(policy, "dimensions.yaml");
        await File.WriteAllTextAsync(file,
            (await File.ReadAllTextAsync(file)).Replace("tagKeys:\n", "tagKeys:\n  - env\n", StringComparison.Ordinal));
        var attributed = await _cicost.JsonAsync("attribute", "--policy", policy);
        var again = await _cicost.JsonAsync("attribute", "--policy", policy);
        var reread = await _cicost.JsonAsync("reread", "--policy", policy);
        var costs = await _cicost.JsonAsync("costs", "--month", Bill.Month, "--policy", policy, "--group-by", "tags.env");
        Assert.Multiple(() =>
        {
            Assert.That(attributed.GetProperty("isNew").GetBoolean(), Is.True);
            Assert.That(attributed.GetProperty("needsReread").ToString(), Does.Contain("env"));
            Assert.That(again.GetProperty("isNew").GetBoolean(), Is.False);
            Assert.That(reread.GetProperty("deliveries")[0].GetProperty("unchanged").GetBoolean(), Is.False);
            Assert.That(costs.GetProperty("rows").GetArrayLength(), Is.AtLeast(62),
                "each row of the bill has a tag of its own, and one line is rounding");
        });
    }

    [TestCase("")]
    [TestCase("ingest")]
    [TestCase("costs")]
    [TestCase("bridge")]
    [TestCase("explain")]
    [TestCase("deliveries")]
    [TestCase("check")]
    [TestCase("attribute")]
    [TestCase("reread")]
    [TestCase("serve")]
    public async Task Help_OfACommand_IsTheApprovedOne(string command)
    {
        string[] arguments = command.Length == 0 ? ["--help"] : [command, "--help"];
        var run = await Cicost.RunProgramAsync(_folder.FullName, PublishedProgram.Executable, arguments);
        Golden.Verify(run.Expect(0).Output, command.Length == 0 ? "Help" : $"Help.{command}");
    }

    private string[] Ingest(string source) => ["ingest", "--source", source, "--kind", "focus-csv", "--month", Bill.Month, "--file", _bill];
}
