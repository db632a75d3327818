using System.Collections.Immutable;
using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;

namespace CiCost.Domain.Sharing;

/// <summary>The rows of a statement while it is made.</summary>
internal sealed class StatementRows
{
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ExcludedAmount> _excluded = new(StringComparer.Ordinal);

    public IEnumerable<ExcludedAmount> Excluded => _excluded.Values;

    public Int128 DirectedNanos => _rows.Values.Aggregate((Int128)0, (sum, r) => sum + r.Directed);

    public Int128 ReservedNanos { get; set; }

    public Int128 FreeTermsNanos { get; set; }

    public Row Of(string organisation)
    {
        if (!_rows.TryGetValue(organisation, out var row))
        {
            _rows.Add(organisation, row = new Row());
        }

        return row;
    }

    /// <summary>Who gives a cell, and who uses it.</summary>
    public void Take(SharedCell cell)
    {
        if (cell.Funder.IsContribution)
        {
            var given = Of(cell.Funder.Organisation).Given;
            given[cell.Funder.Kind] = given.GetValueOrDefault(cell.Funder.Kind) + cell.Nanos;
        }

        if (cell[AttributeName.Beneficiary] is { } beneficiary)
        {
            Of(beneficiary).Used += cell.Nanos;
        }
    }

    /// <summary>What is not shared stays with who gave it.</summary>
    public void Exclude(string id, string reason, SharedCell cell, Int128 nanos)
    {
        if (nanos == 0)
        {
            return;
        }

        var before = _excluded.GetValueOrDefault(id) ?? new ExcludedAmount(id, reason, 0);
        _excluded[id] = before with { Nanos = before.Nanos + nanos };
        Of(cell.Funder.Organisation).Excluded += nanos;
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
