using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Digests;

/// <summary>
/// Takes the digests of records in the transaction that writes them (docs/decisions/0012-digests-of-records.md). What a record says is read
/// back from the tables, so that the digest is of what is stored.
/// </summary>
internal static class RecordDigests
{
    /// <summary>In <c>taken</c>: with the records.</summary>
    public const string AtBooking = "booking";

    /// <summary>In <c>taken</c>: when the books were brought to this schema.</summary>
    public const string AtMigration = "migration";

    /// <summary>Reads the digests of what was booked with a version.</summary>
    public const string SelectMembers = """
        SELECT m.kind, m.record_key, r.digest
        FROM (
          SELECT 'rule-set' AS kind, CAST(v.rule_set_id AS TEXT) AS record_key FROM book_version v WHERE v.book_version_id = ?1
          UNION ALL
          SELECT 'delivery', CAST(d.delivery_id AS TEXT) FROM delivery d WHERE d.book_version_id = ?1
          UNION ALL
          SELECT 'scope', CAST(d.scope_id AS TEXT) FROM delivery d WHERE d.book_version_id = ?1
          UNION ALL
          SELECT 'source', s.source_key FROM delivery d JOIN scope sc ON sc.scope_id = d.scope_id JOIN source s ON s.source_id = sc.source_id
          WHERE d.book_version_id = ?1
          UNION ALL
          SELECT 'raw-object', o.sha256 FROM delivery d JOIN delivery_object o ON o.delivery_id = d.delivery_id WHERE d.book_version_id = ?1
          UNION ALL
          SELECT 'evidence', CAST(MIN(e.evidence_id) AS TEXT) FROM evidence e JOIN book_version v ON v.book_version_id = e.book_version_id
          WHERE e.book_version_id = ?1 AND v.event = 'evidence' HAVING COUNT(*) > 0
        ) m LEFT JOIN record_digest r ON r.kind = m.kind AND r.record_key = m.record_key
        ORDER BY 1, 2
        """;

    /// <summary>Reads a version's own row.</summary>
    public const string SelectVersion = """
        SELECT book_version_id, recorded_at_ms, event, rule_set_id FROM book_version WHERE book_version_id = ?1
        """;

    private const string SelectTaken = "SELECT taken FROM record_digest WHERE kind = @kind AND record_key = @key";

    private const string Upsert = """
        INSERT INTO record_digest (kind, record_key, taken, digest) VALUES (@kind, @key, @taken, @digest)
        ON CONFLICT (kind, record_key) DO UPDATE SET digest = excluded.digest
        """;

    private const string SelectDigest = "SELECT taken AS Taken, digest AS Digest FROM record_digest WHERE kind = @kind AND record_key = @key";

    private const string SelectVersionBefore = """
        SELECT digest FROM version_digest WHERE book_version_id < @id ORDER BY book_version_id DESC LIMIT 1
        """;

    private const string InsertVersion = "INSERT INTO version_digest (book_version_id, taken, digest) VALUES (@id, @taken, @digest)";
    private const string SelectVersions = "SELECT book_version_id FROM book_version ORDER BY 1";

    /// <summary>Takes the digest of a record that never changes; one that has a digest keeps it.</summary>
    public static void TakeOnce(SqliteConnection connection, RecordKind kind, string key)
    {
        if (connection.ExecuteScalar<string?>(SelectTaken, new { kind = kind.Name, key }) is null)
        {
            Take(connection, kind, key, AtBooking);
        }
    }

    /// <summary>Takes the digest of a record that was written.</summary>
    public static void Take(SqliteConnection connection, RecordKind kind, string key) => Take(connection, kind, key, AtBooking);

    /// <summary>
    /// Changes a record that may change, or writes it first, and takes its digest again. A record that is not what its digest says keeps the
    /// old digest: whoever changed it before is still found out. One that was first taken at the migration says so for ever.
    /// </summary>
    public static void Change(SqliteConnection connection, RecordKind kind, string key, Action change)
    {
        var digest = connection.QuerySingleOrDefault<DigestRow>(SelectDigest, new { kind = kind.Name, key });
        var isAsItWas = digest is null || Of(connection, kind, key, digest.Taken).AsSpan().SequenceEqual(digest.Digest);
        change();
        if (isAsItWas)
        {
            Take(connection, kind, key, digest?.Taken ?? AtBooking);
        }
    }

    /// <summary>Takes the digest of a book version, after those of all that was booked with it.</summary>
    public static void TakeVersion(SqliteConnection connection, long bookVersionId, string taken = AtBooking)
    {
        var before = connection.ExecuteScalar<byte[]?>(SelectVersionBefore, new { id = bookVersionId });
        connection.Execute(InsertVersion, new { id = bookVersionId, taken, digest = OfVersion(connection, bookVersionId, taken, before) });
    }

    /// <summary>Takes the digests of everything, at the migration.</summary>
    public static void TakeAll(SqliteConnection connection)
    {
        foreach (var kind in RecordKind.All)
        {
            foreach (var key in connection.Query<string>(kind.SelectKeys).ToList())
            {
                Take(connection, kind, key, AtMigration);
            }
        }

        foreach (var id in connection.Query<long>(SelectVersions).ToList())
        {
            TakeVersion(connection, id, AtMigration);
        }
    }

    /// <summary>What the digest of a record is, by what the tables say now.</summary>
    public static byte[] Of(SqliteConnection connection, RecordKind kind, string key, string taken)
    {
        using var hash = new RowHash();
        hash.Add(kind.Name);
        hash.Add(key);
        hash.Add(taken);
        var keyParts = kind.KeyParts == 1 ? [key] : key.Split('|', kind.KeyParts);
        foreach (var part in kind.Parts)
        {
            using var query = new HotQuery(connection, part.Select);
            for (var i = 0; i < keyParts.Length; i++)
            {
                query.Bind(i + 1, keyParts[i]);
            }

            hash.Add(part.Table);
            hash.AddRows(query, part.Columns.Length);
        }

        return hash.Finish();
    }

    /// <summary>What the digest of a book version is, by what the tables say now.</summary>
    /// <param name="connection">The books.</param>
    /// <param name="bookVersionId">The version.</param>
    /// <param name="taken">When it was taken.</param>
    /// <param name="before">The digest of the version before; null for the first.</param>
    public static byte[] OfVersion(SqliteConnection connection, long bookVersionId, string taken, byte[]? before)
    {
        using var hash = new RowHash();
        hash.Add(before);
        hash.Add(taken);
        using var version = new HotQuery(connection, SelectVersion);
        version.Bind(1, bookVersionId);
        hash.AddRows(version, 4);
        using var members = new HotQuery(connection, SelectMembers);
        members.Bind(1, bookVersionId);
        hash.AddRows(members, 3);
        return hash.Finish();
    }

    private static void Take(SqliteConnection connection, RecordKind kind, string key, string taken) =>
        connection.Execute(Upsert, new { kind = kind.Name, key, taken, digest = Of(connection, kind, key, taken) });

    private sealed record DigestRow
    {
        public string Taken { get; init; } = "";

        public byte[] Digest { get; init; } = [];
    }
}
