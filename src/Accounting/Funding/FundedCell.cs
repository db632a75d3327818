using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;

namespace CiCost.Accounting.Funding;

/// <summary>A consumed amount with its meaning and its funder: what every table of who paid is a sum of.</summary>
/// <param name="Source">The source.</param>
/// <param name="ChargeMonthIndex">The charge month.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Basis">How sure it is.</param>
/// <param name="Attributes">One value per <see cref="AttributeName"/>; null is Unattributed.</param>
/// <param name="Funder">Who pays, and with what.</param>
/// <param name="Nanos">The amount.</param>
public sealed record FundedCell(
    string Source,
    int ChargeMonthIndex,
    string Currency,
    CostBasis Basis,
    ImmutableArray<string?> Attributes,
    Funder Funder,
    Int128 Nanos)
{
    /// <summary>An attribute's value, or null.</summary>
    public string? this[AttributeName attribute] => Attributes[(int)attribute];

    /// <summary>The organisation whose account reserved the capacity, where nobody used it; null for what was used.</summary>
    public string? ReservedBy { get; init; }

    /// <summary>What it means, whoever pays for it.</summary>
    public string MeaningKey => string.Join('\u001f', Source, ChargeMonthIndex, Currency, Basis, string.Join('\u001e', Attributes), ReservedBy);

    /// <summary>Stable and unique among the funded cells of one answer.</summary>
    public string Key => $"{MeaningKey}\u001f{Funder.Key}";
}

/// <summary>What was paid ahead in a month, or drawn above what was consumed.</summary>
/// <param name="ChargeMonthIndex">The charge month.</param>
/// <param name="PayerAccount">The account.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Subject">The commitment, or the grant.</param>
/// <param name="Funder">Who.</param>
/// <param name="Nanos">How much.</param>
public sealed record FundingEntry(
    int ChargeMonthIndex,
    string PayerAccount,
    string Currency,
    string Subject,
    Funder Funder,
    Int128 Nanos);
