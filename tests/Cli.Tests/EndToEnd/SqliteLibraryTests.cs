using System.Text.RegularExpressions;
using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.Ledger.Sqlite;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>One SQLite in the process, the one that the program brings: for the books and for the schedule, whatever the system has.</summary>
public sealed partial class SqliteLibraryTests
{
    private static readonly Dictionary<string, string> NoVariables = [];
    private static readonly Version Oldest = new(3, 53, 4);

    [Test]
    public async Task Process_WithBooksAndScheduleOpen_MapsOneLibrary_AndNamesItsVersionEverywhere()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        var bill = Bill.Write(folder.File("bill.csv"), 62, 1);
        await cicost.JsonAsync("ingest", "--source", "aws", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path);
        Directory.CreateDirectory(folder.File("drop"));
        folder.Write("sources.yaml", $"""
            sources:
              - key: lab
                connector: drop-folder
                folder: {folder.File("drop")}
                format: focus-csv
                complete: marker
                schedule: '0 0 0 1 1 ?'
            """);

        await using var server = RunningServer.Start(cicost, NoVariables);
        var ready = (await server.JsonAsync("/health/ready")).GetProperty("sqliteVersion").GetString();
        var schedule = await server.JsonAsync("/v1/schedule");
        var mapped = Mapped(await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/maps"));
        var said = (await Cicost.RunProgramAsync(folder.FullName, PublishedProgram.Executable, "--version")).Expect(0).Output;
        Assert.Multiple(() =>
        {
            Assert.That(File.Exists(cicost.Books + ".schedule.db"), Is.True, "the schedule is open, too");
            Assert.That(schedule.GetProperty("sources").GetArrayLength(), Is.EqualTo(1));
            Assert.That(mapped, Is.EqualTo(new[] { Path.Combine(Path.GetDirectoryName(PublishedProgram.Executable)!, "libe_sqlite3.so") }));
            Assert.That(said, Is.EqualTo($"{typeof(PublishedProgram).Assembly.GetName().Version!.ToString(3)} (SQLite {ready})\n"));
            Assert.That(ready, Is.EqualTo(SqliteLibrary.Version), "what SELECT sqlite_version() says: Ledger.Tests");
            Assert.That(Version.Parse(ready!), Is.AtLeast(Oldest));
        });
    }

    [Test]
    public void Mapped_OfASystemsLibraryBesideOurs_AreTwo() =>
        Assert.That(Mapped([
            "7f0000000000-7f0000001000 r--p 00000000 fe:00 1 /a/libe_sqlite3.so",
            "7f0000001000-7f0000002000 r-xp 00001000 fe:00 1 /a/libe_sqlite3.so",
            "7f0000003000-7f0000004000 r-xp 00000000 fe:00 2 /b/libsqlite3.so.0.8.6",
            "7f0000004000-7f0000005000 r--s 00000000 fe:00 3 /a/Microsoft.Data.Sqlite.dll",
            "7f0000005000-7f0000006000 rw-s 00000000 fe:00 4 /c/books.db-shm",
        ]), Is.EqualTo(new[] { "/a/libe_sqlite3.so", "/b/libsqlite3.so.0.8.6" }));

    private static string[] Mapped(IEnumerable<string> maps) =>
        [.. maps.Select(m => SharedLibrary().Match(m)).Where(m => m.Success).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"/\S*sqlite\S*\.so(\.\S+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex SharedLibrary();
}
