namespace CiCost.Reports.Models;

/// <summary>
/// All that the board report shows. Money is whole cents, already divided so that everything foots (accounting.md, 9): the page adds
/// nothing up, and totals are given, not computed, so that <see cref="Footing"/> compares two things and not one with itself.
/// </summary>
public sealed record BoardReport
{
    /// <summary>Title, status, seal, book version.</summary>
    public required ReportHead Head { get; init; }

    /// <summary>The finding, in about three lines.</summary>
    public required string Lead { get; init; }

    /// <summary>Up to four headline figures.</summary>
    public required IReadOnlyList<Kpi> Kpis { get; init; }

    /// <summary>Twelve months by funder.</summary>
    public required Trend Trend { get; init; }

    /// <summary>Decide, watch, open.</summary>
    public required BoardPoints ForTheBoard { get; init; }

    /// <summary>Cost by architecture.</summary>
    public required ArchitectureCosts Architectures { get; init; }

    /// <summary>Funding by organisation.</summary>
    public required FundingByOrganisation Funding { get; init; }

    /// <summary>What was given in other currencies; empty for none.</summary>
    public IReadOnlyList<OtherCurrency> OtherCurrencies { get; init; } = [];

    /// <summary>Cost sharing.</summary>
    public required CostSharing Sharing { get; init; }

    /// <summary>The same under another proposal, which stands beside it; null where there is none, or the policy is agreed.</summary>
    public CostSharing? SharingBeside { get; init; }

    /// <summary>From funder to project.</summary>
    public required FunderFlow Flow { get; init; }

    /// <summary>From list usage to payable.</summary>
    public required BridgeBySource Bridge { get; init; }

    /// <summary>Twelve months of run time.</summary>
    public required RuntimeHours Hours { get; init; }

    /// <summary>How far the numbers can be trusted.</summary>
    public required IReadOnlyList<SourceCoverage> Sources { get; init; }

    /// <summary>The checks of the books.</summary>
    public required IReadOnlyList<ReportCheck> Checks { get; init; }

    /// <summary>What words mean.</summary>
    public required IReadOnlyList<ReportTerm> Terms { get; init; }

    /// <summary>Known gaps and remarks, one sentence or two each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
