using CiCost.Accounting.Costs;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Policies;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;

namespace CiCost.Accounting.Checks;

/// <summary>What a check looks at: one book version, all scopes or those of one billing period.</summary>
public sealed class CheckContext
{
    private readonly Lazy<CostCube> _cube;
    private readonly Lazy<FundingAnswer?> _funding;
    private readonly Lazy<CostCube> _charges;

    /// <summary>Makes the context of the newest book version.</summary>
    public CheckContext(Books books, PolicyShelf policies, BillingMonth? month)
    {
        ArgumentNullException.ThrowIfNull(books);
        ArgumentNullException.ThrowIfNull(policies);
        Books = books;
        Month = month;
        Policies = policies;
        Version = new BookVersionDirectory(books).AsOf(null);
        Policy = policies.Get(Version.RuleSetId);
        Scopes = [.. new CostCellReader(books).Scopes(Version).Where(s => month is null || s.BillingMonth == month)];
        Audit = new AuditReader(books);
        var (from, to) = Scopes.Count == 0
            ? (BillingMonth.FromIndex(0), BillingMonth.FromIndex(0))
            : (Scopes.Min(s => s.BillingMonth), Scopes.Max(s => s.BillingMonth));
        _cube = new Lazy<CostCube>(() => CostCube.Read(books, policies, Version, TimeAxis.Billing, from, to, byDay: false));
        _charges = new Lazy<CostCube>(() => CostCube.Read(
            books, policies, Version, TimeAxis.Charge, BillingMonth.FromIndex(0), month ?? LastMonth, byDay: false));
        _funding = new Lazy<FundingAnswer?>(Fund);
    }

    /// <summary>The books.</summary>
    public Books Books { get; }

    /// <summary>The billing period that was asked for; null for all.</summary>
    public BillingMonth? Month { get; }

    /// <summary>The policies that the books keep.</summary>
    public PolicyShelf Policies { get; }

    /// <summary>The book version.</summary>
    public BookVersion Version { get; }

    /// <summary>Its policy.</summary>
    public ShelvedPolicy Policy { get; }

    /// <summary>The scopes and their current deliveries.</summary>
    public IReadOnlyList<ScopeState> Scopes { get; }

    /// <summary>Facts read past the code that writes them.</summary>
    public AuditReader Audit { get; }

    /// <summary>The attributed cells of the scopes.</summary>
    public CostCube Cube => _cube.Value;

    /// <summary>The attributed cells of all charge months up to the one that is looked at.</summary>
    public CostCube Charges => _charges.Value;

    /// <summary>The funding of these months; null when there are none.</summary>
    public FundingAnswer? Funding => _funding.Value;

    private static BillingMonth LastMonth => new(9998, 12);

    private FundingAnswer? Fund()
    {
        var months = Charges.Cells.Where(c => c.Counts).Select(c => c.ChargeMonthIndex).Distinct().ToList();
        return months.Count == 0 ? null
            : FundConsumption.Run(Charges, BillingMonth.FromIndex(months.Min()), BillingMonth.FromIndex(months.Max()));
    }
}
