using CiCost.Accounting.Presentation;
using CiCost.Reports.Models;

namespace CiCost.Reports.Formatting;

/// <summary>An amount with its range, in a unit.</summary>
/// <param name="Point">The amount.</param>
/// <param name="Low">The lowest, rounded down.</param>
/// <param name="High">The highest, rounded up.</param>
public sealed record RangedSteps(long Point, long Low, long High);

/// <summary>What a policy makes of a row, in a unit: contributed - not accepted - directed - prior period - share = above or below.</summary>
/// <param name="NotAccepted">Of what it gave: not shared.</param>
/// <param name="Directed">Of what it gave: for its own work.</param>
/// <param name="PriorPeriod">Corrections of sealed months.</param>
/// <param name="Share">Its part of the pool.</param>
/// <param name="Above">Above its share; below where negative.</param>
public sealed record SharedSteps(long NotAccepted, long Directed, long PriorPeriod, long Share, RangedSteps Above);

/// <summary>
/// A sharing table in its unit, under one policy or under two beside each other. It foots in the unit as it does in cents: what was
/// contributed is cut against its total, each row into what is not accepted, directed, corrected and common, the shares against all that is
/// common; so what stands above or below adds up to zero.
/// </summary>
public sealed class SharingInUnit
{
    private readonly Dictionary<string, RangedSteps> _contributed = new(StringComparer.Ordinal);
    private readonly List<Dictionary<string, SharedSteps>> _under = [];

    /// <summary>Cuts a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="beside">The same month under another policy; null for none.</param>
    public SharingInUnit(CostSharing table, CostSharing? beside)
    {
        ArgumentNullException.ThrowIfNull(table);
        Unit = AmountUnits.Of(table.IsIndicative, table.Total.Given.Cents);
        Tables = beside is null ? [table] : [table, beside];

        // A policy may name organisations that the other does not.
        Rows =
        [
            .. Tables.SelectMany(t => t.Rows).DistinctBy(r => r.Organisation).Select((r, i) => (r, i)).OrderBy(r => r.r.Role).ThenBy(r => r.i)
                .Select(r => r.r),
        ];
        var given = Steps([.. Rows.Select(r => r.Given.Cents)], null);
        for (var i = 0; i < Rows.Count; i++)
        {
            _contributed[Rows[i].Organisation] = Ranged(given[i], Rows[i].Given);
        }

        Contributed = given.Sum();
        _under.AddRange(Tables.Select(Under));
    }

    /// <summary>The unit.</summary>
    public AmountUnit Unit { get; }

    /// <summary>The tables: the report's own, and the one beside it.</summary>
    public IReadOnlyList<CostSharing> Tables { get; }

    /// <summary>Organisations, then what nobody takes and what nobody gives.</summary>
    public IReadOnlyList<SharingRow> Rows { get; }

    /// <summary>All that was contributed.</summary>
    public long Contributed { get; }

    /// <summary>All that was consumed.</summary>
    public long Consumption => PresentationCube.StepsOf([Tables[0].Proof.ConsumptionCents], AmountUnits.CentsOf(Unit))[0];

    /// <summary>What providers give to anybody: consumption that nobody contributed.</summary>
    public long FreeTerms => Tables[0].Proof.FreeTermsCents == 0 ? 0 : Consumption - Contributed;

    /// <summary>What an organisation contributed.</summary>
    public RangedSteps ContributedBy(string organisation) => _contributed[organisation];

    /// <summary>What a policy makes of an organisation.</summary>
    public SharedSteps this[int table, string organisation] => _under[table][organisation];

    /// <summary>The total of a column under a policy.</summary>
    public long Total(int table, Func<SharedSteps, long> column) => _under[table].Values.Sum(column);

    private Dictionary<string, SharedSteps> Under(CostSharing table)
    {
        var rows = table.Rows.ToDictionary(r => r.Organisation, StringComparer.Ordinal);
        var parts = Rows.ToDictionary(r => r.Organisation, r => rows.TryGetValue(r.Organisation, out var own)
            ? Steps(
                [
                    own.ExcludedCents, own.DirectedCents, own.PriorPeriodCents,
                    own.Given.Cents - own.ExcludedCents - own.DirectedCents - own.PriorPeriodCents,
                ], _contributed[r.Organisation].Point)
            : [0, 0, 0, _contributed[r.Organisation].Point], StringComparer.Ordinal);
        var shares = Steps([.. Rows.Select(r => rows.GetValueOrDefault(r.Organisation)?.Shared.Cents ?? 0)], parts.Values.Sum(p => p[3]));
        return Rows.Select((r, i) =>
        {
            var own = parts[r.Organisation];
            var net = own[3] - shares[i];
            var range = rows.TryGetValue(r.Organisation, out var row) ? Ranged(net, row.Net) : new RangedSteps(net, net, net);
            return (r.Organisation, Steps: new SharedSteps(own[0], own[1], own[2], shares[i], range));
        }).ToDictionary(r => r.Organisation, r => r.Steps, StringComparer.Ordinal);
    }

    private long[] Steps(long[] cents, long? total)
    {
        Int128[] parts = [.. cents.Select(c => (Int128)c)];
        var step = AmountUnits.CentsOf(Unit);
        return total is { } printed ? PresentationCube.StepsOf(parts, step, printed) : PresentationCube.StepsOf(parts, step);
    }

    private RangedSteps Ranged(long point, RangedAmount amount)
    {
        var step = AmountUnits.CentsOf(Unit);
        var (low, high) = (Floor(amount.LowCents, step), -Floor(-amount.HighCents, step));
        return amount.HasRange ? new RangedSteps(point, Math.Min(point, low), Math.Max(point, high)) : new RangedSteps(point, point, point);
    }

    private static long Floor(long cents, long step) => (cents - (((cents % step) + step) % step)) / step;
}
