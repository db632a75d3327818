using System.Collections.Immutable;
using CiCost.Domain.Allocation;
using CiCost.Domain.Funding;

namespace CiCost.Domain.Sharing;

/// <summary>The rows of a statement while it is made.</summary>
internal sealed class StatementRows
{
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    public Row Of(string organisation)
    {
        if (!_rows.TryGetValue(organisation, out var row))
        {
            _rows.Add(organisation, row = new Row());
        }

        return row;
    }

    public void Give(Funder funder, Int128 nanos)
    {
        var given = Of(funder.Organisation).Given;
        given[funder.Kind] = given.GetValueOrDefault(funder.Kind) + nanos;
    }

    /// <summary>Organisations in order of their ids, then Unallocated, then Unfunded.</summary>
    public ImmutableArray<StatementRow> Build() =>
    [
        .. _rows.OrderBy(r => r.Key switch { Allocator.Unallocated => 1, FundingKinds.Unfunded => 2, _ => 0 }).Select(r => new StatementRow
        {
            Organisation = r.Key,
            GivenNanos = r.Value.Given.ToImmutableSortedDictionary(),
            PaidAheadNanos = r.Value.PaidAhead,
            UsedNanos = r.Value.Used,
            ExcludedNanos = r.Value.Excluded,
            DirectedNanos = r.Value.Directed,
            SharedNanos = r.Value.Shared,
        }),
    ];

    internal sealed class Row
    {
        public Dictionary<FundingKind, Int128> Given { get; } = [];

        public Int128 PaidAhead { get; set; }

        public Int128 Used { get; set; }

        public Int128 Excluded { get; set; }

        public Int128 Directed { get; set; }

        public Int128 Shared { get; set; }
    }
}
