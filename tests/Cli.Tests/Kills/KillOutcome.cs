namespace CiCost.Cli.Tests.Kills;

/// <summary>What one kill did.</summary>
/// <param name="Scenario">What was running.</param>
/// <param name="Place">The fail point, or how the moment was chosen.</param>
/// <param name="ExitCode">Of the killed process; one that ended before its kill reports its own.</param>
/// <param name="IsInsideTransaction">True when a transaction with writes was open: known by the fail point, or by its lock just before the
/// kill.</param>
/// <param name="IsInsideCheckpoint">True when the database file had grown and the log was not yet emptied.</param>
/// <param name="Violations">What was wrong with the books afterwards; empty when nothing was.</param>
internal sealed record KillOutcome(
    string Scenario,
    string Place,
    int ExitCode,
    bool IsInsideTransaction,
    bool IsInsideCheckpoint,
    IReadOnlyList<string> Violations);
