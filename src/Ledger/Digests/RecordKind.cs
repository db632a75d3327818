namespace CiCost.Ledger.Digests;

/// <summary>Rows of one table that belong to a record.</summary>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns that its digest covers.</param>
/// <param name="Condition">Which rows are of a record; <c>?1</c>, <c>?2</c> and <c>?3</c> are the parts of its key.</param>
/// <param name="Order">The columns that give them one order.</param>
internal sealed record RecordPart(string Table, string[] Columns, string Condition, string Order)
{
    /// <summary>Reads them.</summary>
    public string Select { get; } = $"SELECT {string.Join(", ", Columns)} FROM {Table} WHERE {Condition} ORDER BY {Order}";
}

/// <summary>
/// A kind of records that have a digest. Columns are named one by one and never changed: books keep digests of them. A column that a later
/// schema adds needs a kind of its own.
/// </summary>
/// <param name="Name">Its stable name; a part of every digest.</param>
/// <param name="SelectKeys">The keys of all of its records.</param>
/// <param name="KeyParts">A key of several parts has <c>|</c> between them.</param>
/// <param name="Parts">Its rows.</param>
internal sealed record RecordKind(string Name, string SelectKeys, int KeyParts, params RecordPart[] Parts)
{
    /// <summary>A feed of bills.</summary>
    public static RecordKind Source { get; } = new("source", "SELECT source_key FROM source ORDER BY 1", 1,
        new RecordPart("source", ["source_id", "source_key", "kind", "profile", "mode", "allow_quarantine", "registered_at_ms"],
            "source_key = ?1", "1"));

    /// <summary>What deliveries are complete for.</summary>
    public static RecordKind Scope { get; } = new("scope", "SELECT scope_id FROM scope ORDER BY 1", 1,
        new RecordPart("scope", ["scope_id", "source_id", "billing_month", "part"], "scope_id = ?1", "1"));

    /// <summary>A raw object.</summary>
    public static RecordKind RawObject { get; } = new("raw-object", "SELECT sha256 FROM raw_object ORDER BY 1", 1,
        new RecordPart("raw_object", ["sha256", "delivered_sha256", "delivered_bytes", "stored_bytes", "compressed_here", "stored_at_ms"],
            "sha256 = ?1", "1"));

    /// <summary>A policy that was taken over.</summary>
    public static RecordKind RuleSet { get; } = new("rule-set", "SELECT rule_set_id FROM rule_set ORDER BY 1", 1,
        new RecordPart("rule_set", ["rule_set_id", "content_hash", "registered_at_ms"], "rule_set_id = ?1", "1"),
        new RecordPart("rule_file", ["rule_set_id", "name", "content"], "rule_set_id = ?1", "2"));

    /// <summary>A delivery with what was recorded at its booking; its lines and rollup are what its raw objects say.</summary>
    public static RecordKind Delivery { get; } = new("delivery", "SELECT delivery_id FROM delivery ORDER BY 1", 1,
        new RecordPart("delivery",
            ["delivery_id", "scope_id", "book_version_id", "supersedes", "fingerprint", "format_version", "profile", "row_count",
                "quarantined_count", "empty_cost_count", "new_dimension_sets", "posting_month", "booked_at_ms", "tool_version"],
            "delivery_id = ?1", "1"),
        new RecordPart("delivery_object",
            ["delivery_id", "ordinal", "sha256", "object_name", "first_row", "row_count", "content_bytes", "checkpoints"],
            "delivery_id = ?1", "2"),
        new RecordPart("delivery_total",
            ["delivery_id", "currency", "cost_column", "are_credits", "line_count", "exact", "rounded", "residue", "rounding_nanos"],
            "delivery_id = ?1", "2, 3, 4"),
        new RecordPart("delivery_day", ["delivery_id", "charge_day", "line_count", "digest"], "delivery_id = ?1", "2"),
        new RecordPart("delivery_day_total",
            ["delivery_id", "charge_day", "currency", "billed_nanos", "effective_nanos", "list_nanos", "contracted_nanos", "billed_high",
                "effective_high", "list_high", "contracted_high"],
            "delivery_id = ?1", "2, 3"),
        new RecordPart("delivery_block", ["delivery_id", "first_row", "row_count", "first_day", "last_day", "digest"], "delivery_id = ?1", "2"),
        new RecordPart("quarantine", ["delivery_id", "row_number", "file_name", "column_name", "rule", "value", "message"],
            "delivery_id = ?1", "2, 4, 5"));

