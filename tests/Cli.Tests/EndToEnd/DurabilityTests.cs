using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>Watches the system calls of an ingest: what is said to be booked is on the disk. A missing strace is a failure.</summary>
public sealed class DurabilityTests
{
    private const string Calls = "trace=fsync,fdatasync,rename,renameat,renameat2,write,pwrite64,openat";
    private const string LogFile = "books.db-wal>";

    [Test]
    public async Task Ingest_SaysThatItBooked_OnlyAfterObjectAndLogAreSynced()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        var bill = Bill.Write(folder.File("bill.csv"), 200, 1);
        (await cicost.RunAsync("attribute")).Expect(0);
        var calls = await TraceAsync(folder, [], cicost.Books, bill, 0);

        var objectSynced = First(calls, 0, "fsync(", ".objects/tmp/");
        var renamed = First(calls, objectSynced, "rename", ".objects/tmp/");
        var folderSynced = First(calls, renamed, "fsync(", ".objects/");
        var booked = First(calls, folderSynced, "pwrite64(", LogFile);
        var logSynced = First(calls, booked, "sync(", LogFile);
        var said = First(calls, 0, " write(", "{\\n  \\\"deliveryId");
        Assert.Multiple(() =>
        {
            Assert.That(calls.Take(renamed).Count(c => IsCall(c, "pwrite64(", LogFile)), Is.Zero,
                "nothing is booked before the object stands");
            Assert.That(logSynced, Is.LessThan(said), "the log is synced before the answer is given");
        });
    }

    [Test]
    public async Task Commit_ThatReturned_HasSyncedTheLog()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        var bill = Bill.Write(folder.File("bill.csv"), 200, 1);
        (await cicost.RunAsync("attribute")).Expect(0);
        var calls = await TraceAsync(folder, ["-E", "CICOST_FAILPOINT=booking.after-commit"], cicost.Books, bill, RunResult.Killed);
        var written = calls.FindLastIndex(c => IsCall(c, "pwrite64(", LogFile));
        Assert.Multiple(() =>
        {
            Assert.That(written, Is.Positive, "the commit writes the log");
            Assert.That(calls.FindLastIndex(c => IsCall(c, "sync(", LogFile)), Is.GreaterThan(written), "and syncs it before it returns");
        });
    }

    private static async Task<List<string>> TraceAsync(TempFolder folder, string[] environment, string books, Bill bill, int exitCode)
    {
        var log = folder.File("strace.log");
        string[] arguments =
        [
            "-f", "-y", "-s", "80", "-o", log, "-e", Calls, .. environment, PublishedProgram.Executable, "--db", books, "--json",
            "ingest", "--source", "aws", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path,
        ];
        (await Cicost.RunProgramAsync(folder.FullName, "strace", arguments)).Expect(exitCode);
        return [.. await File.ReadAllLinesAsync(log)];
    }

    /// <summary>The index of the first call from a place on that has both texts.</summary>
    private static int First(List<string> calls, int from, string call, string text)
    {
        var index = calls.FindIndex(from, c => IsCall(c, call, text));
        Assert.That(index, Is.AtLeast(0), $"no call '{call}' with '{text}' after call {from}");
        return index;
    }

    private static bool IsCall(string line, string call, string text) =>
        line.Contains(call, StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal);
}
