using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.BookVersions;

/// <summary>Resolves "as of" to a book version: every read does this first.</summary>
public sealed class BookVersionDirectory(Books books)
{
    private const string Select = """
        SELECT v.book_version_id AS Id, v.recorded_at_ms AS RecordedAtMs, v.rule_set_id AS RuleSetId, r.content_hash AS PolicyHash
        FROM book_version v JOIN rule_set r ON r.rule_set_id = v.rule_set_id
        """;

    private const string SelectAsOf = Select + " WHERE v.recorded_at_ms <= @asOfMs ORDER BY v.book_version_id DESC LIMIT 1";
    private const string SelectById = Select + " WHERE v.book_version_id = @id";
    private const string SelectFirst = "SELECT MIN(recorded_at_ms) FROM book_version";

    /// <summary>The newest version recorded at or before an instant.</summary>
    /// <exception cref="BooksException">The books had no version by then.</exception>
    public BookVersion AsOf(DateTimeOffset? instant)
    {
        using var connection = books.OpenReader();
        var asOfMs = instant?.ToUnixTimeMilliseconds() ?? long.MaxValue;
        return connection.QuerySingleOrDefault<Row>(SelectAsOf, new { asOfMs })?.ToVersion() ?? throw Nothing(connection, instant);
    }

    /// <summary>The newest version recorded at or before an instant; null when the books had none by then.</summary>
    public BookVersion? AsOfOrNull(DateTimeOffset instant)
    {
        using var connection = books.OpenReader();
        return connection.QuerySingleOrDefault<Row>(SelectAsOf, new { asOfMs = instant.ToUnixTimeMilliseconds() })?.ToVersion();
    }

    /// <summary>A version by its number.</summary>
    /// <exception cref="BooksException">There is none of that number.</exception>
    public BookVersion ById(long id)
    {
        using var connection = books.OpenReader();
        return connection.QuerySingleOrDefault<Row>(SelectById, new { id })?.ToVersion()
            ?? throw new BooksException("book-version-unknown", $"There is no book version {id}. 'cicost deliveries' lists them.");
    }

    /// <summary>All versions, oldest first.</summary>
    public IReadOnlyList<BookVersion> List()
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(Select + " ORDER BY v.book_version_id").Select(r => r.ToVersion())];
    }

    private static BooksException Nothing(SqliteConnection connection, DateTimeOffset? instant)
    {
        var first = connection.ExecuteScalar<long?>(SelectFirst);
        return first is null
            ? new BooksException("books-empty", "These books are empty. Book a first delivery with 'cicost ingest'.")
            : new BooksException("as-of-too-early", string.Create(
                CultureInfo.InvariantCulture,
                $"The books begin at {DateTimeOffset.FromUnixTimeMilliseconds(first.Value):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}, after the "
                    + $"asked instant {instant:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}."));
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public long RecordedAtMs { get; init; }

        public long RuleSetId { get; init; }

        public string PolicyHash { get; init; } = "";

        public BookVersion ToVersion() => new(Id, DateTimeOffset.FromUnixTimeMilliseconds(RecordedAtMs), RuleSetId, PolicyHash);
    }
}
