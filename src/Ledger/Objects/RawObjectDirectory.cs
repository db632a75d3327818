using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Objects;

/// <summary>The raw objects that bookings refer to.</summary>
public sealed class RawObjectDirectory(Books books)
{
    private const string SelectOne = """
        SELECT o.sha256 AS Sha256, o.delivered_sha256 AS DeliveredSha256, o.delivered_bytes AS DeliveredBytes,
          o.stored_bytes AS StoredBytes,
               o.compressed_here AS CompressedHere,
               (SELECT object_name FROM delivery_object d WHERE d.sha256 = o.sha256 ORDER BY delivery_id DESC LIMIT 1) AS Name
        FROM raw_object o WHERE o.sha256 = @sha256
        """;

    private const string InsertOne = """
        INSERT INTO raw_object (sha256, delivered_sha256, delivered_bytes, stored_bytes, compressed_here, stored_at_ms)
        VALUES (@sha256, @deliveredSha256, @deliveredBytes, @storedBytes, @compressedHere, @now)
        ON CONFLICT (sha256) DO NOTHING
        """;

    private const string SelectAll = "SELECT sha256 AS Sha256, stored_bytes AS StoredBytes FROM raw_object ORDER BY sha256";

    private const string SelectRecorded = """
        SELECT sha256 AS Sha256, delivered_sha256 AS DeliveredSha256, delivered_bytes AS DeliveredBytes, stored_bytes AS StoredBytes,
               compressed_here AS CompressedHere
        FROM raw_object ORDER BY sha256
        """;

    /// <summary>An object by its address, with the name it was last delivered under. One that no booking refers to is adopted as it
    /// is.</summary>
    /// <exception cref="BooksException">The store does not have it.</exception>
    public (string Name, StoredObject Object) Find(string sha256)
    {
        using var connection = books.OpenReader();
        if (connection.QuerySingleOrDefault<Row>(SelectOne, new { sha256 }) is { } row)
        {
            return (row.Name ?? sha256,
                new StoredObject(row.Sha256, row.DeliveredSha256, row.DeliveredBytes, row.StoredBytes, row.CompressedHere != 0));
        }

        return books.Objects.SizeOf(sha256) is { } size
            ? (sha256, new StoredObject(sha256, sha256, size, size, CompressedHere: false))
            : throw new BooksException("object-missing", $"The raw object {sha256} is not in the store. Give the file itself with --file.");
    }

    /// <summary>All objects that bookings refer to: address and stored size.</summary>
    public IReadOnlyList<(string Sha256, long StoredBytes)> List()
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<Row>(SelectAll).Select(r => (r.Sha256, r.StoredBytes))];
    }

    /// <summary>All objects that bookings refer to, with what was recorded of them.</summary>
    public IReadOnlyList<StoredObject> Recorded()
    {
        using var connection = books.OpenReader();
        return
        [
            .. connection.Query<Row>(SelectRecorded)
                .Select(r => new StoredObject(r.Sha256, r.DeliveredSha256, r.DeliveredBytes, r.StoredBytes, r.CompressedHere != 0)),
        ];
    }

    /// <summary>Records that something refers to an object, inside the caller's transaction; one that is known stays as it is.</summary>
    internal static void Register(SqliteConnection connection, StoredObject stored, long nowMs) => connection.Execute(InsertOne, new
    {
        sha256 = stored.Sha256,
        deliveredSha256 = stored.DeliveredSha256,
        deliveredBytes = stored.DeliveredBytes,
        storedBytes = stored.StoredBytes,
        compressedHere = stored.CompressedHere ? 1 : 0,
        now = nowMs,
    });

    private sealed record Row
    {
        public string Sha256 { get; init; } = "";

        public string DeliveredSha256 { get; init; } = "";

        public long DeliveredBytes { get; init; }

        public long StoredBytes { get; init; }

        public long CompressedHere { get; init; }

        public string? Name { get; init; }
    }
}
