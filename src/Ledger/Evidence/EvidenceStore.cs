using System.Globalization;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Digests;
using CiCost.Ledger.Objects;
using CiCost.Ledger.Rules;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Evidence;

/// <summary>A control figure, where it comes from, and since when it is known.</summary>
/// <param name="SourceKey">The source that stated it.</param>
/// <param name="EvidenceId">The evidence that it was read from.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="BookVersionId">The book version that it made; 0 for figures that were there before the first.</param>
/// <param name="Figure">The figure.</param>
public sealed record RecordedFigure(string SourceKey, long EvidenceId, DateTimeOffset RecordedAt, long BookVersionId,
    ControlFigure Figure);

/// <summary>What providers state beside their bills: raw answers, and the figures read from them. Append-only; the newest counts.</summary>
public sealed class EvidenceStore(Books books)
{
    private const string SelectCurrent = """
        SELECT e.source_key AS SourceKey, e.evidence_id AS EvidenceId, e.recorded_at_ms AS RecordedAtMs,
               COALESCE(e.book_version_id, 0) AS BookVersionId, f.payer_account AS PayerAccount,
               f.invoice_issuer AS InvoiceIssuer, f.billing_month AS BillingMonth, f.currency AS Currency, f.measure AS Measure,
               f.breakdown AS Breakdown, f.item AS Item, f.record_type AS RecordType, f.amount_nanos AS AmountNanos,
               f.amount_high AS AmountHigh, f.is_estimated AS IsEstimated
        FROM evidence e JOIN control_figure f ON f.evidence_id = e.evidence_id
        WHERE f.billing_month = @month AND NOT EXISTS (
          SELECT 1 FROM evidence n WHERE n.source_key = e.source_key AND n.billing_month = e.billing_month AND n.part = e.part
            AND n.evidence_id > e.evidence_id AND COALESCE(n.book_version_id, 0) <= @version)
          AND COALESCE(e.book_version_id, 0) <= @version
        ORDER BY e.source_key, f.evidence_id, f.ordinal
        """;

    private const string SelectSame = """
        SELECT evidence_id FROM evidence WHERE source_key = @key AND billing_month = @month AND part = @part AND version = @version
          AND evidence_id = (SELECT MAX(evidence_id) FROM evidence WHERE source_key = @key AND billing_month = @month AND part = @part)
        """;

    // Do the figures that count now come from this part?
    private const string SelectHasFigures = """
        SELECT EXISTS (SELECT 1 FROM control_figure WHERE evidence_id = (
          SELECT MAX(evidence_id) FROM evidence WHERE source_key = @key AND billing_month = @month AND part = @part))
        """;

    private const string InsertEvidence = """
        INSERT INTO evidence (source_key, billing_month, part, version, recorded_at_ms, book_version_id)
        VALUES (@key, @month, @part, @version, @now, @bookVersionId)
        RETURNING evidence_id
        """;

    private const string InsertObject = """
        INSERT INTO evidence_object (evidence_id, ordinal, sha256, object_name) VALUES (@evidenceId, @ordinal, @sha256, @name)
        """;

    private const string InsertFigure = """
        INSERT INTO control_figure (evidence_id, ordinal, payer_account, invoice_issuer, billing_month, currency, measure, breakdown, item,
          record_type, amount_nanos, amount_high, is_estimated)
        VALUES (@evidenceId, @ordinal, @PayerAccount, @InvoiceIssuer, @month, @Currency, @measure, @breakdown, @Item, @RecordType,
          @amountNanos, @amountHigh, @isEstimated)
        """;

    /// <summary>The figures that count for a month.</summary>
    /// <param name="month">The billing period.</param>
    /// <param name="version">The book version that they count in.</param>
    public IReadOnlyList<RecordedFigure> Figures(BillingMonth month, BookVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        using var connection = books.OpenReader();
        return
        [
            .. connection.Query<Row>(SelectCurrent, new { month = month.Index, version = version.Id })
                .Select(r => r.ToFigure()),
        ];
    }

    /// <summary>Records evidence whole or not at all; the same version again changes nothing. Figures make a book version, also when
    /// they are taken away: what ties, and what is invoiced, changes with them.</summary>
    /// <param name="sourceKey">The source.</param>
    /// <param name="month">The billing period.</param>
    /// <param name="part">The part of it.</param>
    /// <param name="version">The provider's version.</param>
    /// <param name="objects">The stored answers, with their names.</param>
    /// <param name="figures">What they say; empty for evidence without figures.</param>
    /// <param name="cancellationToken">Ends the wait for the write gate.</param>
    /// <returns>The evidence's number.</returns>
    public async Task<long> RecordAsync(string sourceKey, BillingMonth month, string part, string version,
        IReadOnlyList<(string Name, StoredObject Object)> objects, IReadOnlyList<ControlFigure> figures, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentNullException.ThrowIfNull(figures);
        using var gate = await books.EnterWriteAsync($"evidence of {sourceKey} {month}", cancellationToken).ConfigureAwait(false);
        using var connection = books.OpenWriter();
        return WriteTransaction.Run(connection, () => Record(connection, sourceKey, month, part, version, objects, figures));
    }

