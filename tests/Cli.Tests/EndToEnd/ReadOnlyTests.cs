using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;
using CiCost.TestKit.Disks;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>Reading books that cannot be written: the same answers, nothing made, and a clear word where that is not possible.</summary>
[NonParallelizable]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ReadOnlyTests
{
    private static readonly string[] Questions =
    [
        "costs --month 2026-05 --json", "bridge --month 2026-05 --json", "explain --month 2026-05 --json", "deliveries --json", "check --json",
        "funding --month 2026-05 --json", "statements --month 2026-05 --json", "reconcile --month 2026-05 --json", "sources --json",
    ];

    private TempFolder _elsewhere = null!;

    [SetUp]
    public void Open() => _elsewhere = new TempFolder();

    [TearDown]
    public void Close() => _elsewhere.Dispose();

    [Test]
    public async Task Questions_OnAReadOnlyFileSystem_AreAnsweredAlikeAndMakeNothing()
    {
        using var disk = new SmallDisk(64);
        var cicost = new Cicost(disk.FullName);
        await IngestAsync(cicost, 1);
        var expected = await AnswersAsync(cicost);
        var files = Look(disk.FullName);
        disk.MakeReadOnly();
        Assert.Multiple(async () =>
        {
            Assert.That(await AnswersAsync(cicost), Is.EqualTo(expected));
            Assert.That(Look(disk.FullName), Is.EqualTo(files));
        });
        (await cicost.RunAsync("backup", "--to", _elsewhere.File("backup"))).Expect(0);
        var refused = (await cicost.RunAsync(Ingest(2))).Expect(1);
        Assert.That(refused.Errors, Does.Contain("read-only"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Books_OfAKilledBooking_AreReadWholeOrRefused(bool hasIndex)
    {
        using var disk = new SmallDisk(64);
        var cicost = new Cicost(disk.FullName);
        await IngestAsync(cicost, 1);
        (await cicost.RunProcessWithAsync(new Dictionary<string, string> { ["CICOST_FAILPOINT"] = "booking.after-commit" }, Ingest(2)))
            .Expect(RunResult.Killed);
        if (!hasIndex)
        {
            File.Delete(cicost.Books + "-shm");
        }

        disk.MakeReadOnly();
        var run = await cicost.RunAsync("deliveries", "--json");
        if (hasIndex)
        {
            Assert.That(run.Expect(0).Json().GetProperty("deliveries").GetArrayLength(), Is.EqualTo(2), "what is in the log counts");
            return;
        }

        Assert.That(run.Expect(3).Json().GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("books-log-left"));
        disk.MakeWritable();
        Assert.That((await cicost.JsonAsync("deliveries")).GetProperty("deliveries").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task Books_OfAnotherUser_AreReadAndNotWritten()
    {
        // The program itself must be one that another user may run.
        using var place = new TempFolder();
        File.SetUnixFileMode(place.FullName, (UnixFileMode)0b111_101_101);
        var cicost = new Cicost(place.FullName);
        await IngestAsync(cicost, 1);
        var expected = (await cicost.RunAsync("costs", "--month", "2026-05", "--json")).Expect(0).Output;
        foreach (var file in Directory.EnumerateFileSystemEntries(place.FullName, "*", SearchOption.AllDirectories))
        {
            File.SetUnixFileMode(file, Directory.Exists(file) ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100);
        }

        string[] asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", PublishedProgram.Executable, "--db", cicost.Books];
        var read = await Cicost.RunProgramAsync(place.FullName, "setpriv", [.. asNobody, "costs", "--month", "2026-05", "--json"]);
        var written = await Cicost.RunProgramAsync(place.FullName, "setpriv", [.. asNobody, "attribute", "--json"]);
        Assert.Multiple(() =>
        {
            Assert.That(read.Expect(0).Output, Is.EqualTo(expected));
            Assert.That(written.Expect(3).Json().GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("books-read-only"));
        });
    }

    [Test]
    public async Task Ingest_IntoAFolderThatIsNotThere_SaysSoAndMakesNothing()
    {
        var run = await InProcess.RunAsync(_elsewhere.FullName, new Dictionary<string, string>(), TimeSpan.FromMinutes(5),
            ["--db", _elsewhere.File("nope", "sub", "x.db"), "attribute", "--json"]);
        Assert.Multiple(() =>
        {
            Assert.That(run.Expect(3).Json().GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("books-folder-missing"));
            Assert.That(Directory.EnumerateFileSystemEntries(_elsewhere.FullName), Is.Empty);
        });
    }

    [TestCase("check", true)]
    [TestCase("check", false)]
    [TestCase("attribute", true)]
    [TestCase("attribute", false)]
    public async Task Books_ThatLostTheirDatabase_AreNotMadeAnew(string command, bool isEmpty)
    {
        var cicost = new Cicost(_elsewhere.FullName);
        await IngestAsync(cicost, 1);
        File.Delete(cicost.Books);
        if (isEmpty)
        {
            await File.WriteAllBytesAsync(cicost.Books, []);
        }

        var run = (await cicost.RunAsync(command, "--json")).Expect(3);
        Assert.Multiple(() =>
        {
            Assert.That(run.Json().GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("books-lost"));
            Assert.That(new FileInfo(cicost.Books) is { Exists: true, Length: > 0 }, Is.False);
        });
    }

    private static async Task<List<string>> AnswersAsync(Cicost cicost)
    {
        List<string> answers = [];
        foreach (var question in Questions)
        {
            var run = await cicost.RunAsync(question.Split(' '));
            answers.Add($"{question}: {run.ExitCode}\n{run.Output}{run.Errors}");
        }

        return answers;
    }

    private static List<string> Look(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => $"{f} {new FileInfo(f).Length}").Order(StringComparer.Ordinal)];

    private async Task IngestAsync(Cicost cicost, int edition)
    {
        PolicyFolder.CopyTo(_elsewhere.File("policy"));
        (await cicost.RunAsync(Ingest(edition))).Expect(0);
    }

    private string[] Ingest(int edition) =>
    [
        "ingest", "--policy", _elsewhere.File("policy"), "--source", "bill", "--kind", "focus-csv", "--month", Bill.Month, "--file",
        Bill.Write(_elsewhere.File($"bill-{edition}.csv"), 300, edition).Path,
    ];
}
