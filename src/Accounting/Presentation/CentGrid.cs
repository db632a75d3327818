namespace CiCost.Accounting.Presentation;

/// <summary>
/// A table in cents whose rows and whose columns are both cut from its total by largest remainder, each as if the other were not there:
/// what a funder gave and what an architecture cost are the same whether the other is known or not. The cells are as near to the exact
/// ones as that leaves them.
/// </summary>
internal static class CentGrid
{
    /// <summary>The cents of the cells.</summary>
    /// <param name="cells">The cells in nanos, by row and column.</param>
    /// <param name="totalCents">The printed total.</param>
    public static Dictionary<(TRow Row, TColumn Column), long> Of<TRow, TColumn>(
        IReadOnlyDictionary<(TRow Row, TColumn Column), Int128> cells, long totalCents)
        where TRow : notnull
        where TColumn : notnull
    {
        var rows = PresentationCube.CentsOf(cells.Select(c => (c.Key.Row, c.Value)), totalCents);
        var columns = PresentationCube.CentsOf(cells.Select(c => (c.Key.Column, c.Value)), totalCents);
        var cents = cells.GroupBy(c => c.Key.Column)
            .SelectMany(g => PresentationCube.CentsOf(g.Select(c => (c.Key, c.Value)), columns[g.Key])).ToDictionary();
        var open = cents.GroupBy(c => c.Key.Row).ToDictionary(g => g.Key, g => g.Sum(c => c.Value) - rows[g.Key]);
        foreach (var (row, _) in rows.OrderBy(r => r.Key, PresentationCube.KeyOrder<TRow>()))
        {
            while (open[row] > 0)
            {
                var other = open.Where(o => o.Value < 0).MinBy(o => o.Key, PresentationCube.KeyOrder<TRow>()).Key;
                Move(cells, cents, Path(cells, row, other));
                (open[row], open[other]) = (open[row] - 1, open[other] + 1);
            }
        }

        return cents;
    }

    /// <summary>Hands a cent on from row to row, in the column where that is nearest to the exact amounts.</summary>
    private static void Move<TRow, TColumn>(IReadOnlyDictionary<(TRow Row, TColumn Column), Int128> cells,
        Dictionary<(TRow Row, TColumn Column), long> cents, List<TRow> path)
        where TRow : notnull
        where TColumn : notnull
    {
        foreach (var (from, to) in path.Zip(path.Skip(1)))
        {
            var column = cells.Keys.Where(k => k.Row.Equals(from)).Select(k => k.Column)
                .Order(PresentationCube.KeyOrder<TColumn>())
                .OrderByDescending(c => cells.ContainsKey((to, c))).ThenByDescending(c => Above((from, c)) - Above((to, c))).First();
            cents[(from, column)]--;
            cents[(to, column)] = cents.GetValueOrDefault((to, column)) + 1;
        }

        Int128 Above((TRow, TColumn) cell) =>
            ((Int128)cents.GetValueOrDefault(cell) * PresentationCube.NanosPerCent) - cells.GetValueOrDefault(cell);
    }

    /// <summary>The shortest way between two rows over columns that they share; straight where there is none.</summary>
    private static List<TRow> Path<TRow, TColumn>(IReadOnlyDictionary<(TRow Row, TColumn Column), Int128> cells, TRow from, TRow to)
        where TRow : notnull
        where TColumn : notnull
    {
        List<List<TRow>> paths = [[from]];
        HashSet<TRow> seen = [from];
        for (var next = 0; next < paths.Count; next++)
        {
            var path = paths[next];
            if (path[^1].Equals(to))
            {
                return path;
            }

            var columns = cells.Keys.Where(k => k.Row.Equals(path[^1])).Select(k => k.Column).ToHashSet();
            paths.AddRange(cells.Keys.Where(k => columns.Contains(k.Column)).Select(k => k.Row).Distinct()
                .Order(PresentationCube.KeyOrder<TRow>()).Where(seen.Add)
                .Select(r => (List<TRow>)[.. path, r]));
        }

        return [from, to];
    }
}
