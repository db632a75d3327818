using CiCost.Domain.Lines;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Audit;

/// <summary>The facts that the checks compare, read straight from the tables and not through the code that writes them.</summary>
public sealed class AuditReader(Books books)
{
    private const string Sums = """
        COUNT(*) AS LineCount, SUM(billed_nanos) AS BilledNanos, SUM(effective_nanos) AS EffectiveNanos, SUM(list_nanos) AS ListNanos,
        SUM(contracted_nanos) AS ContractedNanos
        """;

    private const string SelectLineSums = $"""
        SELECT charge_start_s / 86400 AS Period, dimension_set_id AS DimensionSetId, billing_month AS BillingMonth, {Sums}
        FROM cost_line WHERE line_id BETWEEN @first AND @last
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """;

    private const string SelectDays = """
        SELECT charge_day AS Period, dimension_set_id AS DimensionSetId, billing_month AS BillingMonth, line_count AS LineCount,
               billed_nanos AS BilledNanos, effective_nanos AS EffectiveNanos, list_nanos AS ListNanos, contracted_nanos AS ContractedNanos
        FROM rollup WHERE scope_id = @scopeId AND from_delivery <= @deliveryId AND to_delivery > @deliveryId
        ORDER BY 1, 2, 3
        """;

    private const string SelectMonths = """
        SELECT charge_month AS Period, dimension_set_id AS DimensionSetId, billing_month AS BillingMonth, line_count AS LineCount,
               billed_nanos AS BilledNanos, effective_nanos AS EffectiveNanos, list_nanos AS ListNanos, contracted_nanos AS ContractedNanos
        FROM rollup_month WHERE scope_id = @scopeId AND from_delivery <= @deliveryId AND to_delivery > @deliveryId
        ORDER BY 1, 2, 3
        """;

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

    private const string SelectForeignPeriods = """
        SELECT r.billing_month AS BillingMonth, d.BillingCurrency AS Currency, SUM(r.line_count) AS LineCount,
          SUM(r.billed_nanos) AS BilledNanos
        FROM rollup_month r JOIN scope sc ON sc.scope_id = r.scope_id JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE r.scope_id = @scopeId AND r.from_delivery <= @deliveryId AND r.to_delivery > @deliveryId
          AND r.billing_month <> sc.billing_month
        GROUP BY 1, 2 ORDER BY 1, 2
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

    private const string SelectDayTotals = """
        WITH fresh AS (
          SELECT r.charge_day, d.BillingCurrency AS currency, SUM(r.billed_nanos) AS billed, SUM(r.effective_nanos) AS effective,
                 SUM(r.list_nanos) AS list, SUM(r.contracted_nanos) AS contracted
          FROM rollup r JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
          WHERE r.scope_id = @scopeId AND r.from_delivery <= @deliveryId AND r.to_delivery > @deliveryId
          GROUP BY 1, 2),
        kept AS (SELECT * FROM delivery_day_total WHERE delivery_id = @deliveryId),
        days AS (SELECT charge_day, currency FROM fresh UNION SELECT charge_day, currency FROM kept)
        SELECT y.charge_day AS ChargeDay, y.currency AS Currency,
               COALESCE(k.billed_nanos, 0) AS RecordedBilledNanos, COALESCE(f.billed, 0) AS BilledNanos,
               COALESCE(k.effective_nanos, 0) AS RecordedEffectiveNanos, COALESCE(f.effective, 0) AS EffectiveNanos,
               COALESCE(k.list_nanos, 0) AS RecordedListNanos, COALESCE(f.list, 0) AS ListNanos,
               COALESCE(k.contracted_nanos, 0) AS RecordedContractedNanos, COALESCE(f.contracted, 0) AS ContractedNanos
        FROM days y
        LEFT JOIN fresh f ON f.charge_day = y.charge_day AND f.currency = y.currency
        LEFT JOIN kept k ON k.charge_day = y.charge_day AND k.currency = y.currency
        ORDER BY 1, 2
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

