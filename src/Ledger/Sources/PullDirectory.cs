using CiCost.Domain.Periods;
using CiCost.Ledger.Digests;
using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Sources;

/// <summary>The version of an offer that was taken last.</summary>
public sealed record TakenOffer
{
    /// <summary>The source's key.</summary>
    public required string SourceKey { get; init; }

    /// <summary>The billing period.</summary>
    public required BillingMonth BillingMonth { get; init; }

    /// <summary>The part of it.</summary>
    public required string Part { get; init; }

    /// <summary>The provider's version of it.</summary>
    public required string Version { get; init; }

    /// <summary>The run that took it.</summary>
    public required long RunId { get; init; }

    /// <summary>The delivery that it became; null for evidence.</summary>
    public int? DeliveryId { get; init; }

    /// <summary>The evidence that it became; null for deliveries.</summary>
    public long? EvidenceId { get; init; }

    /// <summary>When the provider published it; null when it does not say.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When it was taken; set by the directory.</summary>
    public DateTimeOffset TakenAt { get; init; }

    /// <summary>What a person looks for at the provider.</summary>
    public required string Description { get; init; }
}

/// <summary>
/// What was taken of each source, so that it is not fetched again. Losing it costs downloads and changes nothing: the same bytes are an
/// unchanged delivery.
/// </summary>
public sealed class PullDirectory(Books books)
{
    private const string SelectAll = """
        SELECT source_key AS SourceKey, billing_month AS BillingMonth, part AS Part, version AS Version, run_id AS RunId,
               delivery_id AS DeliveryId, evidence_id AS EvidenceId, published_at_ms AS PublishedAtMs, taken_at_ms AS TakenAtMs,
               description AS Description
        FROM source_pull WHERE @key IS NULL OR source_key = @key ORDER BY source_key, billing_month, part
        """;

    private const string Upsert = """
        INSERT INTO source_pull (source_key, billing_month, part, version, run_id, delivery_id, evidence_id, published_at_ms, taken_at_ms,
          description)
        VALUES (@key, @month, @part, @version, @runId, @deliveryId, @evidenceId, @publishedAtMs, @now, @description)
        ON CONFLICT (source_key, billing_month, part) DO UPDATE SET version = excluded.version, run_id = excluded.run_id,
          delivery_id = excluded.delivery_id, evidence_id = excluded.evidence_id, published_at_ms = excluded.published_at_ms,
          taken_at_ms = excluded.taken_at_ms, description = excluded.description
        """;

    /// <summary>What was taken, by source, month and part.</summary>
    /// <param name="sourceKey">Of one source; null for all.</param>
    public IReadOnlyList<TakenOffer> List(string? sourceKey)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(SelectAll, new { key = sourceKey }).Select(r => r.ToOffer())];
    }

    /// <summary>Remembers that a version was taken.</summary>
    public async Task TakeAsync(TakenOffer offer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        using var gate = await books.EnterWriteAsync("remembering what was pulled", cancellationToken).ConfigureAwait(false);
        using var connection = books.OpenWriter();
        var key = RecordKind.PullKey(offer.SourceKey, offer.BillingMonth.Index, offer.Part);
        WriteTransaction.Run(connection, () => RecordDigests.Change(connection, RecordKind.SourcePull, key, () => connection.Execute(Upsert, new
        {
            key = offer.SourceKey,
            month = offer.BillingMonth.Index,
            part = offer.Part,
            version = offer.Version,
            runId = offer.RunId,
            deliveryId = offer.DeliveryId,
            evidenceId = offer.EvidenceId,
            publishedAtMs = offer.PublishedAt?.ToUnixTimeMilliseconds(),
            now = books.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            description = offer.Description,
        })));
    }

    private sealed record Row
    {
        public string SourceKey { get; init; } = "";

        public int BillingMonth { get; init; }

        public string Part { get; init; } = "";

        public string Version { get; init; } = "";

        public long RunId { get; init; }

        public int? DeliveryId { get; init; }

        public long? EvidenceId { get; init; }

        public long? PublishedAtMs { get; init; }

        public long TakenAtMs { get; init; }

        public string Description { get; init; } = "";

        public TakenOffer ToOffer() => new()
        {
            SourceKey = SourceKey,
            BillingMonth = Domain.Periods.BillingMonth.FromIndex(BillingMonth),
            Part = Part,
            Version = Version,
            RunId = RunId,
            DeliveryId = DeliveryId,
            EvidenceId = EvidenceId,
            PublishedAt = PublishedAtMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            TakenAt = DateTimeOffset.FromUnixTimeMilliseconds(TakenAtMs),
            Description = Description,
        };
    }
}
