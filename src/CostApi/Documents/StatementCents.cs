using CiCost.Accounting.Presentation;
using CiCost.Accounting.Statements;
using CiCost.Domain.Funding;
using CiCost.Domain.Sharing;

namespace CiCost.CostApi.Documents;

/// <summary>
/// A statement in cents that foots in every direction: given comes from the presentation cube, so that an organisation has one figure
/// everywhere; excluded, directed and shared are cut by largest remainder; shared takes what is left of given, so that the net positions
/// add up to zero in cents as they do in nanos (accounting.md, 9 and 12).
/// </summary>
internal sealed class StatementCents
{
    private readonly Dictionary<(string Organisation, FundingKind Kind), long> _given;
    private readonly Dictionary<string, long> _excluded;
    private readonly Dictionary<string, long> _directed;
    private readonly Dictionary<string, long> _shared;

    public StatementCents(StatementAnswer answer)
    {
        var point = answer.Point;
        _given = PresentationCube.Of(answer.Funding.Cells.Where(c => c.Currency == point.Policy.Currency))
            .GroupBy(c => (c.Organisation, c.Kind)).ToDictionary(g => g.Key, g => g.Sum(c => c.Cents));
        _excluded = Cut(point, r => r.ExcludedNanos, null);
        _directed = Cut(point, r => r.DirectedNanos, null);
        _shared = Cut(point, r => r.SharedNanos, _given.Values.Sum() - _excluded.Values.Sum() - _directed.Values.Sum());
    }

    public long Given(string organisation, FundingKind kind) => _given.GetValueOrDefault((organisation, kind));

    public long Given(string organisation) => _given.Where(g => g.Key.Organisation == organisation).Sum(g => g.Value);

    public long Excluded(string organisation) => _excluded[organisation];

    public long Directed(string organisation) => _directed[organisation];

    public long Shared(string organisation) => _shared[organisation];

    public long Net(string organisation) =>
        Given(organisation) - Excluded(organisation) - Directed(organisation) - Shared(organisation);

    public long PoolTotal => _shared.Values.Sum();

    public long DirectedTotal => _directed.Values.Sum();

    public long ExcludedTotal => _excluded.Values.Sum();

    public long ConsumptionTotal => _given.Values.Sum();

    /// <summary>A column in cents. A cent that three separately rounded totals leave goes to the largest part.</summary>
    private static Dictionary<string, long> Cut(SplitStatement statement, Func<StatementRow, Int128> column, long? total)
    {
        var nanos = statement.Rows.Select(column).ToList();
        var cents = PresentationCube.CentsOf(nanos);
        if (total is { } wanted && wanted != cents.Sum())
        {
            var largest = Enumerable.Range(0, nanos.Count).MaxBy(i => Int128.Abs(nanos[i]));
            cents[largest] += wanted - cents.Sum();
        }

        return statement.Rows.Select((r, i) => (r.Organisation, Cents: cents[i])).ToDictionary(r => r.Organisation, r => r.Cents);
    }
}
