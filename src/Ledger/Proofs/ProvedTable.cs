namespace CiCost.Ledger.Proofs;

/// <summary>A table that raw objects decide: what is compared, row by row.</summary>
/// <param name="Name">The table.</param>
/// <param name="Keys">The columns that name a row and give the order.</param>
/// <param name="Values">The columns that must be equal.</param>
/// <param name="From">What is read: the table and the condition for a delivery (<c>?1</c> its scope, <c>?2</c> itself, <c>?3</c> and <c>?4</c>
/// the range of its lines).</param>
/// <param name="MayHaveMore">May the books have rows that the objects do not give?</param>
internal sealed record ProvedTable(string Name, string[] Keys, string[] Values, string From, bool MayHaveMore = false)
{
    private const string OfDelivery = "WHERE t.delivery_id = ?2";

    private static readonly string[] Sums =
    [
        "line_count", "billed_nanos", "effective_nanos", "list_nanos", "contracted_nanos", "pricing_units", "pricing_nanos", "consumed_units",
        "consumed_nanos",
    ];

    private static readonly string[] Highs =
        ["billed_high", "effective_high", "list_high", "contracted_high", "pricing_high", "consumed_high"];

    /// <summary>What is recorded with a delivery.</summary>
    public static IReadOnlyList<ProvedTable> OfRecords { get; } =
    [
        Recorded("delivery", ["delivery_id"], ["supersedes", "fingerprint", "format_version", "row_count", "quarantined_count", "empty_cost_count",
            "new_dimension_sets", "posting_month"]),
        Recorded("delivery_object", ["delivery_id", "ordinal"], ["first_row", "row_count", "content_bytes", "checkpoints"]),
        Recorded("delivery_total", ["delivery_id", "currency", "cost_column", "are_credits"],
            ["line_count", "exact", "rounded", "residue", "rounding_nanos"]),
        Recorded("delivery_day", ["delivery_id", "charge_day"], ["line_count", "digest"]),
        Recorded("delivery_day_total", ["delivery_id", "charge_day", "currency"],
            ["billed_nanos", "effective_nanos", "list_nanos", "contracted_nanos", "billed_high", "effective_high", "list_high", "contracted_high"]),
        Recorded("delivery_block", ["delivery_id", "first_row"], ["row_count", "first_day", "last_day", "digest"]),
        Recorded("delivery_tolerance", ["delivery_id", "name"], ["use_count", "first_row", "example"]) with { MayHaveMore = true },
        Recorded("quarantine", ["delivery_id", "row_number", "column_name", "rule"], ["file_name", "value", "message"]),
    ];

    /// <summary>The lines of a current delivery and their dictionaries.</summary>
    public static IReadOnlyList<ProvedTable> OfLines { get; } =
    [
        Lines("resource", "resource_id", "ResourceId", "ResourceName"),
        Lines("tag_set", "tag_set_id", "Tags"),
        Lines("unit_price", "unit_price_id", "ListUnitPrice", "ContractedUnitPrice"),
        Lines("cost_line", "line_id", "dimension_set_id", "charge_start_s", "charge_seconds", "billing_month", "resource_ordinal",
            "tag_set_ordinal", "unit_price_ordinal", "billed_nanos", "effective_nanos", "list_nanos", "contracted_nanos", "pricing_units",
            "pricing_nanos", "consumed_units", "consumed_nanos"),
        Lines("cost_line_high", "line_id", "billed_high", "effective_high", "list_high", "contracted_high"),
    ];

    /// <summary>The rollup under a delivery, superseded or not.</summary>
    public static IReadOnlyList<ProvedTable> OfRollup { get; } =
    [
        Rollup("rollup", "charge_day"), RollupHighs("rollup", "charge_day"), Rollup("rollup_month", "charge_month"),
        RollupHighs("rollup_month", "charge_month"),
    ];

    /// <summary>Job runs: the greatest event of each.</summary>
    public static ProvedTable JobRuns { get; } = new("job_run", ["system", "host", "job_id", "attempt"],
        ["run_id", "repository", "workflow", "name", "head_branch", "head_sha", "status", "conclusion", "created_s", "started_s", "completed_s",
            "run_seconds", "labels", "runner_name", "runner_group", "native_id", "event_s", "event_hash", "delivery_id", "row_number"],
        "FROM job_run t");

    /// <summary>Reads them in the order of the key.</summary>
    public string Select =>
        $"SELECT {string.Join(", ", Keys.Concat(Values).Select(c => "t." + c))} {From} ORDER BY {string.Join(", ", Keys.Select(k => "t." + k))}";

    private static ProvedTable Recorded(string name, string[] keys, string[] values) => new(name, keys, values, $"FROM {name} t {OfDelivery}");

    private static ProvedTable Lines(string name, string key, params string[] values) =>
        new(name, [key], values, $"FROM {name} t WHERE t.{key} BETWEEN ?3 AND ?4");

    private static ProvedTable Rollup(string name, string period) => new(name, ["scope_id", period, "dimension_set_id", "billing_month"], Sums,
        $"FROM {name} t WHERE t.scope_id = ?1 AND t.from_delivery <= ?2 AND t.to_delivery > ?2");

    private static ProvedTable RollupHighs(string name, string period) => new(name + "_high",
        ["scope_id", period, "dimension_set_id", "billing_month"], Highs,
        $"""
        FROM {name}_high t JOIN {name} r ON r.scope_id = t.scope_id AND r.{period} = t.{period} AND r.dimension_set_id = t.dimension_set_id
          AND r.billing_month = t.billing_month AND r.from_delivery = t.from_delivery
        WHERE t.scope_id = ?1 AND r.from_delivery <= ?2 AND r.to_delivery > ?2
        """);
}
