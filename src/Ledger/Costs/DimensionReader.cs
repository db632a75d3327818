using System.Text.Json;
using CiCost.Domain.Lines;
using CiCost.Ledger.Rules;
using CiCost.Ledger.Sqlite;

namespace CiCost.Ledger.Costs;

/// <summary>Reads dimension sets: whole, or one column of all of them.</summary>
public sealed class DimensionReader(Books books)
{
    private static readonly string SelectOne = $"""
        SELECT dimension_set_id, origin, extras, {string.Join(", ", Enum.GetNames<DimensionColumn>())} FROM dimension_set
          WHERE dimension_set_id = $id
        """;

    /// <summary>One dimension set.</summary>
    public DimensionSet Get(long dimensionSetId)
    {
        using var connection = books.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = SelectOne;
        command.Parameters.AddWithValue("$id", dimensionSetId);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? RuleSetRegistry.ToSet(reader, firstColumn: 3, reader.IsDBNull(2) ? null : reader.GetString(2), (LineOrigin)reader.GetInt32(1))
            : throw new BooksException("dimension-set-unknown", $"There is no dimension set {dimensionSetId}.");
    }

    /// <summary>All dimension sets.</summary>
    public IReadOnlyList<(long Id, DimensionSet Set)> All()
    {
        using var connection = books.OpenReader();
        return [.. RuleSetRegistry.ReadSets(connection)];
    }

    /// <summary>One column of all sets, by id; sets without a value are left out.</summary>
    /// <param name="name">A <see cref="DimensionColumn"/>, a listed custom column, or <c>tags.KEY</c>.</param>
    public IReadOnlyDictionary<long, string> Column(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var isFixed = Enum.TryParse<DimensionColumn>(name, out var column) && Enum.IsDefined(column);
        using var connection = books.OpenReader();
        using var query = new HotQuery(connection,
            $"SELECT dimension_set_id, {(isFixed ? column.ToString() : "extras")} FROM dimension_set");
        Dictionary<long, string> values = [];
        Dictionary<string, string> interned = new(StringComparer.Ordinal);
        while (query.Read())
        {
            var text = query.Text(1);
            var value = isFixed || text is null ? text : Extra(text, name);
            if (value is not null)
            {
                values.Add(query.Int64(0), Intern(interned, value));
            }
        }

        return values;
    }

    /// <summary>The ids of all sets by the upper-case hex of their key.</summary>
    public IReadOnlyDictionary<string, long> IdsByKey()
    {
        using var connection = books.OpenReader();
        using var query = new HotQuery(connection, "SELECT hex(dimension_key), dimension_set_id FROM dimension_set");
        Dictionary<string, long> ids = new(StringComparer.Ordinal);
        while (query.Read())
        {
            ids.Add(query.Text(0)!, query.Int64(1));
        }

        return ids;
    }

    /// <summary>The names of the custom columns and tags that any set has.</summary>
    public IReadOnlyList<string> ExtraNames()
    {
        using var connection = books.OpenReader();
        using var query = new HotQuery(connection, Dialect.SelectExtraNames);
        List<string> names = [];
        while (query.Read())
        {
            names.Add(query.Text(0)!);
        }

        return names;
    }

    private static string? Extra(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private static string Intern(Dictionary<string, string> interned, string value)
    {
        if (interned.TryGetValue(value, out var known))
        {
            return known;
        }

        interned.Add(value, value);
        return value;
    }
}
