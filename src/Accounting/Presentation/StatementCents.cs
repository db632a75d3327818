using CiCost.Accounting.Funding;
using CiCost.Accounting.Statements;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Sharing;

namespace CiCost.Accounting.Presentation;

/// <summary>
/// A statement in cents that foots in every direction, the same in a terminal, the report and the API: given comes from the presentation
/// cube, so that an organisation has one figure everywhere; what it gave is cut by largest remainder into excluded, directed and common;
/// the shares are cut against all that is common, so that the net positions add up to zero in cents as they do in nanos
/// (accounting.md, 9 and 12).
/// </summary>
public sealed class StatementCents
{
    private readonly Dictionary<(string Organisation, FundingKind Kind), long> _given;
    private readonly Dictionary<string, long> _paidAhead;
    private readonly Dictionary<string, long> _used;
    private readonly Dictionary<string, long> _excluded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _directed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _shared;
    private readonly IReadOnlyDictionary<string, long> _excludedBy;
    private readonly bool _hasUnknownBeneficiary;
    private readonly HashSet<string> _unknownDirected;

    /// <summary>Cuts a statement.</summary>
    public StatementCents(StatementAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var point = answer.Point;
        var cells = answer.Funding.Cells.Where(c => c.Currency == point.Policy.Currency).ToList();
        var shown = PresentationCube.Of(cells).ToLookup(c => c.Kind.IsContribution());
        _given = shown[true].GroupBy(c => (c.Organisation, c.Kind)).ToDictionary(g => g.Key, g => g.Sum(c => c.Cents));
        FreeTerms = shown[false].Sum(c => c.Cents);
        _paidAhead = answer.Funding.PaidAhead.Where(p => p.Currency == point.Policy.Currency).GroupBy(p => p.Funder.Organisation)
            .ToDictionary(g => g.Key, g => g.Sum(p => PresentationCube.RoundHalfEven(p.Nanos)), StringComparer.Ordinal);
        _used = Cut(point, r => r.UsedNanos, null);
        foreach (var row in point.Rows)
        {
            var parts = PresentationCube.CentsOf(
                [row.ExcludedNanos, row.DirectedNanos, row.TotalGivenNanos - row.ExcludedNanos - row.DirectedNanos], Given(row.Organisation));
            (_excluded[row.Organisation], _directed[row.Organisation]) = (parts[0], parts[1]);
        }

        _excludedBy = point.Excluded.IsEmpty ? new Dictionary<string, long>()
            : PresentationCube.CentsOf(point.Excluded.Select(e => (e.Id, e.Nanos)), ExcludedTotal);
        _shared = Cut(point, r => r.SharedNanos, ConsumptionTotal - FreeTerms - ExcludedTotal - DirectedTotal);
        var pool = PresentationCube.CentsOf([point.CommonDirectNanos, point.CommonOverheadNanos, point.ReservedNanos], PoolTotal);
        (CommonDirect, CommonOverhead, Reserved) = (pool[0], pool[1], pool[2]);
        _hasUnknownBeneficiary = cells.Any(c => c.Nanos != 0 && !HasBeneficiary(c));
        _unknownDirected = cells.Where(c => c.Nanos != 0).GroupBy(c => c.Funder.Organisation)
            .Where(g => !g.Any(HasBeneficiary)).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Direct cost that is shared.</summary>
    public long CommonDirect { get; }

    /// <summary>Overhead that is shared.</summary>
    public long CommonOverhead { get; }

    /// <summary>Reserved capacity that nobody used: the share of who reserved it.</summary>
    public long Reserved { get; }

    /// <summary>What providers give to anybody: a memo, outside given, pool and net.</summary>
    public long FreeTerms { get; }

    /// <summary>All shares together.</summary>
    public long PoolTotal => _shared.Values.Sum();

    /// <summary>All that is for the funders' own work.</summary>
    public long DirectedTotal => _directed.Values.Sum();

    /// <summary>All that is not shared.</summary>
    public long ExcludedTotal => _excluded.Values.Sum();

    /// <summary>All that was consumed: what was given, and free terms.</summary>
    public long ConsumptionTotal => _given.Values.Sum() + FreeTerms;

    /// <summary>What an organisation gave of a kind.</summary>
    public long Given(string organisation, FundingKind kind) => _given.GetValueOrDefault((organisation, kind));

    /// <summary>What an organisation gave, all kinds.</summary>
    public long Given(string organisation) => _given.Where(g => g.Key.Organisation == organisation).Sum(g => g.Value);

    /// <summary>What it paid ahead for later use.</summary>
    public long PaidAhead(string organisation) => _paidAhead.GetValueOrDefault(organisation);

    /// <summary>Consumption whose beneficiary it is; null while part of the consumption has no beneficiary that a rule knows and none of
    /// the rest is its own: then it is not known (accounting.md, 12).</summary>
    public long? Used(string organisation) =>
        _used.TryGetValue(organisation, out var used) ? used : _hasUnknownBeneficiary ? null : 0;

    /// <summary>Of the consumption: what a named exclusion takes.</summary>
    public long ExcludedBy(string id) => _excludedBy.GetValueOrDefault(id);

    /// <summary>Of what it gave: not shared.</summary>
    public long Excluded(string organisation) => _excluded.GetValueOrDefault(organisation);

    /// <summary>Of what it gave: for its own work; 0 also where the beneficiary is not known, see <see cref="KnowsDirected"/>.</summary>
    public long Directed(string organisation) => _directed.GetValueOrDefault(organisation);

    /// <summary>Is what it gave for its own work known? Not while no rule names a beneficiary of anything that it gave.</summary>
    public bool KnowsDirected(string organisation) => !_unknownDirected.Contains(organisation);

    /// <summary>Its part of the pool.</summary>
    public long Shared(string organisation) => _shared.GetValueOrDefault(organisation);

    /// <summary>Given minus excluded, directed and shared.</summary>
    public long Net(string organisation) =>
        Given(organisation) - Excluded(organisation) - Directed(organisation) - Shared(organisation);

    /// <summary>Rounding lines stand outside all rules: they are nobody's work.</summary>
    private static bool HasBeneficiary(FundedCell cell) => cell[AttributeName.Beneficiary] is not (null or AttributionResult.Rounding);

    /// <summary>A column by largest remainder against its total; an organisation that has nothing takes no cent.</summary>
    private static Dictionary<string, long> Cut(SplitStatement statement, Func<StatementRow, Int128> column, long? total)
    {
        var rows = statement.Rows.Where(r => column(r) != 0).ToList();
        Int128[] nanos = [.. rows.Select(column)];
        var cents = rows.Count > 0 && total is { } printed ? PresentationCube.CentsOf(nanos, printed) : PresentationCube.CentsOf(nanos);
        return rows.Select((r, i) => (r.Organisation, Cents: cents[i])).ToDictionary(r => r.Organisation, r => r.Cents, StringComparer.Ordinal);
    }
}
