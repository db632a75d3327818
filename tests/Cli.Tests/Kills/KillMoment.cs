using System.Diagnostics;

namespace CiCost.Cli.Tests.Kills;

/// <summary>When a run is killed: at a fail point, after a time, or while the log is moved into the database file.</summary>
/// <param name="Place">Its name in the report.</param>
/// <param name="Variables">The environment of the run.</param>
/// <param name="Kill">Kills the process from outside, and says whether it held SQLite's write lock then; at once when it kills
/// itself.</param>
internal sealed record KillMoment(string Place, IReadOnlyDictionary<string, string> Variables, Func<Process, string, Task<bool>> Kill)
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>The process kills itself where it reaches a place for the count-th time.</summary>
    public static KillMoment AtFailPoint(string name, int count) => new(
        name,
        new Dictionary<string, string> { ["CICOST_FAILPOINT"] = FormattableString.Invariant($"{name}:{count}") },
        (_, _) => Task.FromResult(false));

    /// <summary>After a time.</summary>
    public static KillMoment After(TimeSpan delay) => new("random", NoVariables, async (process, _) =>
    {
        await Task.Delay(delay);
        return End(process);
    });

    /// <summary>As soon as the database file grows, which only a checkpoint makes it do.</summary>
    public static KillMoment WhileCheckpointing() => new("checkpoint.inside", NoVariables, async (process, books) =>
    {
        var before = new FileInfo(books).Length;
        while (!process.HasExited && new FileInfo(books).Length == before)
        {
            await Task.Yield();
        }

        return End(process);
    });

    private static bool End(Process process)
    {
        if (process.HasExited)
        {
            return false;
        }

        // An open write transaction is a POSIX lock on byte 120 of the log's index (sqlite.org/walformat.html, 2.3.1).
        var owner = FormattableString.Invariant($" WRITE {process.Id} ");
        var isWriting = File.ReadLines("/proc/locks")
            .Any(l => l.Contains(owner, StringComparison.Ordinal) && l.EndsWith(" 120 120", StringComparison.Ordinal));
        process.Kill(); // SIGKILL to this process id alone.
        return isWriting;
    }
}
