using CiCost.Ledger.Sqlite;

namespace CiCost.Ledger.Audit;

/// <content>Sums of costs: low parts and high parts are added up apart, so that none leaves 64 bits inside SQLite.</content>
public sealed partial class AuditReader
{
    private const string SelectLineSums = $"""
        SELECT r.charge_start_s / 86400, r.dimension_set_id, r.billing_month, COUNT(*), {WideSql.Sums}
        FROM cost_line r WHERE r.line_id BETWEEN ?1 AND ?2
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """;

    private const string SelectLineHighs = $"""
        SELECT r.charge_start_s / 86400, r.dimension_set_id, r.billing_month, {WideSql.Highs}
        FROM cost_line_high h JOIN cost_line r ON r.line_id = h.line_id WHERE h.line_id BETWEEN ?1 AND ?2
        GROUP BY 1, 2, 3
        """;

    private const string SelectRollup = $$"""
        SELECT r.{1}, r.dimension_set_id, r.billing_month, r.line_count, {{WideSql.Parts}}
        FROM {0} r WHERE r.scope_id = ?1 AND r.from_delivery <= ?2 AND r.to_delivery > ?2
        ORDER BY 1, 2, 3
        """;

    private const string SelectRollupHighs = $$"""
        SELECT r.{1}, r.dimension_set_id, r.billing_month, {{WideSql.Highs}}
        FROM {0}_high h JOIN {0} r ON h.scope_id = r.scope_id AND h.{1} = r.{1} AND h.dimension_set_id = r.dimension_set_id
          AND h.billing_month = r.billing_month AND h.from_delivery = r.from_delivery
        WHERE h.scope_id = ?1 AND r.from_delivery <= ?2 AND r.to_delivery > ?2
        GROUP BY 1, 2, 3
        """;

    private const string SelectForeignPeriods = $"""
        SELECT r.billing_month, d.BillingCurrency, SUM(r.line_count), {WideSql.Sums}
        FROM rollup_month r JOIN scope sc ON sc.scope_id = r.scope_id JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE r.scope_id = ?1 AND r.from_delivery <= ?2 AND r.to_delivery > ?2 AND r.billing_month <> sc.billing_month
        GROUP BY 1, 2 ORDER BY 1, 2
        """;

    private const string SelectForeignHighs = $"""
        SELECT r.billing_month, d.BillingCurrency, {WideSql.Highs}
        FROM rollup_month_high h JOIN rollup_month r ON h.scope_id = r.scope_id AND h.charge_month = r.charge_month
          AND h.dimension_set_id = r.dimension_set_id AND h.billing_month = r.billing_month AND h.from_delivery = r.from_delivery
        JOIN scope sc ON sc.scope_id = r.scope_id JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE h.scope_id = ?1 AND r.from_delivery <= ?2 AND r.to_delivery > ?2 AND r.billing_month <> sc.billing_month
        GROUP BY 1, 2
        """;

    private const string SelectFreshDays = $"""
        SELECT r.charge_day, d.BillingCurrency, {WideSql.Sums}
        FROM rollup r JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE r.scope_id = ?1 AND r.from_delivery <= ?2 AND r.to_delivery > ?2
        GROUP BY 1, 2
        """;

    private const string SelectFreshHighs = $"""
        SELECT r.charge_day, d.BillingCurrency, {WideSql.Highs}
        FROM rollup_high h JOIN rollup r ON h.scope_id = r.scope_id AND h.charge_day = r.charge_day
          AND h.dimension_set_id = r.dimension_set_id AND h.billing_month = r.billing_month AND h.from_delivery = r.from_delivery
        JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
        WHERE h.scope_id = ?1 AND r.from_delivery <= ?2 AND r.to_delivery > ?2
        GROUP BY 1, 2
        """;

    private const string SelectKeptDays = $"""
        SELECT r.charge_day, r.currency, {WideSql.Parts}, r.billed_high, r.effective_high, r.list_high, r.contracted_high
        FROM delivery_day_total r WHERE r.delivery_id = ?1
        """;

    /// <summary>What the lines of a delivery add up to, by day and dimension set.</summary>
    public IReadOnlyList<SumFact> LineSums(int deliveryId) =>
        Sums(SelectLineSums, SelectLineHighs, (long)deliveryId << 32, ((long)deliveryId << 32) | uint.MaxValue);

    /// <summary>The rollup by day of a scope under a delivery.</summary>
    public IReadOnlyList<SumFact> RollupDays(long scopeId, int deliveryId) =>
        Sums(Filled(SelectRollup, "rollup", "charge_day"), Filled(SelectRollupHighs, "rollup", "charge_day"), scopeId, deliveryId);

