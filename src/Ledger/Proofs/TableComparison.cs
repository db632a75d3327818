using CiCost.Domain.Periods;
using CiCost.Ledger.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CiCost.Ledger.Proofs;

/// <summary>Compares a table of the books with the same table made anew, row by row in the order of its key, each value with its type.</summary>
internal static class TableComparison
{
    /// <summary>Differences of one table that are told one by one.</summary>
    public const int MostTold = 20;

    private const int ShownCharacters = 200;

    /// <summary>9999-12-31, in days since 1970-01-01.</summary>
    private const int LastDay = 2_932_896;

    /// <summary>Compares.</summary>
    /// <param name="table">What is compared.</param>
    /// <param name="stored">The books.</param>
    /// <param name="made">Where the table was made anew.</param>
    /// <param name="arguments">The query's arguments.</param>
    public static List<RecordDifference> Compare(ProvedTable table, SqliteConnection stored, SqliteConnection made, params ReadOnlySpan<long> arguments)
    {
        using var left = Open(stored, table, arguments);
        using var right = Open(made, table, arguments);
        List<RecordDifference> differences = [];
        var more = 0L;
        bool hasLeft = left.Read(), hasRight = right.Read();
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : CompareKeys(left, right, table.Keys.Length);
            if (order < 0)
            {
                if (!table.MayHaveMore)
                {
                    Tell(new RecordDifference(table.Name, KeyText(left, table), "", RowText(left, table), RecordDifference.NoRow));
                }

                hasLeft = left.Read();
            }
            else if (order > 0)
            {
                Tell(new RecordDifference(table.Name, KeyText(right, table), "", RecordDifference.NoRow, RowText(right, table)));
                hasRight = right.Read();
            }
            else
            {
                for (var i = table.Keys.Length; i < table.Keys.Length + table.Values.Length; i++)
                {
                    if (CompareValues(left, right, i) != 0)
                    {
                        Tell(new RecordDifference(table.Name, KeyText(left, table), table.Values[i - table.Keys.Length], Text(left, i), Text(right, i)));
                    }
                }

                hasLeft = left.Read();
                hasRight = right.Read();
            }
        }

        if (more > 0)
        {
            differences.Add(new RecordDifference(table.Name, $"{more} more of this delivery", "", "", ""));
        }

        return differences;

        void Tell(RecordDifference difference)
        {
            if (differences.Count < MostTold)
            {
                differences.Add(difference);
            }
            else
            {
                more++;
            }
        }
    }

    private static HotQuery Open(SqliteConnection connection, ProvedTable table, ReadOnlySpan<long> arguments)
    {
        var query = new HotQuery(connection, table.Select);
        for (var i = 0; i < arguments.Length && i < query.Parameters; i++)
        {
            query.Bind(i + 1, arguments[i]);
        }

        return query;
    }

    private static int CompareKeys(HotQuery left, HotQuery right, int keys)
    {
        for (var i = 0; i < keys; i++)
        {
            if (CompareValues(left, right, i) is var order and not 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>SQLite's own order: null, numbers, texts by bytes, blobs.</summary>
    private static int CompareValues(HotQuery left, HotQuery right, int column)
    {
        var (l, r) = (left.Type(column), right.Type(column));
        if (l != r)
        {
            return Rank(l).CompareTo(Rank(r)) is var byRank and not 0 ? byRank : l.CompareTo(r);
        }

        return l switch
        {
            raw.SQLITE_NULL => 0,
            raw.SQLITE_INTEGER => left.Int64(column).CompareTo(right.Int64(column)),
            _ => left.Bytes(column).SequenceCompareTo(right.Bytes(column)),
        };
    }

    private static int Rank(int type) => type switch
    {
        raw.SQLITE_NULL => 0,
        raw.SQLITE_INTEGER or raw.SQLITE_FLOAT => 1,
        raw.SQLITE_TEXT => 2,
        _ => 3,
    };

    private static string KeyText(HotQuery query, ProvedTable table) =>
        string.Join(", ", table.Keys.Select((k, i) => k switch
        {
            "line_id" => $"delivery {query.Int64(i) >> 32}, row {query.Int64(i) & uint.MaxValue}",
            "resource_id" or "tag_set_id" or "unit_price_id" => $"delivery {query.Int64(i) >> 32}, number {query.Int64(i) & uint.MaxValue}",
            "charge_day" when query.Int64(i) is >= 0 and <= LastDay and var day => $"{k} {ChargeDay.ToText((int)day)}",
            _ => $"{k} {Text(query, i)}",
        }));

    private static string RowText(HotQuery query, ProvedTable table) =>
        Cut(string.Join(", ", table.Values.Select((v, i) => $"{v} {Text(query, table.Keys.Length + i)}")));

    private static string Text(HotQuery query, int column) => query.Type(column) switch
    {
        raw.SQLITE_NULL => "null",
        raw.SQLITE_BLOB => Cut(Convert.ToHexStringLower(query.Bytes(column))),
        _ => Cut(query.Text(column)!),
    };

    private static string Cut(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "...";
}
