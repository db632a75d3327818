using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>Bills and books are their owner's, whatever the umask of the shell is, and nobody else can hold their lock.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class FileModeTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task Files_UnderAnOpenUmask_AreTheOwnersAlone(bool groupReads)
    {
        using var folder = new TempFolder();
        var bill = Bill.Write(folder.File("bill.csv"), 50, 1);
        var made = Directory.CreateDirectory(folder.File("made")).FullName;
        var books = Path.Combine(made, "books.db");
        var option = groupReads ? "--group-readable" : "";
        await ShAsync(folder, $"umask 000; $CICOST --db {books} {option} ingest --source bill --kind focus-csv --month {Bill.Month} --file {bill.Path}");
        await ShAsync(folder, $"umask 000; $CICOST --db {books} {option} backup --to {made}/backup");
        await ShAsync(folder, $"umask 000; $CICOST --db {made}/again.db {option} restore --from {made}/backup");
        var (file, directory) = groupReads ? (0b110_100_000, 0b111_101_000) : (0b110_000_000, 0b111_000_000);
        Assert.Multiple(() =>
        {
            var entries = Directory.EnumerateFileSystemEntries(made, "*", SearchOption.AllDirectories).ToList();
            Assert.That(entries, Has.Count.GreaterThan(10));
            foreach (var entry in entries)
            {
                var expected = Directory.Exists(entry) ? directory : entry.EndsWith(".lock", StringComparison.Ordinal) ? 0b110_000_000 : file;
                Assert.That(File.GetUnixFileMode(entry), Is.EqualTo((UnixFileMode)expected), entry);
            }
        });
    }

    [Test]
    public async Task Lock_OfOlderBooksThatAllCouldRead_IsTakenFromThemWithTheNextBooking()
    {
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        var cicost = new Cicost(folder.FullName);
        (await cicost.RunAsync("attribute")).Expect(0);
        var path = cicost.Books + ".lock";
        File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);
        (await NobodyLocksAsync(folder, path)).Expect(0);
        var bill = Bill.Write(folder.File("bill.csv"), 50, 1);
        (await cicost.RunAsync("ingest", "--source", "bill", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path)).Expect(0);
        Assert.That((await NobodyLocksAsync(folder, path)).ExitCode, Is.Not.Zero, "nobody can hold the lock");
    }

    private static Task<RunResult> NobodyLocksAsync(TempFolder folder, string path) => Cicost.RunProgramAsync(folder.FullName, "setpriv",
        "--reuid=65534", "--regid=65534", "--clear-groups", "flock", "-x", "-n", path, "true");

    private static async Task ShAsync(TempFolder folder, string script) =>
        (await Cicost.RunProgramAsync(folder.FullName, "sh", "-c", script.Replace("$CICOST", PublishedProgram.Executable, StringComparison.Ordinal)))
            .Expect(0);
}
