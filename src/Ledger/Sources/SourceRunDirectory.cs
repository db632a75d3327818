using CiCost.Domain.Periods;
using CiCost.Ledger.Digests;
using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Sources;

/// <summary>The runs of sources: what was pulled, when, and how it ended.</summary>
public sealed class SourceRunDirectory(Books books)
{
    private const string Columns = """
        run_id AS RunId, source_key AS SourceKey, cause AS Cause, first_month AS FirstMonth, last_month AS LastMonth,
        started_at_ms AS StartedAtMs, ended_at_ms AS EndedAtMs, outcome AS Outcome, offers AS Offers, taken AS Taken,
        unchanged AS Unchanged, row_count AS Rows, error_code AS ErrorCode, error_message AS ErrorMessage
        """;

    private const string SelectMany = $"""
        SELECT {Columns} FROM source_run WHERE (@key IS NULL OR source_key = @key) ORDER BY run_id DESC LIMIT @limit
        """;

    private const string SelectOne = $"SELECT {Columns} FROM source_run WHERE run_id = @runId";

    private const string SelectLast = $"""
        SELECT {Columns} FROM source_run WHERE run_id IN (
          SELECT MAX(run_id) FROM source_run WHERE @outcome IS NULL OR outcome = @outcome GROUP BY source_key)
        ORDER BY source_key
        """;

    private const string SelectLastEnded = $"""
        SELECT {Columns} FROM source_run WHERE run_id IN (SELECT MAX(run_id) FROM source_run WHERE outcome <> 'running' GROUP BY source_key)
        ORDER BY source_key
        """;

    private const string SelectLastAsked = """
        SELECT source_key AS SourceKey, MAX(started_at_ms) AS StartedAtMs FROM source_run
        WHERE outcome = 'succeeded' AND first_month <= @month AND last_month >= @month AND ended_at_ms <= @until
        GROUP BY source_key ORDER BY source_key
        """;

    private const string Insert = """
        INSERT INTO source_run (source_key, cause, first_month, last_month, started_at_ms, outcome)
        VALUES (@key, @cause, @first, @last, @now, 'running') RETURNING run_id
        """;

    private const string SelectRunning = "SELECT run_id FROM source_run WHERE source_key = @key AND outcome = 'running'";

    private const string Abandon = """
        UPDATE source_run SET outcome = 'abandoned', ended_at_ms = @now,
          error_message = 'The process that ran it ended first. The next run goes on from what the books hold.', error_code = 'run-abandoned'
        WHERE run_id = @id
        """;

    private const string Update = """
        UPDATE source_run SET ended_at_ms = @now, outcome = @outcome, offers = @Offers, taken = @Taken, unchanged = @Unchanged,
          row_count = @Rows, error_code = @code, error_message = @message
        WHERE run_id = @runId
        """;

