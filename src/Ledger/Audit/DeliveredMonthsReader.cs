using CiCost.Domain.Periods;
using CiCost.Ledger.BookVersions;
using Dapper;

namespace CiCost.Ledger.Audit;

/// <summary>What the current deliveries of a source are for a billing period.</summary>
/// <param name="SourceKey">The source.</param>
/// <param name="BillingMonth">The billing period.</param>
/// <param name="RowCount">Rows, set-aside ones included.</param>
/// <param name="IsSaidToEnd">Did somebody, or the provider's manifest, say that nothing more comes for it?</param>
public sealed record DeliveredMonth(string SourceKey, BillingMonth BillingMonth, long RowCount, bool IsSaidToEnd);

/// <summary>The newest charge day of a source.</summary>
/// <param name="SourceKey">The source.</param>
/// <param name="BillingMonth">Its newest billing period with a delivery.</param>
/// <param name="ChargeDay">The newest charge day of that period's rows; null when it has none.</param>
public sealed record NewestDay(string SourceKey, BillingMonth BillingMonth, int? ChargeDay);

/// <summary>Which months the books have of which source: what completeness and freshness are judged by.</summary>
public sealed class DeliveredMonthsReader(Books books)
{
    private const string Current = """
        JOIN delivery d ON d.delivery_id = (SELECT MAX(x.delivery_id) FROM delivery x WHERE x.scope_id = sc.scope_id
          AND x.book_version_id <= @version)
        """;

    private const string SelectMonths = $"""
        SELECT s.source_key AS SourceKey, sc.billing_month AS BillingMonth, SUM(d.row_count) AS RowCount,
               MAX(EXISTS (SELECT 1 FROM delivery_tolerance t WHERE t.delivery_id = d.delivery_id AND t.name IN ('ends-month', 'accept-empty')))
                 AS IsSaidToEnd
        FROM scope sc JOIN source s ON s.source_id = sc.source_id {Current}
        GROUP BY 1, 2 ORDER BY 1, 2
        """;

    private const string SelectNewest = $"""
        SELECT s.source_key AS SourceKey, sc.billing_month AS BillingMonth,
               MAX((SELECT MAX(dd.charge_day) FROM delivery_day dd WHERE dd.delivery_id = d.delivery_id)) AS ChargeDay
        FROM source s
        JOIN scope sc ON sc.source_id = s.source_id
          AND sc.billing_month = (SELECT MAX(n.billing_month) FROM scope n WHERE n.source_id = s.source_id)
        {Current}
        GROUP BY 1, 2 ORDER BY 1
        """;

    /// <summary>All months with a delivery in a book version, by source and billing period.</summary>
    public IReadOnlyList<DeliveredMonth> Read(BookVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(SelectMonths, new { version = version.Id })
            .Select(r => new DeliveredMonth(r.SourceKey, BillingMonth.FromIndex(r.BillingMonth), r.RowCount, r.IsSaidToEnd != 0))];
    }

    /// <summary>The newest day of each source. It looks at the newest billing period only, so that every answer can afford it.</summary>
    public IReadOnlyList<NewestDay> Newest()
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(SelectNewest, new { version = long.MaxValue })
            .Select(r => new NewestDay(r.SourceKey, BillingMonth.FromIndex(r.BillingMonth), r.ChargeDay))];
    }

    private sealed record Row
    {
        public string SourceKey { get; init; } = "";

        public int BillingMonth { get; init; }

        public long RowCount { get; init; }

        public long IsSaidToEnd { get; init; }

        public int? ChargeDay { get; init; }
    }
}
