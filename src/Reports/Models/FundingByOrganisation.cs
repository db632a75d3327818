using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;

namespace CiCost.Reports.Models;

/// <summary>Cents by what they are paid with (accounting.md, 5). Kinds do not offset each other.</summary>
public sealed record KindAmounts
{
    /// <summary>Nothing.</summary>
    public static KindAmounts Zero { get; } = new();

    /// <summary>From a member's own account.</summary>
    public long MemberPaidCents { get; init; }

    /// <summary>Money of the Foundation.</summary>
    public long FoundationCashCents { get; init; }

    /// <summary>Draws on grants of credits.</summary>
    public long CreditsCents { get; init; }

    /// <summary>Machines that a donor runs.</summary>
    public long InKindCents { get; init; }

    /// <summary>What a provider gives to anybody.</summary>
    public long FreeTierCents { get; init; }

    /// <summary>Nobody is known to pay.</summary>
    public long UnfundedCents { get; init; }

    /// <summary>The columns of the table: the name of a kind, and its cents in a row.</summary>
    public static IReadOnlyList<(string Name, Func<KindAmounts, long> Cents)> Columns { get; } =
    [
        ("Member-paid", static a => a.MemberPaidCents),
        ("Foundation cash", static a => a.FoundationCashCents),
        ("Credits", static a => a.CreditsCents),
        ("In kind", static a => a.InKindCents),
        ("Free tier", static a => a.FreeTierCents),
        (ReaderWords.NoPayerKnown, static a => a.UnfundedCents),
    ];
}

/// <summary>A row of the funding table.</summary>
public sealed record FundingRow
{
    /// <summary>The funder, for example <c>Amazon Web Services</c>.</summary>
    public required string Organisation { get; init; }

    /// <summary>What was given, for example <c>Open source promotional credits</c>; empty for none.</summary>
    public string Note { get; init; } = "";

    /// <summary>The series of the trend chart, and so the node of the flow, that the row belongs to.</summary>
    public required string Group { get; init; }

    /// <summary>Is it the row of what nobody is known to pay? It is always there, once, and last.</summary>
    public bool IsUnfunded { get; init; }

    /// <summary>How sure the amounts are: one or several; empty for none.</summary>
    public required IReadOnlyList<CostBasis> Bases { get; init; }

    /// <summary>Cents by kind.</summary>
    public required KindAmounts Amounts { get; init; }

    /// <summary>Their sum.</summary>
    public required long TotalCents { get; init; }
}

/// <summary>Who funded the month's consumption, and with what.</summary>
public sealed record FundingByOrganisation
{
    /// <summary>The sentence that says what to see.</summary>
    public required string Say { get; init; }

    /// <summary>The rows, largest first, Unfunded last.</summary>
    public required IReadOnlyList<FundingRow> Rows { get; init; }

    /// <summary>The last line of the table.</summary>
    public required KindAmounts Total { get; init; }

    /// <summary>All of it: the month's consumption.</summary>
    public required long TotalCents { get; init; }
}
