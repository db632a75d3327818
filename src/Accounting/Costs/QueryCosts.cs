using CiCost.Accounting.Policies;
using CiCost.Accounting.Presentation;
using CiCost.Accounting.Reconciliation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;

namespace CiCost.Accounting.Costs;

/// <summary>
/// Answers questions about costs. Every read resolves its instant to a book version first; cubes are kept per version and range, so that
/// a second question on the same books reads nothing.
/// </summary>
public sealed class QueryCosts(Books books, PolicyShelf policies)
{
    private const int KeptCubes = 6;

    /// <summary>The most cells of all cubes that are kept, a few hundred bytes each: a year by days is not kept.</summary>
    private const long KeptCells = 150_000;

    private readonly Lock _lock = new();
    private readonly List<((long Version, TimeAxis Axis, int From, int To, bool ByDay) Key, CostCube Cube)> _cubes = [];

    /// <summary>Which costs tie to their invoices.</summary>
    public InvoicedCosts Invoiced { get; } = new(books, policies);

    /// <summary>Answers a question.</summary>
    /// <exception cref="BooksException">The books are empty, or a dimension is unknown, or the range is backwards.</exception>
    public CostAnswer Run(CostQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var canonical = Canonical(query);
        var cube = CubeFor(canonical);
        var groups = new Dictionary<CostKey, (Int128 Nanos, long Lines)>();
        var proofs = new SortedDictionary<string, ProofBuilder>(StringComparer.Ordinal);
        var required = RequiredAttributes(canonical, cube);
        foreach (var cell in Matching(cube, canonical))
        {
            if (!proofs.TryGetValue(cell.Currency, out var proof))
            {
                proofs.Add(cell.Currency, proof = new ProofBuilder());
            }

            var nanos = cell.Nanos(canonical.Metric);
            if (!cell.Counts)
            {
                proof.Evidence += nanos;
                continue;
            }

            if (!cell.BelongsTo(canonical.Metric))
            {
                continue;
            }

            proof.Add(cell, nanos, required.All(a => cell.Attribution[a] is not null));
            var key = new CostKey(cell.Currency, [.. canonical.GroupBy.Select(d => cube.ValueOf(cell, d))]);
            var sum = groups.GetValueOrDefault(key);
            groups[key] = (sum.Nanos + nanos, sum.Lines + cell.Cell.LineCount);
        }

        var cents = AddCents(canonical, cube, required, proofs);
        return new CostAnswer
        {
            Query = canonical,
            BookVersion = cube.Version,
            Rows = [.. groups.Select(g => new CostRow(g.Key.Values, g.Key.Currency, g.Value.Nanos, cents.GetValueOrDefault(g.Key), g.Value.Lines))
                .OrderBy(r => r.Currency, StringComparer.Ordinal).ThenBy(r => TimeOf(canonical, r), StringComparer.Ordinal)
                .ThenByDescending(r => r.Nanos).ThenBy(r => string.Join('\u001f', r.Keys),
                    StringComparer.Ordinal)],
            Proofs = [.. proofs.Select(p => p.Value.Build(p.Key))],
        };
    }

    /// <summary>What is shown of the answer: cents of its rows, and of the proof beside them.</summary>
    private static Dictionary<CostKey, long> AddCents(CostQuery query, CostCube cube, List<AttributeName> required,
        SortedDictionary<string, ProofBuilder> proofs)
    {
        var asked = query.GroupBy.Any(d => CostDimensions.Attribute(d) is not null) ? []
            : required.Select(a => CostDimensions.AttributeNames[(int)a]);
        var question = new QuestionCents(cube, query, asked);
        var rows = new Dictionary<CostKey, long>();
        foreach (var (cell, cents) in question.Leaves(counts: true))
        {
            proofs[cell.Currency].AddCents(cell.Basis, cents, required.All(a => cell.Attribution[a] is not null));
            var key = new CostKey(cell.Currency, [.. query.GroupBy.Select(d => cube.ValueOf(cell, d))]);
            rows[key] = rows.GetValueOrDefault(key) + cents;
        }

        foreach (var (cell, cents) in question.Leaves(counts: false))
        {
            proofs[cell.Currency].EvidenceCents += cents;
        }

        return rows;
    }

    /// <summary>The cells that a question is about, evidence included.</summary>
    public static IEnumerable<AttributedCell> Matching(CostCube cube, CostQuery query)
    {
        ArgumentNullException.ThrowIfNull(cube);
        ArgumentNullException.ThrowIfNull(query);
        return query.Where.Count == 0
            ? cube.Cells
            : cube.Cells.Where(cell => query.Where.All(w => Matches(cube.ValueOf(cell, w.Key), w.Value)));
    }

