using System.Text.Json;
using CiCost.Domain.Lines;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Rules;
using CiCost.Ledger.Sqlite;
using Dapper;

namespace CiCost.Ledger.Proofs;

/// <summary>A rule set with the dimension sets that it had to attribute.</summary>
/// <param name="RuleSetId">The rule set.</param>
/// <param name="Ends">The book version that made another one current; past the last version while it is current.</param>
public sealed record RuleSetReign(long RuleSetId, long Ends);

/// <summary>What the database proves by itself: its pages, its schema, and the keys that are hashes of the rows they name.</summary>
public sealed class DatabaseProof(Books books)
{
    private const int MostTold = 100;

    private static readonly string SelectSets = $"""
        SELECT hex(dimension_key), dimension_set_id, origin, extras, {string.Join(", ", Enum.GetNames<DimensionColumn>())}
        FROM dimension_set ORDER BY dimension_set_id
        """;

    private const string SelectResultKeys = "SELECT result_id AS Id, result_key AS Key FROM attribution_result ORDER BY 1";

    private const string SelectReigns = """
        SELECT v.rule_set_id AS RuleSetId, COALESCE((SELECT MIN(n.book_version_id) FROM book_version n
          WHERE n.book_version_id > MAX(v.book_version_id)), 9223372036854775807) AS Ends
        FROM book_version v GROUP BY v.rule_set_id ORDER BY 1
        """;

    private const string SelectOtherRuleSets = """
        SELECT DISTINCT a.rule_set_id FROM attribution a WHERE a.rule_set_id NOT IN (SELECT v.rule_set_id FROM book_version v) ORDER BY 1
        """;

    private const string SelectFirstVersions = """
        SELECT s.dimension_set_id AS Id, d.book_version_id AS Version
        FROM dimension_set s JOIN delivery d ON d.delivery_id = s.first_delivery_id
        """;

    private const string SelectRuleSets = "SELECT rule_set_id FROM rule_set ORDER BY 1";

    /// <summary>What SQLite finds wrong with pages, indexes, and references between tables.</summary>
    public IReadOnlyList<string> PageProblems()
    {
        using var connection = books.OpenReader();
        return Dialect.Problems(connection, MostTold);
    }

    /// <summary>Tables, views and indexes that are not those that the migrations make.</summary>
    public IReadOnlyList<RecordDifference> SchemaDifferences()
    {
        using var fresh = Dialect.OpenTemporary();
        var expected = fresh.Query<SchemaRow>(Dialect.SelectSchema).ToDictionary(r => r.Name, r => r.Text, StringComparer.Ordinal);
        using var connection = books.OpenReader();
        var actual = connection.Query<SchemaRow>(Dialect.SelectSchema).ToDictionary(r => r.Name, r => r.Text, StringComparer.Ordinal);
        return
        [
            .. expected.Keys.Union(actual.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(name => expected.GetValueOrDefault(name) != actual.GetValueOrDefault(name))
                .Select(name => new RecordDifference("schema", name, "sql", actual.GetValueOrDefault(name, RecordDifference.NoRow),
                    expected.GetValueOrDefault(name, RecordDifference.NoRow))),
        ];
    }

    /// <summary>Dimension sets whose key is not the hash of what they say, or whose extras are not written as a booking writes them.</summary>
    public IReadOnlyList<RecordDifference> KeyDifferences()
    {
        List<RecordDifference> differences = [];
        using var connection = books.OpenReader();
        using var state = new ReadState(connection);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = SelectSets;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var extras = reader.IsDBNull(3) ? null : reader.GetString(3);
                var set = RuleSetRegistry.ToSet(reader, firstColumn: 4, extras, (LineOrigin)reader.GetInt32(2));
                Compare("dimension_set", $"dimension_set_id {reader.GetValue(1)}", "dimension_key", reader.GetString(0), Convert.ToHexString(set.Key));
                Compare("dimension_set", $"dimension_set_id {reader.GetValue(1)}", "extras", extras ?? "null",
                    set.Extras.Count == 0 ? "null" : JsonSerializer.Serialize(set.Extras));
            }
        }

        var results = AttributionReader.Results(connection);
        foreach (var row in connection.Query<ResultRow>(SelectResultKeys))
        {
            Compare("attribution_result", $"result_id {row.Id}", "result_key", Convert.ToHexString(row.Key),
                Convert.ToHexString(AttributionStore.KeyOf(results[row.Id])));
        }

        return differences;

        void Compare(string table, string where, string column, string stored, string recomputed)
        {
            if (stored != recomputed)
            {
                differences.Add(new RecordDifference(table, where, column, stored, recomputed));
            }
        }
    }

    /// <summary>All rule sets, whether a book version uses them or not.</summary>
    public IReadOnlyList<long> RuleSets()
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<long>(SelectRuleSets)];
    }

    /// <summary>The rule sets that any book version uses, with the end of their last time as the current one.</summary>
    public IReadOnlyList<RuleSetReign> Reigns()
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<ReignRow>(SelectReigns).Select(r => new RuleSetReign(r.RuleSetId, r.Ends))];
    }

    /// <summary>Rule sets that have attributions and that no book version uses.</summary>
    public IReadOnlyList<long> UnusedRuleSets()
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<long>(SelectOtherRuleSets)];
    }

    /// <summary>By dimension set the book version that it came with.</summary>
    public IReadOnlyDictionary<long, long> FirstVersions()
    {
        using var connection = books.OpenReader();
        return connection.Query<FirstRow>(SelectFirstVersions).ToDictionary(r => r.Id, r => r.Version);
    }

    private sealed record SchemaRow
    {
        public string Name { get; init; } = "";

        public string Text { get; init; } = "";
    }

    private sealed record ResultRow
    {
        public long Id { get; init; }

        public byte[] Key { get; init; } = [];
    }

    private sealed record ReignRow
    {
        public long RuleSetId { get; init; }

        public long Ends { get; init; }
    }

    private sealed record FirstRow
    {
        public long Id { get; init; }

        public long Version { get; init; }
    }
}
