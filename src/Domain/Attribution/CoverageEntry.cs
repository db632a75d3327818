using System.Collections.Immutable;

namespace CiCost.Domain.Attribution;

/// <summary>A source that is kept for reconciliation and weights, and is never summed.</summary>
/// <param name="Source">The source's key.</param>
/// <param name="Basis">How sure its numbers are.</param>
public sealed record EvidenceSource(string Source, CostBasis Basis);

/// <summary>Which source is the ledger source of a domain during some charge days.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="FromDay">The first charge day, in days since 1970-01-01; <see cref="int.MinValue"/> for "always".</param>
/// <param name="ToDay">The first charge day that it no longer holds for; <see cref="int.MaxValue"/> for "still".</param>
/// <param name="LedgerSource">The key of the one source whose lines count.</param>
/// <param name="LedgerBasis">How sure its numbers are before they are tied to an invoice.</param>
/// <param name="Evidence">The other sources of the domain.</param>
public sealed record CoverageEntry(
    string Domain, int FromDay, int ToDay, string LedgerSource, CostBasis LedgerBasis, ImmutableArray<EvidenceSource> Evidence)
{
    /// <summary>True when the ledger source is made from job runs and rates, because there is no bill.</summary>
    public bool IsValuedFromJobs { get; init; }

    /// <summary>How often the ledger source delivers.</summary>
    public Cadence Cadence { get; init; } = Cadence.Monthly;

    /// <summary>How many days after its end a month may still lack what the cadence asks for; from 0 to 366.</summary>
    public int FinalAfterDays { get; init; } = DefaultFinalAfterDays;

    /// <summary>The days without a word in the policy.</summary>
    public const int DefaultFinalAfterDays = 5;

    /// <summary>Is the entry in effect on this day?</summary>
    public bool Covers(int day) => FromDay <= day && day < ToDay;
}
