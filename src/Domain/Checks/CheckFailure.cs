namespace CiCost.Domain.Checks;

/// <summary>One thing that does not hold, as data.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="Where">The source, delivery, day, domain or figure that it is about.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Expected">What should be, as text; empty where nothing can be expected.</param>
/// <param name="Actual">What is, as text.</param>
public sealed record CheckFailure(string Check, string Where, string Message, string Expected, string Actual);

/// <summary>How a check ended.</summary>
public enum CheckState
{
    /// <summary>It holds.</summary>
    Holds,

    /// <summary>It does not hold.</summary>
    Fails,

    /// <summary>What it needs is not in the books: never green, and no proof either (accounting.md, 2).</summary>
    NotProvable,

    /// <summary>There is nothing that it could have looked at: it neither holds nor fails (accounting.md, 2).</summary>
    NothingToCompare,
}

/// <summary>A check's outcome.</summary>
/// <param name="Check">Its name.</param>
/// <param name="Claim">What it claims, in one sentence.</param>
/// <param name="State">How it ended.</param>
/// <param name="Failures">All of what does not hold, or why it cannot be proved.</param>
/// <param name="Notices">What a reader should know and nothing is wrong with.</param>
public sealed record CheckOutcome(
    string Check,
    string Claim,
    CheckState State,
    IReadOnlyList<CheckFailure> Failures,
    IReadOnlyList<string> Notices);