    /// <summary>What may be added to a delivery later: a note, and that its lines were removed.</summary>
    public static RecordKind DeliveryState { get; } = new("delivery-state", "SELECT delivery_id FROM delivery ORDER BY 1", 1,
        new RecordPart("delivery", ["delivery_id", "pruned_at_ms"], "delivery_id = ?1", "1"),
        new RecordPart("delivery_tolerance", ["delivery_id", "name", "use_count", "first_row", "example"], "delivery_id = ?1", "2"));

    /// <summary>What a provider states beside its bills.</summary>
    public static RecordKind Evidence { get; } = new("evidence", "SELECT evidence_id FROM evidence ORDER BY 1", 1,
        new RecordPart("evidence", ["evidence_id", "source_key", "billing_month", "part", "version", "recorded_at_ms", "book_version_id"],
            "evidence_id = ?1", "1"),
        new RecordPart("evidence_object", ["evidence_id", "ordinal", "sha256", "object_name"], "evidence_id = ?1", "2"),
        new RecordPart("control_figure",
            ["evidence_id", "ordinal", "payer_account", "invoice_issuer", "billing_month", "currency", "measure", "breakdown", "item",
                "record_type", "amount_nanos", "amount_high", "is_estimated"],
            "evidence_id = ?1", "2"));

    /// <summary>A source that is configured to be pulled.</summary>
    public static RecordKind Feed { get; } = new("feed", "SELECT source_key FROM feed ORDER BY 1", 1,
        new RecordPart("feed", ["source_key", "connector", "fresh_hours", "data_hours", "configured_at_ms", "removed_at_ms"],
            "source_key = ?1", "1"));

    /// <summary>A run of a source.</summary>
    public static RecordKind SourceRun { get; } = new("source-run", "SELECT run_id FROM source_run ORDER BY 1", 1,
        new RecordPart("source_run",
            ["run_id", "source_key", "cause", "first_month", "last_month", "started_at_ms", "ended_at_ms", "outcome", "offers", "taken",
                "unchanged", "row_count", "error_code", "error_message"],
            "run_id = ?1", "1"));

    /// <summary>What was taken last of a source, month and part.</summary>
    public static RecordKind SourcePull { get; } = new("source-pull",
        "SELECT source_key || '|' || billing_month || '|' || part FROM source_pull ORDER BY source_key, billing_month, part", 3,
        new RecordPart("source_pull",
            ["source_key", "billing_month", "part", "version", "run_id", "delivery_id", "evidence_id", "published_at_ms", "taken_at_ms",
                "description"],
            "source_key = ?1 AND billing_month = ?2 AND part = ?3", "1"));

    /// <summary>What a newer program has to do once.</summary>
    public static RecordKind Upkeep { get; } = new("upkeep", "SELECT task FROM upkeep ORDER BY 1", 1,
        new RecordPart("upkeep", ["task", "done_at_ms"], "task = ?1", "1"));

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<RecordKind> All { get; } =
        [Source, Scope, RawObject, RuleSet, Delivery, DeliveryState, Evidence, Feed, SourceRun, SourcePull, Upkeep];

    /// <summary>The key of a pull.</summary>
    public static string PullKey(string sourceKey, int billingMonth, string part) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sourceKey}|{billingMonth}|{part}");
}