    /// <summary>The newest runs first.</summary>
    /// <param name="sourceKey">Of one source; null for all.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<SourceRun> List(string? sourceKey, int limit)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(SelectMany, new { key = sourceKey, limit }).Select(r => r.ToRun())];
    }

    /// <summary>A run; null when there is none of that number.</summary>
    public SourceRun? Find(long runId)
    {
        using var connection = books.OpenReader();
        return connection.QuerySingleOrDefault<Row>(SelectOne, new { runId })?.ToRun();
    }

    /// <summary>The last run of each source that has one.</summary>
    /// <param name="outcome">Only runs that ended so; null for any.</param>
    public IReadOnlyDictionary<string, SourceRun> LastOfEach(RunOutcome? outcome)
    {
        using var connection = books.OpenReader();
        return connection.Query<Row>(SelectLast, new { outcome = outcome is { } o ? Word(o) : null })
            .Select(r => r.ToRun()).ToDictionary(r => r.SourceKey, StringComparer.Ordinal);
    }

    /// <summary>The last run of each source that has ended, however it did: what is known of a source while its next run goes on.</summary>
    public IReadOnlyDictionary<string, SourceRun> LastEndedOfEach()
    {
        using var connection = books.OpenReader();
        return connection.Query<Row>(SelectLastEnded).Select(r => r.ToRun()).ToDictionary(r => r.SourceKey, StringComparer.Ordinal);
    }

    /// <summary>When each source was last asked about a billing period, with success: the start of that run, as what came while it
    /// ran may not be in its answer.</summary>
    /// <param name="month">The billing period.</param>
    /// <param name="until">Only what had ended by this instant.</param>
    public IReadOnlyDictionary<string, DateTimeOffset> LastAsked(BillingMonth month, DateTimeOffset until)
    {
        using var connection = books.OpenReader();
        return connection.Query<Asked>(SelectLastAsked, new { month = month.Index, until = until.ToUnixTimeMilliseconds() })
            .ToDictionary(r => r.SourceKey, r => DateTimeOffset.FromUnixTimeMilliseconds(r.StartedAtMs), StringComparer.Ordinal);
    }

    /// <summary>Begins a run. The caller holds the source's lock, so that a run still marked as running is one whose process died.</summary>
    public Task<long> BeginAsync(string sourceKey, PullCause cause, MonthRange months, CancellationToken cancellationToken) =>
        WriteAsync(connection =>
        {
            var now = books.Time.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (var id in connection.Query<long>(SelectRunning, new { key = sourceKey }).ToList())
            {
                Change(connection, id, () => connection.Execute(Abandon, new { id, now }));
            }

            var runId = connection.ExecuteScalar<long>(Insert,
                new { key = sourceKey, cause = Word(cause), first = months.First.Index, last = months.Last.Index, now });
            Change(connection, runId, () => { });
            return runId;
        }, cancellationToken);

    /// <summary>Ends a run.</summary>
    public Task EndAsync(long runId, RunOutcome outcome, RunCounts counts, string? errorCode, string? errorMessage,
        CancellationToken cancellationToken) => WriteAsync(connection =>
        {
            Change(connection, runId, () => connection.Execute(Update, new
            {
                runId,
                now = books.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                outcome = Word(outcome),
                counts.Offers,
                counts.Taken,
                counts.Unchanged,
                counts.Rows,
                code = errorCode,
                message = errorMessage,
            }));
            return runId;
        }, cancellationToken);

    private static void Change(Microsoft.Data.Sqlite.SqliteConnection connection, long runId, Action change) =>
        RecordDigests.Change(connection, RecordKind.SourceRun, runId.ToString(System.Globalization.CultureInfo.InvariantCulture), change);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private async Task<T> WriteAsync<T>(Func<Microsoft.Data.Sqlite.SqliteConnection, T> write, CancellationToken cancellationToken)
    {
        using var gate = await books.EnterWriteAsync("history of runs", cancellationToken).ConfigureAwait(false);
        using var connection = books.OpenWriter();
        return WriteTransaction.Run(connection, () => write(connection));
    }

    private sealed record Asked
    {
        public string SourceKey { get; init; } = "";

        public long StartedAtMs { get; init; }
    }

    private sealed record Row
    {
        public long RunId { get; init; }

        public string SourceKey { get; init; } = "";

        public string Cause { get; init; } = "";

        public int FirstMonth { get; init; }

        public int LastMonth { get; init; }

        public long StartedAtMs { get; init; }

        public long? EndedAtMs { get; init; }

        public string Outcome { get; init; } = "";

        public int Offers { get; init; }

        public int Taken { get; init; }

        public int Unchanged { get; init; }

        public long Rows { get; init; }

        public string? ErrorCode { get; init; }

        public string? ErrorMessage { get; init; }

        public SourceRun ToRun() => new()
        {
            RunId = RunId,
            SourceKey = SourceKey,
            Cause = Enum.Parse<PullCause>(Cause, ignoreCase: true),
            Months = new MonthRange(BillingMonth.FromIndex(FirstMonth), BillingMonth.FromIndex(LastMonth)),
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(StartedAtMs),
            EndedAt = EndedAtMs is { } ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null,
            Outcome = Enum.Parse<RunOutcome>(Outcome, ignoreCase: true),
            Counts = new RunCounts(Offers, Taken, Unchanged, Rows),
            ErrorCode = ErrorCode,
            ErrorMessage = ErrorMessage,
        };
    }
}
