using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Audit;

/// <summary>
/// What books say, as one hash: two books that were filled in another order, with interruptions, or restored from a copy have the same
/// digest exactly when every delivery, day, block, rollup row and job run is the same. Numbers that only say in which order things came
/// (delivery ids, run ids) and times of recording are left out.
/// </summary>
public sealed class BooksDigest(Books books)
{
    // A delivery never changes what it said, so that many versions cost little more than one.
    private readonly Dictionary<int, string> _deliveries = [];

    private const string SelectDelivery = """
        SELECT fingerprint, format_version, profile, row_count, quarantined_count, empty_cost_count FROM delivery WHERE delivery_id = $id
        """;

    private const string SelectObjects = """
        SELECT ordinal, sha256, object_name, first_row, row_count, content_bytes FROM delivery_object WHERE delivery_id = $id ORDER BY 1
        """;

    private const string SelectTotals = """
        SELECT currency, cost_column, are_credits, line_count, exact, rounded, residue, rounding_nanos
        FROM delivery_total WHERE delivery_id = $id ORDER BY 1, 2, 3
        """;

    private const string SelectDays = "SELECT charge_day, line_count, digest FROM delivery_day WHERE delivery_id = $id ORDER BY 1";

    private const string SelectBlocks = "SELECT first_row, row_count, digest FROM delivery_block WHERE delivery_id = $id ORDER BY 1";

    private const string SelectRollup = """
        SELECT r.charge_day, d.dimension_key, r.billing_month, r.line_count, r.billed_nanos, r.effective_nanos, r.list_nanos,
               r.contracted_nanos, r.pricing_units, r.pricing_nanos, r.consumed_units, r.consumed_nanos
        FROM rollup r JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE r.scope_id = $scopeId AND r.from_delivery <= $id AND r.to_delivery > $id
        ORDER BY 1, 2, 3
        """;

    // What only some books have is hashed only where it is, so that all others keep their digest.
    private const string SelectRollupHighs = """
        SELECT r.charge_day, d.dimension_key, r.billing_month, h.billed_high, h.effective_high, h.list_high, h.contracted_high,
               h.pricing_high, h.consumed_high
        FROM rollup_high h JOIN rollup r ON r.scope_id = h.scope_id AND r.charge_day = h.charge_day AND r.billing_month = h.billing_month
          AND r.dimension_set_id = h.dimension_set_id AND r.from_delivery = h.from_delivery
        JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE h.scope_id = $scopeId AND r.from_delivery <= $id AND r.to_delivery > $id
        ORDER BY 1, 2, 3
        """;

    private const string SelectJobRuns = """
        SELECT system, host, job_id, attempt, event_s, event_hash, run_seconds FROM job_run ORDER BY 1, 2, 3, 4
        """;

    private const string SelectEvidence = """
        SELECT e.source_key, e.billing_month, e.part, e.version, f.ordinal, f.payer_account, f.invoice_issuer, f.billing_month, f.currency,
               f.measure, f.breakdown, f.item, f.record_type, f.amount_nanos, f.is_estimated
        FROM evidence e LEFT JOIN control_figure f ON f.evidence_id = e.evidence_id
        WHERE NOT EXISTS (SELECT 1 FROM evidence n WHERE n.source_key = e.source_key AND n.billing_month = e.billing_month
          AND n.part = e.part AND n.evidence_id > e.evidence_id)
        ORDER BY 1, 2, 3, 5
        """;

    private const string SelectFiguresOfVersion = """
        SELECT e.source_key, e.billing_month, e.part, e.version, f.ordinal, f.payer_account, f.invoice_issuer, f.currency, f.measure,
               f.breakdown, f.item, f.record_type, f.amount_nanos, f.is_estimated
        FROM evidence e JOIN control_figure f ON f.evidence_id = e.evidence_id
        WHERE COALESCE(e.book_version_id, 0) <= $id AND NOT EXISTS (SELECT 1 FROM evidence n WHERE n.source_key = e.source_key
          AND n.billing_month = e.billing_month AND n.part = e.part AND n.evidence_id > e.evidence_id
          AND COALESCE(n.book_version_id, 0) <= $id)
        ORDER BY 1, 2, 3, 5
        """;

    private const string SelectFigureHighs = """
        SELECT e.source_key, e.billing_month, e.part, e.version, f.ordinal, f.amount_high
        FROM evidence e JOIN control_figure f ON f.evidence_id = e.evidence_id
        WHERE f.amount_high <> 0 AND COALESCE(e.book_version_id, 0) <= $id AND NOT EXISTS (SELECT 1 FROM evidence n
          WHERE n.source_key = e.source_key AND n.billing_month = e.billing_month AND n.part = e.part
            AND n.evidence_id > e.evidence_id AND COALESCE(n.book_version_id, 0) <= $id)
        ORDER BY 1, 2, 3, 5
        """;

    private const byte EndOfRow = 10;
    private const byte EndOfField = 31;
    private const byte Null = 30;

    /// <summary>The digest of a book version: every scope's delivery, the policy, and the control figures that count. 64 hex digits.</summary>
    public string OfVersion(BookVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        using var connection = books.OpenReader();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, version.PolicyHash);
        foreach (var scope in new CostCellReader(books).Scopes(version).OrderBy(s => s.SourceKey, StringComparer.Ordinal)
            .ThenBy(s => s.BillingMonth).ThenBy(s => s.Part, StringComparer.Ordinal))
        {
            Add(hash, scope.SourceKey, scope.BillingMonth.ToString(), scope.Part, OfDelivery(connection, scope));
        }

        AddRows(hash, connection, SelectFiguresOfVersion, version.Id, 0);
        AddRows(hash, connection, SelectFigureHighs, version.Id, 0, whereAny: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The digest of what the books say now: the newest version, all job runs, and the evidence that counts. 64 hex
    /// digits.</summary>
    /// <exception cref="BooksException">The books are empty.</exception>
    public string OfNow()
    {
        using var connection = books.OpenReader();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, OfVersion(new BookVersionDirectory(books).AsOf(null)));
        AddRows(hash, connection, SelectJobRuns, 0, 0);
        AddRows(hash, connection, SelectEvidence, 0, 0);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string OfDelivery(SqliteConnection connection, ScopeState scope)
    {
        if (_deliveries.TryGetValue(scope.DeliveryId, out var known))
        {
            return known;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sql in new[] { SelectDelivery, SelectObjects, SelectTotals, SelectDays, SelectBlocks, SelectRollup })
        {
            AddRows(hash, connection, sql, scope.DeliveryId, scope.ScopeId);
        }

        AddRows(hash, connection, SelectRollupHighs, scope.DeliveryId, scope.ScopeId, whereAny: true);

        return _deliveries[scope.DeliveryId] = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AddRows(IncrementalHash hash, SqliteConnection connection, string sql, long deliveryId, long scopeId,
        bool whereAny = false)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", deliveryId);
        command.Parameters.AddWithValue("$scopeId", scopeId);
        using var reader = command.ExecuteReader();
        if (whereAny && !reader.HasRows)
        {
            return;
        }

        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                AddField(hash, reader.GetValue(i));
            }

            hash.AppendData([EndOfRow]);
        }

        hash.AppendData([EndOfRow, EndOfRow]);
    }

    private static void AddField(IncrementalHash hash, object value)
    {
        if (value is DBNull)
        {
            hash.AppendData([Null]);
        }
        else
        {
            hash.AppendData(value as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture)!));
        }

        hash.AppendData([EndOfField]);
    }

    private static void Add(IncrementalHash hash, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            AddField(hash, text);
        }

        hash.AppendData([EndOfRow]);
    }
}
