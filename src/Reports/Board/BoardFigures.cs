using CiCost.Accounting.Costs;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Accounting.Statements;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;
using CiCost.Policy;

namespace CiCost.Reports.Board;

/// <summary>What all parts of a board report are built from: one read of the books, cents already divided.</summary>
internal sealed class BoardFigures
{
    /// <summary>The currency of the report; other currencies are named in the notes.</summary>
    public const string Currency = "USD";

    /// <summary>The name of amounts that nobody is known to pay.</summary>
    public const string Unfunded = "Unfunded";

    private const string Others = "Others";
    private const int MostFunders = 3;

    public BoardFigures(FundingAnswer funding, StatementAnswer statement, BridgeAnswer bridge, IReadOnlyList<BillingMonth> months)
    {
        (Funding, Statement, Bridge, Months) = (funding, statement, bridge, months);
        Policy = funding.Policy;
        Cells = PresentationCube.Of(funding.Cells.Where(c => c.Currency == Currency));
        OfMonth = [.. Cells.Where(c => c.ChargeMonthIndex == Month.Index)];
        OfMonthBefore = [.. Cells.Where(c => c.ChargeMonthIndex == Month.Index - 1)];
        TopFunders =
        [
            .. OfMonth.Where(c => c.Kind != FundingKind.Unfunded).GroupBy(c => c.Organisation, StringComparer.Ordinal)
                .OrderByDescending(g => g.Sum(c => c.Cents)).ThenBy(g => g.Key, StringComparer.Ordinal)
                .Take(MostFunders).Select(g => g.Key),
        ];
    }

    public FundingAnswer Funding { get; }

    public StatementAnswer Statement { get; }

    public BridgeAnswer Bridge { get; }

    /// <summary>The months of the trend; the report's own is the last.</summary>
    public IReadOnlyList<BillingMonth> Months { get; }

    public BillingMonth Month => Months[^1];

    public PolicySet Policy { get; }

    /// <summary>All cells in US dollars.</summary>
    public IReadOnlyList<PresentationCell> Cells { get; }

    public IReadOnlyList<PresentationCell> OfMonth { get; }

    public IReadOnlyList<PresentationCell> OfMonthBefore { get; }

    /// <summary>The funders that have a series of their own, largest first.</summary>
    public IReadOnlyList<string> TopFunders { get; }

    public long TotalCents => OfMonth.Sum(c => c.Cents);

    public long PreviousCents => OfMonthBefore.Sum(c => c.Cents);

    public bool HasPrevious => Months.Count > 1;

    /// <summary>An organisation's name on pages.</summary>
    public string NameOf(string organisation) => organisation == FundingKinds.Unfunded
        ? Unfunded
        : Policy.Organisations.FirstOrDefault(o => o.Id == organisation)?.Name ?? organisation;

    /// <summary>The series that a funder belongs to.</summary>
    public string GroupOf(string organisation) => organisation == FundingKinds.Unfunded ? Unfunded
        : TopFunders.Contains(organisation) ? NameOf(organisation) : Others;

    /// <summary>An architecture's name on pages; rounding stays with what is no machine.</summary>
    public string ArchitectureName(string id) => id == AttributionResult.Unattributed ? "Not attributed"
        : Policy.Architectures.FirstOrDefault(a => a.Id == (id == AttributionResult.Rounding ? "none" : id))?.Name ?? id;

    /// <summary>A project's name on pages.</summary>
    public string ProjectName(string? id) => id is null or AttributionResult.Rounding ? "No project"
        : Policy.Projects.FirstOrDefault(p => p.Id == id)?.Name ?? id;

    /// <summary>The display name of a source's domain.</summary>
    public string SourceName(string source)
    {
        var domain = Policy.CoverageEntries.FirstOrDefault(e => e.LedgerSource == source)?.Domain;
        return Policy.Domains.FirstOrDefault(d => d.Id == domain)?.Name ?? source;
    }
}
