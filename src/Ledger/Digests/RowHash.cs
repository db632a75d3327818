using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CiCost.Ledger.Sqlite;
using SQLitePCL;

namespace CiCost.Ledger.Digests;

/// <summary>SHA-256 over rows: of each value its type, its length and its bytes, so that no two lists of rows are hashed alike.</summary>
internal sealed class RowHash : IDisposable
{
    private const byte EndOfRow = 255;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a text.</summary>
    public void Add(string text) => Add(raw.SQLITE_TEXT, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => Add(raw.SQLITE_BLOB, bytes);

    /// <summary>Adds all rows that a query still has.</summary>
    public void AddRows(HotQuery query, int columns)
    {
        Span<byte> integer = stackalloc byte[sizeof(long)];
        while (query.Read())
        {
            for (var i = 0; i < columns; i++)
            {
                var type = query.Type(i);
                if (type == raw.SQLITE_INTEGER)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(integer, query.Int64(i));
                    Add(type, integer);
                }
                else
                {
                    Add(type, type == raw.SQLITE_NULL ? default : query.Bytes(i));
                }
            }

            _hash.AppendData([EndOfRow]);
        }

        _hash.AppendData([EndOfRow, EndOfRow]);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] Finish() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();

    private void Add(int type, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes.Length);
        _hash.AppendData(head);
        _hash.AppendData(bytes);
    }
}
