using CiCost.Domain.Periods;

namespace CiCost.Reports.Models;

/// <summary>How final a month is (accounting.md, 11).</summary>
public enum MonthStatus
{
    /// <summary>Bills still come in.</summary>
    Open = 0,

    /// <summary>Reported, and figures may still change.</summary>
    Provisional = 1,

    /// <summary>Sealed: later corrections appear in the month in which they arrive.</summary>
    Closed = 2,
}

/// <summary>What stands in the title, in the footer of every page, and in the notes.</summary>
public sealed record ReportHead
{
    /// <summary>Whose report it is, for example <c>PyTorch Foundation</c>.</summary>
    public required string Organisation { get; init; }

    /// <summary>The charge month.</summary>
    public required BillingMonth Month { get; init; }

    /// <summary>How final it is.</summary>
    public required MonthStatus Status { get; init; }

    /// <summary>The day on which the month took this status; null when it is not known.</summary>
    public DateOnly? StatusDay { get; init; }

    /// <summary>The seal over the books, 64 lower-case hexadecimal digits; null while the month is not closed.</summary>
    public string? SealHex { get; init; }

    /// <summary>The book version that every figure was read from.</summary>
    public required long BookVersion { get; init; }

    /// <summary>When the books said so. It is also the date inside the PDF, so that a second print has the same bytes.</summary>
    public required DateTimeOffset BookVersionAt { get; init; }

    /// <summary>The currency in words, for example <c>US dollars</c>.</summary>
    public string CurrencyWords { get; init; } = "US dollars";

    /// <summary>
    /// What to say on page 1 when the books are demonstration data, in one sentence; null for real books. Every page says it in short.
    /// </summary>
    public string? Demonstration { get; init; }
}
