using CiCost.Domain.Periods;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Costs;

/// <summary>Reads the rollup as it stood in a book version.</summary>
public sealed class CostCellReader(Books books)
{
    private const string SelectScopes = """
        SELECT sc.scope_id AS ScopeId, s.source_key AS SourceKey, sc.billing_month AS BillingMonth, sc.part AS Part,
               d.delivery_id AS DeliveryId, d.posting_month AS PostingMonth
        FROM scope sc
        JOIN source s ON s.source_id = sc.source_id
        JOIN delivery d ON d.delivery_id =
          (SELECT MAX(x.delivery_id) FROM delivery x WHERE x.scope_id = sc.scope_id AND x.book_version_id <= @bookVersionId)
        ORDER BY sc.scope_id
        """;

    private const string SelectCells = """
        SELECT {0}, dimension_set_id, billing_month, line_count, billed_nanos, effective_nanos, list_nanos, contracted_nanos
        FROM {1} WHERE scope_id = ?1 AND {0} BETWEEN ?2 AND ?3 AND from_delivery <= ?4 AND to_delivery > ?4
        """;

    // Apart from the cells, so that books without an amount beyond 64 bits pay one look into an empty table and nothing for each cell.
    private const string SelectHighs = $$"""
        SELECT r.{0}, r.dimension_set_id, r.billing_month, h.billed_high, h.effective_high, h.list_high, h.contracted_high
        FROM {1}_high h JOIN {1} r ON {{WideSql.OnKey}}
        WHERE h.scope_id = ?1 AND h.{0} BETWEEN ?2 AND ?3 AND r.from_delivery <= ?4 AND r.to_delivery > ?4
        """;

    private static readonly (string Cells, string Highs) SelectMonths = (Of(SelectCells, "charge_month", "rollup_month"),
        Of(SelectHighs, "charge_month", "rollup_month"));

    private static readonly (string Cells, string Highs) SelectDays = (Of(SelectCells, "charge_day", "rollup"),
        Of(SelectHighs, "charge_day", "rollup"));

    /// <summary>The scopes that have a delivery in a book version, by id.</summary>
    public IReadOnlyList<ScopeState> Scopes(BookVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        using var connection = books.OpenReader();
        return [.. connection.Query<ScopeRow>(SelectScopes, new { bookVersionId = version.Id }).Select(r => r.ToScope())];
    }

    /// <summary>The cells by charge month of some scopes, within a range of charge months, both ends included.</summary>
    public IReadOnlyList<CostCell> Months(IReadOnlyList<ScopeState> scopes, BillingMonth from, BillingMonth to) =>
        Read(SelectMonths, scopes, from.Index, to.Index);

    /// <summary>The cells by charge day of some scopes, within a range of days since 1970-01-01, both ends included.</summary>
    public IReadOnlyList<CostCell> Days(IReadOnlyList<ScopeState> scopes, int firstDay, int lastDay) =>
        Read(SelectDays, scopes, firstDay, lastDay);

    private static string Of(string template, string period, string table) =>
        template.Replace("{0}", period, StringComparison.Ordinal).Replace("{1}", table, StringComparison.Ordinal);

    private List<CostCell> Read((string Cells, string Highs) sql, IReadOnlyList<ScopeState> scopes, int first, int last)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        using var connection = books.OpenReader();
        using var query = new HotQuery(connection, sql.Cells);
        using var highs = new HotQuery(connection, sql.Highs);
        List<CostCell> cells = [];
        foreach (var scope in scopes)
        {
            var firstOfScope = cells.Count;
            Bind(query, scope, first, last);
            while (query.Read())
            {
                cells.Add(new CostCell(
                    scope.ScopeId,
                    query.Int32(0),
                    query.Int64(1),
                    query.Int32(2),
                    query.Int64(3),
                    query.Int64(4),
                    query.Int64(5),
                    query.Int64(6),
                    query.Int64(7)));
            }

            query.Restart();
            Bind(highs, scope, first, last);
            AddHighs(highs, cells, firstOfScope);
            highs.Restart();
        }

        return cells;
    }

    private static void Bind(HotQuery query, ScopeState scope, int first, int last)
    {
        query.Bind(1, scope.ScopeId);
        query.Bind(2, first);
        query.Bind(3, last);
        query.Bind(4, scope.DeliveryId);
    }

    private static void AddHighs(HotQuery query, List<CostCell> cells, int first)
    {
        Dictionary<(int, long, int), int>? places = null;
        while (query.Read())
        {
            places ??= Enumerable.Range(first, cells.Count - first)
                .ToDictionary(i => (cells[i].Period, cells[i].DimensionSetId, cells[i].BillingMonthIndex));
            var place = places[(query.Int32(0), query.Int64(1), query.Int32(2))];
            var (cell, costs) = (cells[place], WideSql.HighCosts(query, 3));
            cells[place] = cell with
            {
                BilledNanos = cell.BilledNanos + costs.Billed,
                EffectiveNanos = cell.EffectiveNanos + costs.Effective,
                ListNanos = cell.ListNanos + costs.List,
                ContractedNanos = cell.ContractedNanos + costs.Contracted,
            };
        }
    }

    private sealed record ScopeRow
    {
        public long ScopeId { get; init; }

        public string SourceKey { get; init; } = "";

        public int BillingMonth { get; init; }

        public string Part { get; init; } = "";

        public int DeliveryId { get; init; }

        public int PostingMonth { get; init; }

        public ScopeState ToScope() => new(
            ScopeId,
            SourceKey,
            Domain.Periods.BillingMonth.FromIndex(BillingMonth),
            Part,
            DeliveryId,
            Domain.Periods.BillingMonth.FromIndex(PostingMonth));
    }
}