    private long Record(SqliteConnection connection, string sourceKey, BillingMonth month, string part, string version,
        IReadOnlyList<(string Name, StoredObject Object)> objects, IReadOnlyList<ControlFigure> figures)
    {
        var scope = new { key = sourceKey, month = month.Index, part, version, now = books.Time.GetUtcNow().ToUnixTimeMilliseconds() };
        if (connection.ExecuteScalar<long?>(SelectSame, scope) is { } same)
        {
            return same;
        }

        var changesFigures = figures.Count > 0 || connection.ExecuteScalar<bool>(SelectHasFigures, scope);
        var rules = changesFigures ? RuleSetRegistry.CurrentOf(connection) : null;

        // What changes nothing belongs to the newest version, so that it hides no figures from the ones before.
        var bookVersionId = rules is null ? connection.ExecuteScalar<long?>("SELECT MAX(book_version_id) FROM book_version")
            : BookVersionLog.Append(connection, books.Time, "evidence", rules.RuleSetId);
        var evidenceId = connection.ExecuteScalar<long>(InsertEvidence, new
        {
            scope.key,
            scope.month,
            scope.part,
            scope.version,
            scope.now,
            bookVersionId,
        });
        foreach (var (index, (name, stored)) in objects.Index())
        {
            RawObjectDirectory.Register(connection, stored, scope.now);
            connection.Execute(InsertObject, new { evidenceId, ordinal = index, sha256 = stored.Sha256, name });
        }

        foreach (var (index, figure) in figures.Index())
        {
            var (amountHigh, amountNanos) = WideNanos.Split(figure.AmountNanos);
            connection.Execute(InsertFigure, new
            {
                evidenceId,
                ordinal = index,
                figure.PayerAccount,
                figure.InvoiceIssuer,
                month = figure.BillingMonth.Index,
                figure.Currency,
                measure = figure.Measure.ToString(),
                breakdown = figure.Breakdown.ToString(),
                figure.Item,
                figure.RecordType,
                amountNanos,
                amountHigh,
                isEstimated = figure.IsEstimated ? 1 : 0,
            });
        }

        foreach (var (_, stored) in objects)
        {
            RecordDigests.TakeOnce(connection, RecordKind.RawObject, stored.Sha256);
        }

        RecordDigests.Take(connection, RecordKind.Evidence, evidenceId.ToString(CultureInfo.InvariantCulture));
        if (rules is not null)
        {
            RecordDigests.TakeVersion(connection, bookVersionId!.Value);
        }

        FailPoint.Reach("evidence.before-commit");
        return evidenceId;
    }

    private sealed record Row
    {
        public string SourceKey { get; init; } = "";

        public long EvidenceId { get; init; }

        public long RecordedAtMs { get; init; }

        public long BookVersionId { get; init; }

        public string PayerAccount { get; init; } = "";

        public string? InvoiceIssuer { get; init; }

        public int BillingMonth { get; init; }

        public string Currency { get; init; } = "";

        public string Measure { get; init; } = "";

        public string Breakdown { get; init; } = "";

        public string Item { get; init; } = "";

        public string? RecordType { get; init; }

        public long AmountNanos { get; init; }

        public long AmountHigh { get; init; }

        public long IsEstimated { get; init; }

        public RecordedFigure ToFigure() => new(SourceKey, EvidenceId, DateTimeOffset.FromUnixTimeMilliseconds(RecordedAtMs), BookVersionId, new ControlFigure
        {
            PayerAccount = PayerAccount,
            InvoiceIssuer = InvoiceIssuer,
            BillingMonth = Domain.Periods.BillingMonth.FromIndex(BillingMonth),
            Currency = Currency,
            Measure = Enum.Parse<ControlMeasure>(Measure),
            Breakdown = Enum.Parse<ControlBreakdown>(Breakdown),
            Item = Item,
            RecordType = RecordType,
            AmountNanos = WideNanos.Join(AmountHigh, AmountNanos),
            IsEstimated = IsEstimated != 0,
        });
    }
}
