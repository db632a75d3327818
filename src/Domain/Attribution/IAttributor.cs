using CiCost.Domain.Lines;

namespace CiCost.Domain.Attribution;

/// <summary>Attributes dimension sets by the ordered, dated rules of one rule set.</summary>
public interface IAttributor
{
    /// <summary>The attributions of a set: adjacent intervals over all days, neighbours with equal results joined.</summary>
    IReadOnlyList<DatedAttribution> Attribute(DimensionSet set);
}

/// <summary>What a source is for a domain on a charge day (accounting.md, 4).</summary>
public enum SourceStanding
{
    /// <summary>The one source whose lines count.</summary>
    Ledger = 0,

    /// <summary>Booked apart, never summed: for reconciliation and weights.</summary>
    Evidence = 1,

    /// <summary>
    /// The coverage table names no ledger source for the domain on that day, and the source is that of the nearest earlier entry, else of
    /// the nearest later one. The lines count, and a check fails.
    /// </summary>
    Uncovered = 2,

    /// <summary>As <see cref="Uncovered"/>, and the source is another: its lines do not count, even where the chosen source has none.</summary>
    UncoveredEvidence = 3,
}

/// <summary>What follows from a standing.</summary>
public static class SourceStandings
{
    /// <summary>Are the source's lines in the figures?</summary>
    public static bool Counts(this SourceStanding standing) => standing is SourceStanding.Ledger or SourceStanding.Uncovered;
}

/// <summary>The coverage table: which source is the ledger source of a domain on a charge day.</summary>
public interface ICoverage
{
    /// <summary>The standing and the basis of a source's lines.</summary>
    /// <param name="domain">
    /// The domain; null when unattributed, which is <see cref="SourceStanding.Ledger"/>: it counts, and shows as Unattributed.
    /// </param>
    /// <param name="source">The source's key.</param>
    /// <param name="chargeDay">Days since 1970-01-01.</param>
    (SourceStanding Standing, CostBasis Basis) Resolve(string? domain, string source, int chargeDay);

    /// <summary>The charge days at which any answer for this domain and source changes, ascending; empty when it never does.</summary>
    IReadOnlyList<int> ChangeDays(string? domain, string source);
}

/// <summary>How sure a number is (accounting.md, 5).</summary>
public enum CostBasis
{
    /// <summary>Ties to an issued invoice.</summary>
    Invoiced = 0,

    /// <summary>From a bill that is not tied to an invoice yet.</summary>
    Billed = 1,

    /// <summary>Computed from usage and prices.</summary>
    Estimated = 2,

    /// <summary>As the donor states it.</summary>
    DonorStated = 3,

    /// <summary>Taken over from an earlier period.</summary>
    CarriedForward = 4,
}
