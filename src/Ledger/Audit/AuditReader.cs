using CiCost.Domain.Lines;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Audit;

/// <summary>The facts that the checks compare, read straight from the tables and not through the code that writes them.</summary>
public sealed partial class AuditReader(Books books)
{
    private const string SelectTotals = """
        SELECT currency AS Currency, cost_column AS CostColumn, are_credits AS AreCredits, line_count AS LineCount, exact AS Exact,
               rounded AS Rounded, residue AS Residue, rounding_nanos AS RoundingNanos
        FROM delivery_total WHERE delivery_id = @deliveryId ORDER BY 1, 2, 3
        """;

    private const string SelectRounding = """
        SELECT d.BillingCurrency AS Currency, d.origin AS Origin, l.charge_start_s / 86400 AS ChargeDay, l.billed_nanos AS BilledNanos,
               l.effective_nanos AS EffectiveNanos, l.list_nanos AS ListNanos, l.contracted_nanos AS ContractedNanos
        FROM cost_line l JOIN dimension_set d ON d.dimension_set_id = l.dimension_set_id
        WHERE l.line_id BETWEEN @first AND @last ORDER BY 1, 2
        """;

    private const string SelectOverlaps = """
        SELECT '{0}' AS TableName, a.scope_id AS ScopeId, a.dimension_set_id AS DimensionSetId, a.{1} AS Period,
               a.from_delivery AS FromDelivery, a.to_delivery AS ToDelivery
        FROM {0} a JOIN {0} b ON b.scope_id = a.scope_id AND b.{1} = a.{1} AND b.dimension_set_id = a.dimension_set_id
          AND b.billing_month = a.billing_month AND b.from_delivery > a.from_delivery AND b.from_delivery < a.to_delivery
        UNION ALL
        SELECT '{0}', a.scope_id, a.dimension_set_id, a.{1}, a.from_delivery, a.to_delivery
        FROM {0} a
        WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.delivery_id = a.from_delivery AND d.scope_id = a.scope_id)
           OR (a.to_delivery <> 2147483647 AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.delivery_id = a.to_delivery
             AND d.scope_id = a.scope_id))
        LIMIT 100
        """;

    private const string SelectChargeDays = """
        SELECT DISTINCT r.charge_day FROM rollup r JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE r.scope_id = @scopeId AND r.from_delivery <= @deliveryId AND r.to_delivery > @deliveryId AND d.origin = 0
          AND d.ChargeCategory = 'Usage'
        ORDER BY 1
        """;

    private const string SelectQuarantine = """
        SELECT row_number AS RowNumber, file_name AS File, column_name AS ColumnName, rule AS Rule, value AS Value, message AS Message
        FROM quarantine WHERE delivery_id = @deliveryId ORDER BY row_number
        """;

    private const string SelectVersions = """
        SELECT COUNT(*) FROM book_version a JOIN book_version b ON b.book_version_id = a.book_version_id + 1
        WHERE b.recorded_at_ms < a.recorded_at_ms
        """;

    private const string SelectLooseDeliveries = """
        SELECT d.delivery_id FROM delivery d LEFT JOIN book_version v ON v.book_version_id = d.book_version_id AND v.event = 'delivery'
        WHERE v.book_version_id IS NULL ORDER BY 1
        """;

    private const string SelectUnprunedLines = """
        SELECT d.delivery_id FROM delivery d
        WHERE d.pruned_at_ms IS NOT NULL AND EXISTS (SELECT 1 FROM cost_line l WHERE l.line_id BETWEEN d.delivery_id << 32
          AND (d.delivery_id << 32) | 4294967295)
        ORDER BY 1
        """;

    /// <summary>The recorded totals of a delivery.</summary>
    public IReadOnlyList<TotalFact> Totals(int deliveryId) => Query<TotalFact>(SelectTotals, new { deliveryId });

    /// <summary>The rounding lines of a delivery.</summary>
    public IReadOnlyList<RoundingFact> Rounding(int deliveryId) =>
        Query<RoundingFact>(SelectRounding, Range(deliveryId, RoundingLines.FirstRowNumber, uint.MaxValue));

    /// <summary>Billing accounts with lines in more than one currency.</summary>
    public IReadOnlyList<AccountCurrencyFact> AccountsOfSeveralCurrencies(long scopeId, int deliveryId) =>
        Query<AccountCurrencyFact>(Dialect.SelectAccountCurrencies, new { scopeId, deliveryId });

    /// <summary>Intervals of the rollup that overlap or that no delivery explains; at most 100 per table.</summary>
    public IReadOnlyList<IntervalFact> BrokenIntervals() =>
    [
        .. Query<IntervalFact>(Filled(SelectOverlaps, "rollup", "charge_day"), null),
        .. Query<IntervalFact>(Filled(SelectOverlaps, "rollup_month", "charge_month"), null),
    ];

    /// <summary>The charge days of the usage rows of a scope under a delivery, in order.</summary>
    public IReadOnlyList<int> UsageDays(long scopeId, int deliveryId) => Query<int>(SelectChargeDays, new { scopeId, deliveryId });

    /// <summary>The rows that a delivery set aside.</summary>
    public IReadOnlyList<RowError> Quarantine(int deliveryId) =>
        [.. Query<QuarantineRow>(SelectQuarantine, new { deliveryId }).Select(r
            => new RowError(r.File, r.RowNumber, r.ColumnName, r.Rule, r.Value, r.Message))];

    /// <summary>Are there job runs?</summary>
    public bool HasJobRuns() => Query<long>("SELECT EXISTS (SELECT 1 FROM job_run)", null)[0] != 0;

    /// <summary>How often a book version was recorded before its predecessor.</summary>
    public long VersionsOutOfOrder() => Query<long>(SelectVersions, null)[0];

    /// <summary>Deliveries without a book version.</summary>
    public IReadOnlyList<int> LooseDeliveries() => Query<int>(SelectLooseDeliveries, null);

    /// <summary>Deliveries whose lines are marked as removed and are there.</summary>
    public IReadOnlyList<int> PrunedWithLines() => Query<int>(SelectUnprunedLines, null);

    /// <summary>The fixed columns with the most distinct values among the sets that a delivery was the first to have.</summary>
    public IReadOnlyList<DimensionColumnFact> WidestColumns(int deliveryId)
    {
        var sql = string.Join(" UNION ALL ", Enum.GetNames<DimensionColumn>().Select(c =>
            $"SELECT '{c}' AS ColumnName, COUNT(DISTINCT {c}) AS DistinctValues FROM dimension_set WHERE first_delivery_id = @deliveryId"));
        return Query<DimensionColumnFact>(sql + " ORDER BY 2 DESC, 1 LIMIT 3", new { deliveryId });
    }

    private static string Filled(string template, string table, string period) =>
        template.Replace("{0}", table, StringComparison.Ordinal).Replace("{1}", period, StringComparison.Ordinal);

    private static object Range(int deliveryId, uint firstRow, uint lastRow) =>
        new { first = ((long)deliveryId << 32) | firstRow, last = ((long)deliveryId << 32) | lastRow };

    private List<T> Query<T>(string sql, object? parameters)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<T>(sql, parameters)];
    }

    private sealed record QuarantineRow
    {
        public long RowNumber { get; init; }

        public string File { get; init; } = "";

        public string ColumnName { get; init; } = "";

        public string Rule { get; init; } = "";

        public string Value { get; init; } = "";

        public string Message { get; init; } = "";
    }
}
