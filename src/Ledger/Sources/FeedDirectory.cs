using CiCost.Ledger.Digests;
using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Sources;

/// <summary>A source that is configured to be pulled.</summary>
/// <param name="SourceKey">The source's key.</param>
/// <param name="Connector">The kind of source, such as <c>aws-data-exports</c>.</param>
/// <param name="FreshHours">Without a successful run for so many hours it is stale.</param>
/// <param name="DataHours">Without anything new for so many hours it is silent; null for sources that may have nothing new.</param>
/// <param name="ConfiguredAt">Since when it is configured.</param>
public sealed record Feed(string SourceKey, string Connector, int FreshHours, int? DataHours, DateTimeOffset ConfiguredAt);

/// <summary>The sources that are configured to be pulled: what freshness is measured against.</summary>
public sealed class FeedDirectory(Books books)
{
    private const string SelectAll = """
        SELECT source_key AS SourceKey, connector AS Connector, fresh_hours AS FreshHours, data_hours AS DataHours,
               configured_at_ms AS ConfiguredAtMs
        FROM feed WHERE removed_at_ms IS NULL ORDER BY source_key
        """;

    private const string Upsert = """
        INSERT INTO feed (source_key, connector, fresh_hours, data_hours, configured_at_ms)
        VALUES (@SourceKey, @Connector, @FreshHours, @DataHours, @now)
        ON CONFLICT (source_key) DO UPDATE SET connector = excluded.connector, fresh_hours = excluded.fresh_hours,
          data_hours = excluded.data_hours, removed_at_ms = NULL,
          configured_at_ms = CASE WHEN removed_at_ms IS NULL THEN configured_at_ms ELSE excluded.configured_at_ms END
        """;

    private const string Remove = "UPDATE feed SET removed_at_ms = @now WHERE source_key = @key AND removed_at_ms IS NULL";

    /// <summary>The configured sources, by key.</summary>
    public IReadOnlyList<Feed> List()
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(SelectAll).Select(r => new Feed(r.SourceKey, r.Connector, (int)r.FreshHours, (int?)r.DataHours,
            DateTimeOffset.FromUnixTimeMilliseconds(r.ConfiguredAtMs)))];
    }

    /// <summary>Takes over the configuration: new sources begin now, those that left it are no longer expected. Writes only what
    /// changed.</summary>
    public async Task ReplaceAsync(IReadOnlyList<Feed> feeds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(feeds);
        var known = List().ToDictionary(f => f.SourceKey, StringComparer.Ordinal);
        var changed = feeds.Where(f => !known.TryGetValue(f.SourceKey, out var old) || old with { ConfiguredAt = f.ConfiguredAt } != f).ToList();
        var removed = known.Keys.Except(feeds.Select(f => f.SourceKey), StringComparer.Ordinal).ToList();
        if (changed.Count == 0 && removed.Count == 0)
        {
            return;
        }

        using var gate = await books.EnterWriteAsync("list of sources", cancellationToken).ConfigureAwait(false);
        using var connection = books.OpenWriter();
        var now = books.Time.GetUtcNow().ToUnixTimeMilliseconds();
        WriteTransaction.Run(connection, () =>
        {
            foreach (var feed in changed)
            {
                RecordDigests.Change(connection, RecordKind.Feed, feed.SourceKey, () =>
                    connection.Execute(Upsert, new { feed.SourceKey, feed.Connector, feed.FreshHours, feed.DataHours, now }));
            }

            foreach (var key in removed)
            {
                RecordDigests.Change(connection, RecordKind.Feed, key, () => connection.Execute(Remove, new { key, now }));
            }
        });
    }

    private sealed record Row
    {
        public string SourceKey { get; init; } = "";

        public string Connector { get; init; } = "";

        public long FreshHours { get; init; }

        public long? DataHours { get; init; }

        public long ConfiguredAtMs { get; init; }
    }
}
