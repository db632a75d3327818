using System.Security.Cryptography;
using System.Text;
using CiCost.Domain.Attribution;
using CiCost.Ledger.Sqlite;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Rules;

/// <summary>Writes dated attributions: few distinct results, many (dimension set, interval) that point to them.</summary>
internal sealed class AttributionStore : IDisposable
{
    private static readonly string[] Attributes =
        ["project", "architecture", "component", "operator", "payer_account", "domain", "beneficiary", "chip_vendor"];

    private static readonly string InsertResult = $"""
        INSERT INTO attribution_result (result_id, result_key, {string.Join(", ", Attributes)},
          {string.Join(", ", Attributes.Select(a => a + "_rule"))},
          role, grant_id, role_rule, is_unclassified_credit)
        VALUES ({string.Join(", ", Enumerable.Range(1, 22).Select(n => $"?{n}"))})
        """;

    private const string SelectResult = "SELECT result_id FROM attribution_result WHERE result_key = ?1";
    private const string SelectLast = "SELECT COALESCE(MAX(result_id), 0) FROM attribution_result";

    private const string InsertAttribution = """
        INSERT INTO attribution (rule_set_id, dimension_set_id, valid_from_day, valid_to_day, result_id) VALUES (?1, ?2, ?3, ?4, ?5)
        """;

    private readonly Dictionary<AttributionResult, long> _known = [];
    private readonly HotStatement _selectResult;
    private readonly HotStatement _insertResult;
    private readonly HotStatement _insertAttribution;
    private readonly long _ruleSetId;
    private long _lastId;

    public AttributionStore(SqliteConnection connection, long ruleSetId)
    {
        _ruleSetId = ruleSetId;
        _selectResult = new HotStatement(connection, SelectResult);
        _insertResult = new HotStatement(connection, InsertResult);
        _insertAttribution = new HotStatement(connection, InsertAttribution);
        using var last = new HotStatement(connection, SelectLast);
        last.TryReadInt64(out _lastId);
    }

    /// <summary>The name of a role in tables.</summary>
    public static string RoleText(LineRole role) => role switch
    {
        LineRole.Charge => "charge",
        LineRole.Funding => "funding",
        LineRole.RoundingOfCharges => "rounding-of-charges",
        LineRole.RoundingOfCredits => "rounding-of-credits",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    /// <summary>Writes the attributions of one dimension set.</summary>
    public void Write(long dimensionSetId, IReadOnlyList<DatedAttribution> attributions)
    {
        foreach (var attribution in attributions)
        {
            var resultId = ResultId(attribution.Result);
            _insertAttribution.Bind(1, _ruleSetId);
            _insertAttribution.Bind(2, dimensionSetId);
            _insertAttribution.Bind(3, attribution.ValidFromDay);
            _insertAttribution.Bind(4, attribution.ValidToDay);
            _insertAttribution.Bind(5, resultId);
            _insertAttribution.Run();
        }
    }

    public void Dispose()
    {
        _selectResult.Dispose();
        _insertResult.Dispose();
        _insertAttribution.Dispose();
    }

    private long ResultId(AttributionResult result)
    {
        if (_known.TryGetValue(result, out var id))
        {
            return id;
        }

        var key = KeyOf(result);
        _selectResult.BindBlob(1, key);
        if (!_selectResult.TryReadInt64(out id))
        {
            id = ++_lastId;
            Insert(id, key, result);
        }

        _known.Add(result, id);
        return id;
    }

    private void Insert(long id, byte[] key, AttributionResult result)
    {
        _insertResult.Bind(1, id);
        _insertResult.BindBlob(2, key);
        for (var i = 0; i < Attributes.Length; i++)
        {
            _insertResult.BindText(3 + i, result.Values[i]);
            _insertResult.BindText(11 + i, result.RuleIds[i]);
        }

        _insertResult.BindText(19, RoleText(result.Role));
        _insertResult.BindText(20, result.GrantId);
        _insertResult.BindText(21, result.RoleRuleId);
        _insertResult.Bind(22, result.IsUnclassifiedCredit ? 1 : 0);
        _insertResult.Run();
    }

    /// <summary>What names a result: SHA-256 over everything in it.</summary>
    public static byte[] KeyOf(AttributionResult result)
    {
        string?[] parts = [.. result.Values, .. result.RuleIds, RoleText(result.Role), result.GrantId, result.RoleRuleId,
            result.IsUnclassifiedCredit ? "1" : "0"];
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Select(p => p is null ? "-;" : $"{p.Length}:{p};"))));
    }
}
