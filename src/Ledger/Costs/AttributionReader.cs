using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Ledger.Rules;
using CiCost.Ledger.Sqlite;

namespace CiCost.Ledger.Costs;

/// <summary>The attributions of one rule set, by dimension set.</summary>
public sealed class AttributionReader(Books books)
{
    private const string SelectResults = """
        SELECT result_id, project, architecture, component, operator, payer_account, domain, beneficiary, chip_vendor,
               project_rule, architecture_rule, component_rule, operator_rule, payer_account_rule, domain_rule, beneficiary_rule,
                 chip_vendor_rule,
               role, grant_id, role_rule, is_unclassified_credit
        FROM attribution_result
        """;

    private const string SelectAttributions = """
        SELECT dimension_set_id, valid_from_day, valid_to_day, result_id FROM attribution WHERE rule_set_id = ?1
        ORDER BY dimension_set_id, valid_from_day
        """;

    private static readonly int AttributeCount = Enum.GetValues<AttributeName>().Length;

    /// <summary>All attributions of a rule set: per dimension set its intervals in order.</summary>
    public IReadOnlyDictionary<long, ImmutableArray<DatedAttribution>> All(long ruleSetId)
    {
        using var connection = books.OpenReader();
        using var state = new ReadState(connection); // A booking between the two would bring attributions whose results were not read.
        var results = Results(connection);
        Dictionary<long, ImmutableArray<DatedAttribution>> attributions = [];
        using var query = new HotQuery(connection, SelectAttributions);
        query.Bind(1, ruleSetId);
        while (query.Read())
        {
            var id = query.Int64(0);
            var attribution = new DatedAttribution(query.Int32(1), query.Int32(2), results[query.Int64(3)]);
            attributions[id] = attributions.TryGetValue(id, out var known) ? known.Add(attribution) : [attribution];
        }

        return attributions;
    }

    internal static Dictionary<long, AttributionResult> Results(Microsoft.Data.Sqlite.SqliteConnection connection)
    {
        using var query = new HotQuery(connection, SelectResults);
        Dictionary<long, AttributionResult> results = [];
        while (query.Read())
        {
            results.Add(query.Int64(0), new AttributionResult(
                [.. Enumerable.Range(1, AttributeCount).Select(i => query.Text(i))],
                [.. Enumerable.Range(1 + AttributeCount, AttributeCount).Select(i => query.Text(i))],
                RoleOf(query.Text(1 + (2 * AttributeCount))!),
                query.Text(2 + (2 * AttributeCount)),
                query.Text(3 + (2 * AttributeCount)),
                query.Int32(4 + (2 * AttributeCount)) != 0));
        }

        return results;
    }

    private static LineRole RoleOf(string text) =>
        Enum.GetValues<LineRole>().First(role => AttributionStore.RoleText(role) == text);
}
