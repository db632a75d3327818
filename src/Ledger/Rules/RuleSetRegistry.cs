using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Digests;
using CiCost.Ledger.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Rules;

/// <summary>A version of the policy that the books know.</summary>
/// <param name="RuleSetId">Its number.</param>
/// <param name="ContentHash">SHA-256 hex over its files.</param>
public sealed record RegisteredRuleSet(long RuleSetId, string ContentHash);

/// <summary>What registering a policy did.</summary>
/// <param name="RuleSet">The rule set.</param>
/// <param name="IsNew">False when it was the current one already: nothing changed.</param>
/// <param name="DimensionSets">How many dimension sets were attributed.</param>
public sealed record RuleSetRegistration(RegisteredRuleSet RuleSet, bool IsNew, int DimensionSets);

/// <summary>The versions of the policy, with their files, so that every past book version can be explained by its own rules.</summary>
public sealed class RuleSetRegistry(Books books)
{
    private static readonly string SelectSets = $"""
        SELECT dimension_set_id, origin, extras, {string.Join(", ", Enum.GetNames<DimensionColumn>())}
          FROM dimension_set ORDER BY dimension_set_id
        """;

    private const string SelectCurrent = """
        SELECT r.rule_set_id AS RuleSetId, r.content_hash AS ContentHash
        FROM book_version v JOIN rule_set r ON r.rule_set_id = v.rule_set_id
        ORDER BY v.book_version_id DESC LIMIT 1
        """;

    private const string SelectByHash = "SELECT rule_set_id FROM rule_set WHERE content_hash = @contentHash";

    private const string SelectHash = "SELECT content_hash FROM rule_set WHERE rule_set_id = @ruleSetId";

    private const string InsertRuleSet = """
        INSERT INTO rule_set (content_hash, registered_at_ms) VALUES (@contentHash, @now) RETURNING rule_set_id
        """;

    private const string InsertFile = "INSERT INTO rule_file (rule_set_id, name, content) VALUES (@ruleSetId, @name, @content)";
    private const string DeleteAttributions = "DELETE FROM attribution WHERE rule_set_id = @ruleSetId";
    private const string SelectFiles = """
        SELECT name AS Name, content AS Content FROM rule_file WHERE rule_set_id = @ruleSetId ORDER BY name
        """;

    /// <summary>The rule set of the newest book version, or null in books that have none.</summary>
    public RegisteredRuleSet? Current()
    {
        using var connection = books.OpenReader();
        return CurrentOf(connection);
    }

    /// <summary>The files of a rule set: relative name and text.</summary>
    public IReadOnlyList<(string Name, string Content)> FilesOf(long ruleSetId)
    {
        using var connection = books.OpenReader();
        return [.. connection.Query<FileRow>(SelectFiles, new { ruleSetId }).Select(f => (f.Name, f.Content))];
    }

    /// <summary>The hash under which a rule set was taken over; empty when there is none of that number.</summary>
    public string HashOf(long ruleSetId)
    {
        using var connection = books.OpenReader();
        return connection.ExecuteScalar<string?>(SelectHash, new { ruleSetId }) ?? "";
    }

    /// <summary>
    /// Makes a policy the current one and attributes every dimension set by it, in one transaction, without reading a line.
    /// The same policy again changes nothing.
    /// </summary>
    /// <param name="contentHash">SHA-256 hex over the files.</param>
    /// <param name="files">The files.</param>
    /// <param name="attributor">The rules.</param>
    public async Task<RuleSetRegistration> RegisterAsync(
        string contentHash,
        IReadOnlyList<(string Name, string Content)> files,
        IAttributor attributor,
        CancellationToken cancellationToken)
    {
        using (await books.EnterWriteAsync("attribution by a new policy", cancellationToken).ConfigureAwait(false))
        {
            using var connection = books.OpenWriter();
            if (CurrentOf(connection) is { } current && current.ContentHash == contentHash)
            {
                return new RuleSetRegistration(current, IsNew: false, 0);
            }

            using var transaction = WriteTransaction.Begin(connection);
            var ruleSetId = FindOrInsert(connection, contentHash, files);
            var count = AttributeAll(connection, ruleSetId, attributor, cancellationToken);
            var bookVersionId = BookVersionLog.Append(connection, books.Time, "rules", ruleSetId);
            RecordDigests.TakeOnce(connection, RecordKind.RuleSet, ruleSetId.ToString(CultureInfo.InvariantCulture));
            RecordDigests.TakeVersion(connection, bookVersionId);
            FailPoint.Reach("rules.before-commit");
            transaction.Commit();
            FailPoint.Reach("rules.after-commit");
            books.CheckpointWhatReadersAllow(connection);
            return new RuleSetRegistration(new RegisteredRuleSet(ruleSetId, contentHash), IsNew: true, count);
        }
    }

    internal static RegisteredRuleSet? CurrentOf(SqliteConnection connection)
        => connection.QuerySingleOrDefault<RuleSetRow>(SelectCurrent)?.ToRuleSet();

    internal static int AttributeAll(SqliteConnection connection, long ruleSetId, IAttributor attributor,
        CancellationToken cancellationToken)
    {
        using var store = new AttributionStore(connection, ruleSetId);
        var count = 0;
        foreach (var (id, set) in ReadSets(connection))
        {
            cancellationToken.ThrowIfCancellationRequested();
            store.Write(id, attributor.Attribute(set));
            count++;
        }

        return count;
    }

    internal static IEnumerable<(long Id, DimensionSet Set)> ReadSets(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = SelectSets;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return (reader.GetInt64(0),
                ToSet(reader, firstColumn: 3, extras: reader.IsDBNull(2) ? null : reader.GetString(2), (LineOrigin)reader.GetInt32(1)));
        }
    }

    internal static DimensionSet ToSet(SqliteDataReader reader, int firstColumn, string? extras, LineOrigin origin)
    {
        var values = new string?[DimensionSet.ColumnCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.IsDBNull(firstColumn + i) ? null : reader.GetString(firstColumn + i);
        }

        var map = extras is null
            ? ImmutableSortedDictionary<string, string>.Empty
            : JsonSerializer.Deserialize<Dictionary<string, string>>(extras)!.ToImmutableSortedDictionary(StringComparer.Ordinal);
        return new DimensionSet(values, map, origin);
    }

    private long FindOrInsert(SqliteConnection connection, string contentHash, IReadOnlyList<(string Name, string Content)> files)
    {
        if (connection.ExecuteScalar<long?>(SelectByHash, new { contentHash }) is { } known)
        {
            // A policy that comes back is attributed anew: sets may have come in meanwhile.
            connection.Execute(DeleteAttributions, new { ruleSetId = known });
            return known;
        }

        var ruleSetId = connection.ExecuteScalar<long>(InsertRuleSet,
            new { contentHash, now = books.Time.GetUtcNow().ToUnixTimeMilliseconds() });
        foreach (var (name, content) in files)
        {
            connection.Execute(InsertFile, new { ruleSetId, name, content });
        }

        return ruleSetId;
    }

    private sealed record RuleSetRow
    {
        public long RuleSetId { get; init; }

        public string ContentHash { get; init; } = "";

        public RegisteredRuleSet ToRuleSet() => new(RuleSetId, ContentHash);
    }

    private sealed record FileRow
    {
        public string Name { get; init; } = "";

        public string Content { get; init; } = "";
    }
}