    /// <summary>The rollup by month of a scope under a delivery.</summary>
    public IReadOnlyList<SumFact> RollupMonths(long scopeId, int deliveryId) => Sums(
        Filled(SelectRollup, "rollup_month", "charge_month"), Filled(SelectRollupHighs, "rollup_month", "charge_month"), scopeId, deliveryId);

    /// <summary>Rows whose own billing period is not the scope's.</summary>
    public IReadOnlyList<ForeignPeriodFact> ForeignPeriods(long scopeId, int deliveryId)
    {
        SortedDictionary<(int, string), ForeignPeriodFact> facts = [];
        ForEach(SelectForeignPeriods, scopeId, deliveryId, query => facts.Add((query.Int32(0), query.Text(1)!), new ForeignPeriodFact
        {
            BillingMonth = query.Int32(0),
            Currency = query.Text(1)!,
            LineCount = query.Int64(2),
            BilledNanos = WideSql.Costs(query, 3).Billed,
        }));
        ForEach(SelectForeignHighs, scopeId, deliveryId, query =>
        {
            var fact = facts[(query.Int32(0), query.Text(1)!)];
            facts[(fact.BillingMonth, fact.Currency)] = fact with { BilledNanos = fact.BilledNanos + WideSql.HighCosts(query, 2).Billed };
        });
        return [.. facts.Values];
    }

    /// <summary>Per day and currency, what was recorded with the delivery and what its rollup says.</summary>
    public IReadOnlyList<DayFact> DayTotals(long scopeId, int deliveryId)
    {
        SortedDictionary<(int, string), (WideCosts Kept, WideCosts Fresh)> days = [];
        ForEach(SelectKeptDays, deliveryId, null, query => days[(query.Int32(0), query.Text(1)!)] =
            (WideSql.Costs(query, 2) + WideSql.HighCosts(query, 2 + WideSql.PartColumns), default));
        ForEach(SelectFreshDays, scopeId, deliveryId, query => AddFresh(query, WideSql.Costs(query, 2)));
        ForEach(SelectFreshHighs, scopeId, deliveryId, query => AddFresh(query, WideSql.HighCosts(query, 2)));
        return
        [
            .. days.Select(d => new DayFact
            {
                ChargeDay = d.Key.Item1,
                Currency = d.Key.Item2,
                RecordedBilledNanos = d.Value.Kept.Billed,
                BilledNanos = d.Value.Fresh.Billed,
                RecordedEffectiveNanos = d.Value.Kept.Effective,
                EffectiveNanos = d.Value.Fresh.Effective,
                RecordedListNanos = d.Value.Kept.List,
                ListNanos = d.Value.Fresh.List,
                RecordedContractedNanos = d.Value.Kept.Contracted,
                ContractedNanos = d.Value.Fresh.Contracted,
            }),
        ];

        void AddFresh(HotQuery query, WideCosts costs)
        {
            var key = (query.Int32(0), query.Text(1)!);
            var day = days.GetValueOrDefault(key);
            days[key] = (day.Kept, day.Fresh + costs);
        }
    }

    /// <summary>Sums by group, from a query of low parts and one of high parts, which mostly finds nothing.</summary>
    private List<SumFact> Sums(string sql, string highs, long first, long second)
    {
        List<SumFact> facts = [];
        ForEach(sql, first, second, query =>
        {
            var costs = WideSql.Costs(query, 4);
            facts.Add(new SumFact
            {
                Period = query.Int32(0),
                DimensionSetId = query.Int64(1),
                BillingMonth = query.Int32(2),
                LineCount = query.Int64(3),
                BilledNanos = costs.Billed,
                EffectiveNanos = costs.Effective,
                ListNanos = costs.List,
                ContractedNanos = costs.Contracted,
            });
        });
        Dictionary<(int, long, int), int>? places = null;
        ForEach(highs, first, second, query =>
        {
            places ??= Enumerable.Range(0, facts.Count)
                .ToDictionary(i => (facts[i].Period, facts[i].DimensionSetId, facts[i].BillingMonth));
            var place = places[(query.Int32(0), query.Int64(1), query.Int32(2))];
            var (fact, costs) = (facts[place], WideSql.HighCosts(query, 3));
            facts[place] = fact with
            {
                BilledNanos = fact.BilledNanos + costs.Billed,
                EffectiveNanos = fact.EffectiveNanos + costs.Effective,
                ListNanos = fact.ListNanos + costs.List,
                ContractedNanos = fact.ContractedNanos + costs.Contracted,
            };
        });
        return facts;
    }

    private void ForEach(string sql, long first, long? second, Action<HotQuery> take)
    {
        using var connection = books.OpenReader();
        using var query = new HotQuery(connection, sql);
        query.Bind(1, first);
        if (second is { } value)
        {
            query.Bind(2, value);
        }

        while (query.Read())
        {
            take(query);
        }
    }
}
