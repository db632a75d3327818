namespace CiCost.Domain.Funding;

/// <summary>What changes a prepaid balance (accounting.md, 10): opening + purchases - applied - refunded - expired = closing.</summary>
public enum PrepaidChange
{
    /// <summary>A declared balance of a commitment that was bought before the books begin.</summary>
    Opening = 0,

    /// <summary>Bought.</summary>
    Purchase = 1,

    /// <summary>Used; below zero where use was taken back.</summary>
    Applied = 2,

    /// <summary>Given back, of what was unused.</summary>
    Refunded = 3,

    /// <summary>Left when the commitment ended; below zero where that was given back after all.</summary>
    Expired = 4,

    /// <summary>Given back beyond what was unused: it reverses what was given when it was used, and is no part of the balance.</summary>
    RefundedBeyond = 5,
}

/// <summary>A change of what is paid ahead for a commitment.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="CommitmentId">The commitment.</param>
/// <param name="PayerAccount">The account that bought it.</param>
/// <param name="Change">What happened.</param>
/// <param name="Funder">Whose money it is.</param>
/// <param name="Nanos">How much, in the direction of the change's name.</param>
public sealed record PrepaidMovement(
    string Currency, string CommitmentId, string PayerAccount, PrepaidChange Change, Funder Funder, Int128 Nanos)
{
    /// <summary>What it adds to the balance, in nanos.</summary>
    public Int128 BalanceNanos => Change switch
    {
        PrepaidChange.Opening or PrepaidChange.Purchase => Nanos,
        PrepaidChange.RefundedBeyond => 0,
        _ => -Nanos,
    };
}

/// <summary>
/// A change, posted now, of who gave what was used in an earlier month: a refund beyond the unused balance reverses it, a purchase after its
/// use settles it. The settlements of a cell add up to zero.
/// </summary>
/// <param name="PayerAccount">The account that used it; null for an unknown one.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="CellKey">The cell of the month that used it.</param>
/// <param name="UsedMonthIndex">That month.</param>
/// <param name="Funder">Who gave more, or less.</param>
/// <param name="Nanos">How much.</param>
public sealed record Settlement(string? PayerAccount, string Currency, string CellKey, int UsedMonthIndex, Funder Funder, Int128 Nanos);

/// <summary>The balance of a commitment that was bought before the books begin.</summary>
/// <param name="CommitmentId">The commitment.</param>
/// <param name="PayerAccount">The account that bought it.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="MonthIndex">The month at whose beginning it is the balance.</param>
/// <param name="Parts">Whose money it is.</param>
public sealed record OpeningBalance(
    string CommitmentId, string PayerAccount, string Currency, int MonthIndex, IReadOnlyList<(Funder Funder, Int128 Nanos)> Parts);

/// <summary>What the policy knows of commitments and no bill says.</summary>
public sealed record PrepaidTerms
{
    /// <summary>Nothing.</summary>
    public static PrepaidTerms None { get; } = new();

    /// <summary>Balances of commitments that were bought before the books begin.</summary>
    public IReadOnlyList<OpeningBalance> Openings { get; init; } = [];

    /// <summary>The last month of a commitment, by its id: what is left after it is expired.</summary>
    public IReadOnlyDictionary<string, int> LastMonths { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);
}

/// <summary>The funding of a charge month.</summary>
/// <param name="Accounts">Its payer months, in the order in which they were given.</param>
/// <param name="Movements">How what is paid ahead changed.</param>
/// <param name="Settlements">What is decided now about earlier use.</param>
public sealed record MonthFunding(
    IReadOnlyList<FundedMonth> Accounts, IReadOnlyList<PrepaidMovement> Movements, IReadOnlyList<Settlement> Settlements);
