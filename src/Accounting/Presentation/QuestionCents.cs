using CiCost.Accounting.Costs;

namespace CiCost.Accounting.Presentation;

/// <summary>
/// The cents of an answer about costs. Each source's total of a period (<see cref="SourceCents"/>) is cut by largest remainder into what
/// each basis has, that into architectures, that into the values of the question's other dimensions, one after the other: those that it
/// asks for with a condition first, each time in the order of <see cref="CostDimensions.Names"/>. So a row is the same whether its value is
/// grouped by or asked for, a month the same in every range, and rows add up to the total. Only a cell of two dimensions that are finer than
/// the presentation cube (accounting.md, 9) may differ by cents when the later one is a condition and the earlier one the grouping.
/// </summary>
internal sealed class QuestionCents
{
    private static readonly string[] Grain = ["basis", "architecture"];

    private readonly CostCube _cube;
    private readonly CostQuery _query;
    private readonly SourceCents _sources;
    private readonly string[] _levels;
    private readonly ILookup<string, string> _wanted;

    /// <summary>Prepares a question.</summary>
    /// <param name="cube">The cube that answers it.</param>
    /// <param name="query">The question, canonical.</param>
    /// <param name="beside">Dimensions that only the proof looks at; they change no row.</param>
    public QuestionCents(CostCube cube, CostQuery query, IEnumerable<string> beside)
    {
        (_cube, _query, _sources) = (cube, query, new SourceCents(cube, query.Axis));
        _wanted = query.Where.ToLookup(w => w.Key, w => w.Value, StringComparer.Ordinal);
        _levels =
        [
            .. Grain.Concat(InOrder(query.Where.Select(w => w.Key))).Concat(InOrder(query.GroupBy))
                .Concat(InOrder(beside)).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Cents of what the question is about: for each leaf one of its cells, which has the values of all dimensions in
    /// question, and the cents.</summary>
    /// <param name="counts">False for evidence.</param>
    public IReadOnlyList<(AttributedCell Cell, long Cents)> Leaves(bool counts)
    {
        List<(AttributedCell, long)> leaves = [];
        var sources = _cube.Cells.Where(c => c.Counts == counts && c.BelongsTo(_query.Metric))
            .GroupBy(c => new SourcePeriod(c.Scope.SourceKey, SourceCents.PeriodOf(c, _query.Axis), c.Currency, counts));
        foreach (var source in sources)
        {
            Cut([.. source], _sources.Of(source.Key, _query.Metric), 0, leaves);
        }

        return leaves;
    }

    private void Cut(List<AttributedCell> cells, long cents, int level, List<(AttributedCell, long)> leaves)
    {
        if (level == _levels.Length)
        {
            leaves.Add((cells[0], cents));
            return;
        }

        var dimension = _levels[level];
        var branches = cells.GroupBy(c => _cube.ValueOf(c, dimension), StringComparer.Ordinal).ToList();
        var cut = branches.Count == 1 ? new Dictionary<string, long> { [branches[0].Key] = cents }
            : PresentationCube.CentsOf(branches.Select(b => (b.Key, b.Aggregate((Int128)0, (sum, c) => sum + c.Nanos(_query.Metric)))), cents);
        foreach (var branch in branches.Where(b => _wanted[dimension].All(w => QueryCosts.Matches(b.Key, w))))
        {
            Cut([.. branch], cut[branch.Key], level + 1, leaves);
        }
    }

    private static IEnumerable<string> InOrder(IEnumerable<string> dimensions)
    {
        var names = CostDimensions.Names.Select((n, i) => (n, i)).ToDictionary(n => n.n, n => n.i, StringComparer.Ordinal);
        return dimensions.OrderBy(d => names.GetValueOrDefault(d, int.MaxValue)).ThenBy(d => d, StringComparer.Ordinal);
    }
}
