using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Explain;
using CiCost.Accounting.Freshness;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Policies;
using CiCost.Accounting.Reconciliation;
using CiCost.Accounting.Statements;
using CiCost.CostIngest.Formats;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Hosting;

/// <summary>The use cases over open books, those that commands use. Only the schedule and what it runs writes.</summary>
internal sealed class OpenBooks : IDisposable
{
    private readonly Books _books;
    private readonly PolicyShelf _policies;
    private readonly BookDeliveryOptions _options;

    public OpenBooks(Books books, BookDeliveryOptions options, TimeSpan checkPatience)
    {
        _books = books;
        _options = options;
        _policies = new PolicyShelf(books);
        Costs = new QueryCosts(books, _policies);
        Funding = new FundConsumption(Costs);
        Statements = new StateMonth(Funding);
        Bridge = new BuildBridge(Costs);
        Versions = new BookVersionDirectory(books);
        Deliveries = new DeliveryDirectory(books);
        Differences = new DeliveryDifferences(books);
        Reconciliation = new ReconcileMonth(books, Costs);
        Sources = new AssessSources(books, _policies);
        Runs = new SourceRunDirectory(books);
        Checks = new CheckBoard(books, _policies, checkPatience);
    }

    public Books Books => _books;

    public QueryCosts Costs { get; }

    public FundConsumption Funding { get; }

    public StateMonth Statements { get; }

    public BuildBridge Bridge { get; }

    public BookVersionDirectory Versions { get; }

    public DeliveryDirectory Deliveries { get; }

    public DeliveryDifferences Differences { get; }

    public ReconcileMonth Reconciliation { get; }

    public AssessSources Sources { get; }

    public SourceRunDirectory Runs { get; }

    public CheckBoard Checks { get; }

    public BookDelivery BookDelivery() => new(_books, _policies, LineFormats.All(), LineFormats.Jobs(), _options);

    public ExplainFigure ExplainFigure() => new(_books, Costs, Reread());

    public ExplainRow ExplainRow() => new(_books, _policies, LineFormats.All(), Reread(), _options);

    /// <summary>The scopes of the newest book version.</summary>
    public IReadOnlyList<Ledger.Costs.ScopeState> Scopes(BookVersion version) => new Ledger.Costs.CostCellReader(_books).Scopes(version);

    public void Dispose() => _books.Dispose();

    private RereadLines Reread() => new(_books, _policies, LineFormats.All(), _options);
}
