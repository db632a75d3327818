using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>What people mistype, and what the program answers: what is wrong, what was meant, and nothing made or changed.</summary>
public sealed class MistakeTests
{
    private TempFolder _folder = null!;
    private Cicost _cicost = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TempFolder();
        _cicost = new Cicost(_folder.FullName);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("{ \"Books\": { \"Database\": \"a.db\",, } }", "line 1, byte 33")]
    [TestCase("{\n  \"Books\": {\n    \"Database\": \"a.db\"\n  \"Ingest\": {}\n}", "line 4, byte ")]
    [TestCase("[]", "appsettings.json cannot be read: ")]
    [TestCase("{ \"Books\": { \"Databse\": \"a.db\" } }", "no key 'Books:Databse'. Did you mean 'Database'?")]
    public async Task Configuration_ThatCannotBeRead_IsNamedWithoutAStack(string json, string words)
    {
        _folder.Write("appsettings.json", json);
        var run = (await _cicost.RunAsync("costs", "--month", "2026-07")).Expect(2);
        Assert.That(run.Errors, Does.Contain(words).And.Not.Contain("   at ").And.Not.Contain("Unhandled"));
    }

    [TestCase("cost --month 2026-07", "Did you mean 'costs'?", "'cicost --help' shows the commands.")]
    [TestCase("costs --month 2026-07 --groupby component", "Did you mean '--group-by'?", "'cicost costs --help' shows the options.")]
    [TestCase("costs --month 2026-07 --jsn", "Did you mean '--json'?", "'cicost costs --help' shows the options.")]
    [TestCase("schedule histoy", "Did you mean 'history'?", "'cicost schedule --help' shows the options.")]
    [TestCase("report board --month 2026-07", "--out", "'cicost report board --help' shows the options.")]
    [TestCase("costs", "Give the month with --month YYYY-MM.", "'cicost costs --help' shows the options.")]
    [TestCase("explain", "Give the month with --month YYYY-MM.", "'cicost explain --help' shows the options.")]
    [TestCase("explain --delivery 1", "Give the row with --row N beside --delivery.", "'cicost explain --help' shows the options.")]
    public async Task CommandLine_ThatIsWrong_SaysWhatWasMeant(string line, string words, string advice)
    {
        var run = (await _cicost.RunAsync([.. line.Split(' '), "--json"])).Expect(2);
        Assert.Multiple(() =>
        {
            Assert.That(run.Errors, Does.Contain(words).And.Contain(advice));
            var error = run.Json().GetProperty("error");
            Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("usage"));
            Assert.That(error.GetProperty("message").GetString(), Does.Contain(words).And.Contain(advice));
            Assert.That(File.Exists(_cicost.Books), Is.False);
        });
    }

    [Test]
    public async Task CommandLine_WithNothing_ShowsTheHelp()
    {
        var run = (await Cicost.RunProgramAsync(_folder.FullName, PublishedProgram.Executable)).Expect(2);
        Assert.That(run.Output, Does.Contain("cicost [command] [options]").And.Contain("ingest"));
    }

    [TestCase("costs --month 2026-07")]
    [TestCase("bridge --month 2026-07")]
    [TestCase("funding --month 2026-07")]
    [TestCase("statements --month 2026-07")]
    [TestCase("jobs --month 2026-07")]
    [TestCase("value --month 2026-07")]
    [TestCase("explain --month 2026-07")]
    [TestCase("explain --delivery 1 --row 1")]
    [TestCase("deliveries")]
    [TestCase("reconcile --month 2026-07")]
    [TestCase("check")]
    [TestCase("reread")]
    [TestCase("backup --to copy")]
    [TestCase("report board --month 2026-07 --out x.html")]
    [TestCase("schedule list")]
    [TestCase("schedule history")]
    public async Task Reading_BooksThatAreNotThere_SaysSoAndMakesNothing(string line)
    {
        var run = (await _cicost.RunAsync([.. line.Split(' '), "--json"])).Expect(3);
        Assert.Multiple(() =>
        {
            Assert.That(run.Json().GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("books-missing"));
            Assert.That(run.Errors, Does.Contain($"There are no books at {_cicost.Books}, and none were made."));
            Assert.That(Directory.EnumerateFileSystemEntries(_folder.FullName), Is.Empty);
        });
    }

    [Test]
    public async Task Sources_BeforeTheFirstPull_AreListedAndMakeNothing()
    {
        Assert.That((await _cicost.RunAsync("sources")).Expect(0).Output, Does.Contain("No source is configured yet"));
        WriteSources();
        Assert.That((await _cicost.RunAsync("sources")).Expect(0).Output, Does.Contain("lab: configured in sources.yaml, never pulled yet."));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName), Is.EqualTo(new[] { "sources.yaml" }));
    }

    [Test]
    public async Task Sources_WhoseOnlyRunFailed_AreFailingWithExitCode4()
    {
        WriteSources();
        (await _cicost.RunAsync("pull")).Expect(3);
        Assert.That((await _cicost.RunAsync("sources")).Expect(4).Output, Does.Contain("failing").And.Contain("folder-missing").Or.Contain("is not there"));
    }

    [TestCase("http://0.0.0.0:0")]
    [TestCase("http://[::]:0")]
    [TestCase("http://192.0.2.7:80")]
    public async Task Serve_OnAnAddressOfOthers_IsRefusedWithoutTheFlag(string address)
    {
        var run = (await _cicost.RunAsync("serve", "--address", address)).Expect(3);
        Assert.That(run.Errors, Does.Contain("there is no access control").And.Contain("--allow-remote"));
    }

    [Test]
    public async Task Serve_OnAnAddressOfOthersWithTheFlag_Listens()
    {
        using var server = _cicost.Start(new Dictionary<string, string>(), "serve", "--address", "http://0.0.0.0:0", "--allow-remote");
        var line = await server.StandardOutput.ReadLineAsync();
        await Cicost.RunProgramAsync(_folder.FullName, "kill", "-TERM", $"{server.Id}");
        await Cicost.EndAsync(server);
        Assert.That(line, Does.Contain("Serving"));
    }

    [Test]
    public async Task Demo_IntoAFullFolder_IsRefused()
    {
        _folder.Write("full/x", "");
        var run = (await _cicost.RunAsync("demo", "--out", _folder.File("full"))).Expect(3);
        Assert.That(run.Errors, Does.Contain("is not empty"));
    }

    [Test]
    public async Task Report_IntoAFolderThatIsNotThere_IsRefusedBeforeTheWork()
    {
        var run = (await _cicost.RunAsync("report", "board", "--month", "2026-07", "--out", _folder.File("nodir", "x.pdf"))).Expect(3);
        Assert.That(run.Errors, Does.Contain($"The folder {_folder.File("nodir")} of ").And.Contain("is not there"));
    }

    [Test]
    public async Task Jobs_AsJson_NameMonthAndBookVersion()
    {
        var bill = Bill.Write(_folder.File("bill.csv"), 31, 1);
        await _cicost.JsonAsync("ingest", "--source", "aws", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path);
        var jobs = await _cicost.JsonAsync("jobs", "--month", Bill.Month);
        Assert.That(jobs.GetProperty("month").GetString(), Is.EqualTo(Bill.Month));
        Assert.That(jobs.GetProperty("bookVersion").GetProperty("id").GetInt64(), Is.GreaterThan(0));
    }

    [Test]
    public async Task Report_AsJson_IsOneDocument()
    {
        var bill = Bill.Write(_folder.File("bill.csv"), 31, 1);
        await _cicost.JsonAsync("ingest", "--source", "aws", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path);
        var file = _folder.File("x.html");
        var report = await _cicost.JsonAsync("report", "board", "--month", Bill.Month, "--out", file);
        var written = report.GetProperty("files")[0];
        Assert.That(written.GetProperty("file").GetString(), Is.EqualTo(file));
        Assert.That(written.GetProperty("bytes").GetInt64(), Is.EqualTo(new FileInfo(file).Length));
    }

    private void WriteSources() => _folder.Write("sources.yaml", $"""
        sources:
          - key: lab
            connector: drop-folder
            folder: {_folder.File("drop")}
            format: focus-csv

        """);
}