    /// <summary>Does a value meet a condition? The word <c>none</c> also asks for what a bill leaves empty, as it is shown.</summary>
    public static bool Matches(string value, string wanted) => string.Equals(value, wanted, StringComparison.Ordinal)
        || (value.Length == 0 && string.Equals(wanted, ReaderWords.Nothing, StringComparison.Ordinal));

    /// <summary>The months and days of a row: rows of time stand in the order of time.</summary>
    private static string TimeOf(CostQuery query, CostRow row) => string.Join(' ', query.GroupBy.Zip(row.Keys)
        .Where(k => k.First is "month" or "day" or "billing-month" or "posting-month").Select(k => k.Second));

    /// <summary>The question with every dimension in its one spelling.</summary>
    public CostQuery Canonical(CostQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.To < query.From)
        {
            throw new BooksException("range-backwards", $"--to {query.To} is before --month {query.From}. Give the earlier month first.");
        }

        var names = query.GroupBy.Concat(query.Where.Select(w => w.Key)).ToList();
        var extras = names.Count == 0 ? [] : new DimensionReader(books).ExtraNames();
        return query with
        {
            GroupBy = CostDimensions.Distinct([.. query.GroupBy.Select(d => CostDimensions.Canonical(d, extras))]),
            Where = [.. query.Where.Select(w => KeyValuePair.Create(CostDimensions.Canonical(w.Key, extras), w.Value))],
        };
    }

    /// <summary>The cube that answers a question, kept or read.</summary>
    public CostCube CubeFor(CostQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return CubeOf(new BookVersionDirectory(books).AsOf(query.AsOf), query.Axis, query.From, query.To,
            byDay: query.GroupBy.Contains("day") || query.Where.Any(w => w.Key == "day"));
    }

    /// <summary>The cube of a book version, kept or read.</summary>
    internal CostCube CubeOf(BookVersion version, TimeAxis axis, BillingMonth from, BillingMonth to, bool byDay)
    {
        var key = (version.Id, axis, from.Index, to.Index, byDay);
        lock (_lock)
        {
            var kept = _cubes.FindIndex(c => c.Key == key);
            if (kept >= 0)
            {
                return _cubes[kept].Cube;
            }
        }

        var cube = Invoiced.Mark(CostCube.Read(books, policies, version, axis, from, to, byDay));
        lock (_lock)
        {
            _cubes.Add((key, cube));
            while (_cubes.Count > KeptCubes || (_cubes.Count > 0 && _cubes.Sum(c => (long)c.Cube.Cells.Length) > KeptCells))
            {
                _cubes.RemoveAt(0);
            }
        }

        return cube;
    }

    /// <summary>The whole billing period in a book version, read and not kept.</summary>
    internal CostCube BillsOf(BillingMonth month, BookVersion version) =>
        CostCube.Read(books, policies, version, TimeAxis.Billing, month, month, byDay: false);

    private static List<AttributeName> RequiredAttributes(CostQuery query, CostCube cube)
    {
        var asked = query.GroupBy.Select(CostDimensions.Attribute).OfType<AttributeName>().ToList();
        return asked.Count > 0 ? asked : [.. cube.Policy.Set.RequiredAttributes];
    }

    private readonly record struct CostKey(string Currency, string[] Values)
    {
        public bool Equals(CostKey other) => Currency == other.Currency && Values.AsSpan().SequenceEqual(other.Values);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Currency, StringComparer.Ordinal);
            foreach (var value in Values)
            {
                hash.Add(value, StringComparer.Ordinal);
            }

            return hash.ToHashCode();
        }
    }

    private sealed class ProofBuilder
    {
        private readonly SortedDictionary<CostBasis, Int128> _basis = [];
        private readonly SortedDictionary<CostBasis, long> _basisCents = [];
        private long _attributedCents;
        private Int128 _total;
        private Int128 _attributed;
        private long _lines;

        public Int128 Evidence { get; set; }

        public long EvidenceCents { get; set; }

        public void AddCents(CostBasis basis, long cents, bool isAttributed)
        {
            _attributedCents += isAttributed ? cents : 0;
            _basisCents[basis] = _basisCents.GetValueOrDefault(basis) + cents;
        }

        public void Add(AttributedCell cell, Int128 nanos, bool isAttributed)
        {
            _total += nanos;
            _attributed += isAttributed ? nanos : 0;
            _lines += cell.Cell.LineCount;
            _basis[cell.Basis] = _basis.GetValueOrDefault(cell.Basis) + nanos;
        }

        public CostProof Build(string currency) => new(currency, _total, _attributed, _total - _attributed, _basis, Evidence, _lines,
            new CostProofCents(_attributedCents, _basisCents, EvidenceCents));
    }
}
