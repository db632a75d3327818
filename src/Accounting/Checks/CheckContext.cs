using CiCost.Accounting.Checks.Deep;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Freshness;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Jobs;
using CiCost.Accounting.Policies;
using CiCost.Accounting.Reconciliation;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Evidence;

namespace CiCost.Accounting.Checks;

/// <summary>What a check looks at: one book version, all scopes or those of some billing periods.</summary>
public sealed class CheckContext
{
    private readonly Lazy<CostCube> _cube;
    private readonly Lazy<FundingAnswer?> _funding;
    private readonly Lazy<CostCube> _charges;
    private readonly Lazy<IReadOnlyList<TieOut>> _tieOuts;
    private readonly Lazy<MonthAssessment> _months;
    private readonly Dictionary<BillingMonth, IReadOnlyList<JobHours>> _hours = [];
    private readonly Lazy<ReplayOutcome> _replay;
    private readonly ReadJobHours _jobHours;
    private readonly bool _isNewest;

    /// <summary>Makes the context of a book version.</summary>
    /// <param name="books">The books.</param>
    /// <param name="policies">Their policies.</param>
    /// <param name="month">Only the scopes of this billing period; null for all.</param>
    /// <param name="version">The book version; null for the newest.</param>
    /// <param name="deep">Reads raw objects again, for the checks that do; null without them.</param>
    public CheckContext(Books books, PolicyShelf policies, BillingMonth? month, BookVersion? version = null, ReplayBooks? deep = null)
    {
        ArgumentNullException.ThrowIfNull(books);
        ArgumentNullException.ThrowIfNull(policies);
        Books = books;
        Policies = policies;
        Month = month;
        _replay = new Lazy<ReplayOutcome>(() => deep?.Run() ?? throw new InvalidOperationException("This run reads no raw object."));
        var newest = new BookVersionDirectory(books).AsOf(null);
        Version = version ?? newest;
        _isNewest = Version.Id == newest.Id;
        Scopes = [.. new CostCellReader(books).Scopes(Version).Where(s => month is null || s.BillingMonth == month)];
        Audit = new AuditReader(books);
        _jobHours = new ReadJobHours(books, policies);
        var (from, to) = Scopes.Count == 0
            ? (BillingMonth.FromIndex(0), BillingMonth.FromIndex(0))
            : (Scopes.Min(s => s.BillingMonth), Scopes.Max(s => s.BillingMonth));
        _cube = new Lazy<CostCube>(() => CostCube.Read(books, policies, Version, TimeAxis.Billing, from, to, byDay: false));
        _charges = new Lazy<CostCube>(() => CostCube.Read(
            books, policies, Version, TimeAxis.Charge, BillingMonth.FromIndex(0), month ?? LastMonth, byDay: false));
        _funding = new Lazy<FundingAnswer?>(Fund);
        _months = new Lazy<MonthAssessment>(() => new AssessMonths(books, Policy.Set).Run(month, Version));
        _tieOuts = new Lazy<IReadOnlyList<TieOut>>(() => [.. TieOutsOf(new EvidenceStore(books))]);
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
    /// <exception cref="BooksException">Its text was changed.</exception>
    public ShelvedPolicy Policy => Policies.Get(Version.RuleSetId);

    /// <summary>The scopes and their current deliveries.</summary>
    public IReadOnlyList<ScopeState> Scopes { get; }

    /// <summary>What reading all raw objects again found; read once, by the first check that asks.</summary>
    public ReplayOutcome Replay => _replay.Value;

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

    /// <summary>The tie-outs of the scopes' billing periods, those without a control figure included.</summary>
    public IReadOnlyList<TieOut> TieOuts => _tieOuts.Value;

    /// <summary>Which ended months lack something.</summary>
    public MonthAssessment Months => _months.Value;

    /// <summary>Lines are removed once their delivery is superseded: an older book version may have the rollup only.</summary>
    public bool HasLines(ScopeState scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _isNewest || !new DeliveryDirectory(Books).Get(scope.DeliveryId).IsPruned;
    }

    /// <summary>The hours of a month's job runs.</summary>
    public IReadOnlyList<JobHours> HoursOf(BillingMonth month)
    {
        if (!_hours.TryGetValue(month, out var hours))
        {
            _hours.Add(month, hours = _jobHours.Run(month));
        }

        return hours;
    }

    private IEnumerable<TieOut> TieOutsOf(EvidenceStore store) => Scopes.Select(s => s.BillingMonth).Distinct().Order()
        .SelectMany(month => ReconcileMonth.TieOuts(month, BilledCells.Of(Cube, month).Cells, store.Figures(month, Version)));
}