    /// <summary>What the lines of a delivery add up to, by day and dimension set.</summary>
    public IReadOnlyList<SumFact> LineSums(int deliveryId) => Query<SumFact>(SelectLineSums, Range(deliveryId, 0, uint.MaxValue));

    /// <summary>The rollup by day of a scope under a delivery.</summary>
    public IReadOnlyList<SumFact> RollupDays(long scopeId, int deliveryId) => Query<SumFact>(SelectDays, new { scopeId, deliveryId });

    /// <summary>The rollup by month of a scope under a delivery.</summary>
    public IReadOnlyList<SumFact> RollupMonths(long scopeId, int deliveryId) => Query<SumFact>(SelectMonths, new { scopeId, deliveryId });

    /// <summary>The recorded totals of a delivery.</summary>
    public IReadOnlyList<TotalFact> Totals(int deliveryId) => Query<TotalFact>(SelectTotals, new { deliveryId });

    /// <summary>The rounding lines of a delivery.</summary>
    public IReadOnlyList<RoundingFact> Rounding(int deliveryId) =>
        Query<RoundingFact>(SelectRounding, Range(deliveryId, RoundingLines.FirstRowNumber, uint.MaxValue));

    /// <summary>Rows whose own billing period is not the scope's.</summary>
    public IReadOnlyList<ForeignPeriodFact> ForeignPeriods(long scopeId, int deliveryId) =>
        Query<ForeignPeriodFact>(SelectForeignPeriods, new { scopeId, deliveryId });

    /// <summary>Billing accounts with lines in more than one currency.</summary>
    public IReadOnlyList<AccountCurrencyFact> AccountsOfSeveralCurrencies(long scopeId, int deliveryId) =>
        Query<AccountCurrencyFact>(Dialect.SelectAccountCurrencies, new { scopeId, deliveryId });

    /// <summary>Intervals of the rollup that overlap or that no delivery explains; at most 100 per table.</summary>
    public IReadOnlyList<IntervalFact> BrokenIntervals() =>
    [
        .. Query<IntervalFact>(Overlaps("rollup", "charge_day"), null),
        .. Query<IntervalFact>(Overlaps("rollup_month", "charge_month"), null),
    ];

    /// <summary>The charge days of the usage rows of a scope under a delivery, in order.</summary>
    public IReadOnlyList<int> UsageDays(long scopeId, int deliveryId) => Query<int>(SelectChargeDays, new { scopeId, deliveryId });

    /// <summary>Per day and currency, what was recorded with the delivery and what its rollup says.</summary>
    public IReadOnlyList<DayFact> DayTotals(long scopeId, int deliveryId) => Query<DayFact>(SelectDayTotals, new { scopeId, deliveryId });

    /// <summary>The rows that a delivery set aside.</summary>
    public IReadOnlyList<RowError> Quarantine(int deliveryId) =>
        [.. Query<QuarantineRow>(SelectQuarantine, new { deliveryId }).Select(r
            => new RowError(r.File, r.RowNumber, r.ColumnName, r.Rule, r.Value, r.Message))];

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

    private static string Overlaps(string table, string period) =>
        SelectOverlaps.Replace("{0}", table, StringComparison.Ordinal).Replace("{1}", period, StringComparison.Ordinal);

    private static object Range(int deliveryId, uint firstRow, uint lastRow) =>
        new { first = ((long)deliveryId << 32) | firstRow, last = ((long)deliveryId << 32) | lastRow };

    private List<T> Query<T>(string sql, object? parameters)
    {
        using var connection = books.OpenReader();
        try
        {
            return [.. connection.Query<T>(sql, parameters)];
        }
        catch (SqliteException exception)
        {
            // SUM raises when it leaves 64 bits: that is a finding about the books, not a fault of the reader.
            throw new InvariantException($"The books cannot be added up: {exception.Message}.");
        }
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
