using CiCost.Accounting.Statements;
using CiCost.Domain.Funding;
using CiCost.Domain.Sharing;

namespace CiCost.Accounting.Presentation;

/// <summary>
/// A statement in cents that foots in every direction, the same for the report and the API: given comes from the presentation cube, so
/// that an organisation has one figure everywhere; excluded, directed and used are cut by largest remainder; shared is cut against what
/// is left of given, so that the net positions add up to zero in cents as they do in nanos (accounting.md, 9 and 12).
/// </summary>
public sealed class StatementCents
{
    private readonly Dictionary<(string Organisation, FundingKind Kind), long> _given;
    private readonly Dictionary<string, long> _used;
    private readonly Dictionary<string, long> _excluded;
    private readonly Dictionary<string, long> _directed;
    private readonly Dictionary<string, long> _shared;

    /// <summary>Cuts a statement.</summary>
    public StatementCents(StatementAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var point = answer.Point;
        _given = PresentationCube.Of(answer.Funding.Cells.Where(c => c.Currency == point.Policy.Currency))
            .GroupBy(c => (c.Organisation, c.Kind)).ToDictionary(g => g.Key, g => g.Sum(c => c.Cents));
        _used = Cut(point, r => r.UsedNanos, null);
        _excluded = Cut(point, r => r.ExcludedNanos, null);
        _directed = Cut(point, r => r.DirectedNanos, null);
        _shared = Cut(point, r => r.SharedNanos, ConsumptionTotal - ExcludedTotal - DirectedTotal);
    }

    /// <summary>All shares together.</summary>
    public long PoolTotal => _shared.Values.Sum();

    /// <summary>All that is for the funders' own work.</summary>
    public long DirectedTotal => _directed.Values.Sum();

    /// <summary>All that is not shared.</summary>
    public long ExcludedTotal => _excluded.Values.Sum();

    /// <summary>All that was given.</summary>
    public long ConsumptionTotal => _given.Values.Sum();

    /// <summary>What an organisation gave of a kind.</summary>
    public long Given(string organisation, FundingKind kind) => _given.GetValueOrDefault((organisation, kind));

    /// <summary>What an organisation gave, all kinds.</summary>
    public long Given(string organisation) => _given.Where(g => g.Key.Organisation == organisation).Sum(g => g.Value);

    /// <summary>Consumption whose beneficiary it is.</summary>
    public long Used(string organisation) => _used.GetValueOrDefault(organisation);

    /// <summary>Of what it gave: not shared.</summary>
    public long Excluded(string organisation) => _excluded.GetValueOrDefault(organisation);

    /// <summary>Of what it gave: for its own work.</summary>
    public long Directed(string organisation) => _directed.GetValueOrDefault(organisation);

    /// <summary>Its part of the pool.</summary>
    public long Shared(string organisation) => _shared.GetValueOrDefault(organisation);

    /// <summary>Given minus excluded, directed and shared.</summary>
    public long Net(string organisation) =>
        Given(organisation) - Excluded(organisation) - Directed(organisation) - Shared(organisation);

    /// <summary>A column by largest remainder against its total; an organisation that has nothing takes no cent.</summary>
    private static Dictionary<string, long> Cut(SplitStatement statement, Func<StatementRow, Int128> column, long? total)
    {
        var rows = statement.Rows.Where(r => column(r) != 0).ToList();
        Int128[] nanos = [.. rows.Select(column)];
        var cents = rows.Count > 0 && total is { } printed ? PresentationCube.CentsOf(nanos, printed) : PresentationCube.CentsOf(nanos);
        return rows.Select((r, i) => (r.Organisation, Cents: cents[i])).ToDictionary(r => r.Organisation, r => r.Cents, StringComparer.Ordinal);
    }
}
