using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CiCost.Ledger;

/// <summary>
/// Places where the tests kill the process, to prove that a booking is whole or absent. The environment variable
/// <c>CICOST_FAILPOINT=name</c> or <c>name:count</c> kills this process with SIGKILL when the place is reached for the count-th time;
/// <c>name:count:stop</c> asks it to stop with SIGTERM, and goes on. Unset, it costs one null check; it never changes what is written.
/// </summary>
public static partial class FailPoint
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private static readonly string? Name;
    private static readonly int Signal = SigKill;
    private static int _left;

    static FailPoint()
    {
        var setting = Environment.GetEnvironmentVariable("CICOST_FAILPOINT");
        if (string.IsNullOrEmpty(setting))
        {
            return;
        }

        var parts = setting.Split(':');
        Name = parts[0];
        _left = parts.Length > 1 && int.TryParse(parts[1], out var count) ? count : 1;
        Signal = parts.Length > 2 && parts[2] == "stop" ? SigTerm : SigKill;
    }

    /// <summary>Dies here when the environment says so.</summary>
    /// <param name="name">The place, for example <c>booking.before-commit</c>.</param>
    public static void Reach(string name)
    {
        if (Name is null || Name != name || Interlocked.Decrement(ref _left) != 0)
        {
            return;
        }

        Console.Error.WriteLine($"fail point {name} reached");
        if (OperatingSystem.IsWindows())
        {
            Process.GetCurrentProcess().Kill();
        }
        else
        {
            _ = Kill(Environment.ProcessId, Signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
