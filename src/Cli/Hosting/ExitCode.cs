namespace CiCost.Cli.Hosting;

/// <summary>What the process returns; the list is in docs/operations.md.</summary>
internal static class ExitCode
{
    /// <summary>Done; for <c>check</c>: every check holds.</summary>
    public const int Success = 0;

    /// <summary>A bug or a broken environment; the message says which.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The input, the policy or the state of the books does not allow it; nothing was changed.</summary>
    public const int Refused = 3;

    /// <summary>At least one check does not hold.</summary>
    public const int ChecksFailed = 4;

    /// <summary>Stopped by the user.</summary>
    public const int Cancelled = 130;
}
