using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Digests;

/// <summary>A record that is not what it was when its digest was taken.</summary>
/// <param name="Kind">Its kind, such as <c>delivery</c>; <c>book-version</c> for a link of the chain.</param>
/// <param name="Key">Which record.</param>
/// <param name="Tables">The tables that its digest covers, comma separated.</param>
/// <param name="Stored">The digest that the books keep, hex; empty when they have none.</param>
/// <param name="Recomputed">The digest of what the tables say now, hex; empty when the record is gone.</param>
public sealed record ChangedRecord(string Kind, string Key, string Tables, string Stored, string Recomputed);

/// <summary>What digests the books have.</summary>
/// <param name="Records">Digests of records.</param>
/// <param name="OfMigration">Those of them that were first taken when the books were migrated.</param>
/// <param name="MigratedAt">The newest book version that had been made by then; null when all were taken at booking.</param>
/// <param name="NewestVersion">The newest book version with a digest; 0 for none.</param>
/// <param name="Head">Its digest, hex: who notes it elsewhere can prove later that nothing up to it was rewritten.</param>
public sealed record DigestSummary(long Records, long OfMigration, long? MigratedAt, long NewestVersion, string Head);

/// <summary>Compares records with the digests that were taken of them.</summary>
public sealed class DigestReader(Books books)
{
    private const string SelectOfKind = "SELECT record_key AS Key, taken AS Taken, digest AS Digest FROM record_digest WHERE kind = @kind";
    private const string SelectOtherKinds = "SELECT DISTINCT kind FROM record_digest ORDER BY 1";
    private const string SelectVersions = """
        SELECT v.book_version_id AS Id, d.taken AS Taken, d.digest AS Digest
        FROM book_version v LEFT JOIN version_digest d ON d.book_version_id = v.book_version_id
        UNION
        SELECT d.book_version_id, d.taken, d.digest FROM version_digest d
        ORDER BY 1
        """;

    private const string SelectVersionIds = "SELECT book_version_id FROM book_version";
    private const string CountRecords = "SELECT COUNT(*) FROM record_digest";
    private const string CountOfMigration = "SELECT COUNT(*) FROM record_digest WHERE taken = 'migration'";
    private const string SelectMigratedAt = "SELECT MAX(book_version_id) FROM version_digest WHERE taken = 'migration'";
    private const string SelectHead = """
        SELECT book_version_id AS Id, digest AS Digest FROM version_digest ORDER BY book_version_id DESC LIMIT 1
        """;

    /// <summary>What there is.</summary>
    public DigestSummary Summary()
    {
        using var connection = books.OpenReader();
        using var state = new ReadState(connection);
        var head = connection.QuerySingleOrDefault<VersionRow>(SelectHead);
        return new DigestSummary(connection.ExecuteScalar<long>(CountRecords), connection.ExecuteScalar<long>(CountOfMigration),
            connection.ExecuteScalar<long?>(SelectMigratedAt), head?.Id ?? 0, Hex(head?.Digest));
    }

    /// <summary>The records that are not what they were, in order of kind and key.</summary>
    public IEnumerable<ChangedRecord> ChangedRecords()
    {
        using var connection = books.OpenReader();
        using var state = new ReadState(connection);
        foreach (var kind in RecordKind.All)
        {
            var digests = connection.Query<RecordRow>(SelectOfKind, new { kind = kind.Name }).ToDictionary(r => r.Key, StringComparer.Ordinal);
            var tables = string.Join(", ", kind.Parts.Select(p => p.Table).Distinct());
            foreach (var key in connection.Query<string>(kind.SelectKeys).Distinct(StringComparer.Ordinal).ToList())
            {
                if (!digests.Remove(key, out var digest))
                {
                    yield return new ChangedRecord(kind.Name, key, tables, "", Hex(RecordDigests.Of(connection, kind, key, RecordDigests.AtBooking)));
                }
                else if (RecordDigests.Of(connection, kind, key, digest.Taken) is var now && !now.AsSpan().SequenceEqual(digest.Digest))
                {
                    yield return new ChangedRecord(kind.Name, key, tables, Hex(digest.Digest), Hex(now));
                }
            }

            foreach (var digest in digests.Values.OrderBy(d => d.Key, StringComparer.Ordinal))
            {
                yield return new ChangedRecord(kind.Name, digest.Key, tables, Hex(digest.Digest), "");
            }
        }

        var known = RecordKind.All.Select(k => k.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var kind in connection.Query<string>(SelectOtherKinds).Where(k => !known.Contains(k)).ToList())
        {
            yield return new ChangedRecord(kind, "*", "record_digest", "a kind that no record has", "");
        }
    }

    /// <summary>The book versions whose link of the chain is not what it was.</summary>
    public IEnumerable<ChangedRecord> BrokenLinks()
    {
        const string tables = "book_version, version_digest";
        using var connection = books.OpenReader();
        using var state = new ReadState(connection);
        var versions = connection.Query<long>(SelectVersionIds).ToHashSet();
        byte[]? before = null;
        foreach (var (id, taken, digest) in connection.Query<VersionRow>(SelectVersions).Select(r => (r.Id, r.Taken, r.Digest)).ToList())
        {
            var now = versions.Contains(id) ? RecordDigests.OfVersion(connection, id, taken ?? RecordDigests.AtBooking, before) : null;
            if (now is null || digest is null || !now.AsSpan().SequenceEqual(digest))
            {
                var key = id.ToString(System.Globalization.CultureInfo.InvariantCulture);
                yield return new ChangedRecord("book-version", key, tables, Hex(digest), Hex(now));
            }

            before = digest ?? before;
        }
    }

    private static string Hex(byte[]? digest) => digest is null ? "" : Convert.ToHexStringLower(digest);

    private sealed record RecordRow
    {
        public string Key { get; init; } = "";

        public string Taken { get; init; } = "";

        public byte[] Digest { get; init; } = [];
    }

    private sealed record VersionRow
    {
        public long Id { get; init; }

        public string? Taken { get; init; }

        public byte[]? Digest { get; init; }
    }
}
