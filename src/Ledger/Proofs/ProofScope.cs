using CiCost.Domain.Lines;
using CiCost.Ledger.Digests;

namespace CiCost.Ledger.Proofs;

/// <summary>Which check of <c>cicost check --deep</c> proves which column. A column is in one of the two lists: a test sees to it.</summary>
public static class ProofScope
{
    /// <summary>By <c>table.column</c> the checks that prove it.</summary>
    public static IReadOnlyDictionary<string, string> Proved { get; } = All()
        .GroupBy(c => c.Column, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => string.Join(", ", g.Select(c => c.Check).Distinct(StringComparer.Ordinal)), StringComparer.Ordinal);

    /// <summary>By <c>table.column</c> why nothing depends on it: it carries no figure and stands in no answer.</summary>
    public static IReadOnlyDictionary<string, string> Unproved { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["job_run.job_run_id"] = "SQLite's number of the row: nothing refers to it; a job run is named by system, host, job and attempt.",
    };

    private static IEnumerable<(string Column, string Check)> All() =>
    [
        .. RecordKind.All.SelectMany(k => k.Parts).SelectMany(p => Columns(p.Table, "RecordsAreUnchanged", p.Columns)),
        .. Columns("rule_file", "PolicyIsUnchanged", "rule_set_id", "name", "content"),
        .. Columns("rule_set", "PolicyIsUnchanged", "content_hash"),
        .. Columns("record_digest", "RecordsAreUnchanged", "kind", "record_key", "taken", "digest"),
        .. Columns("version_digest", "VersionsAreChained", "book_version_id", "taken", "digest"),
        .. Columns("book_version", "VersionsAreChained", "book_version_id", "recorded_at_ms", "event", "rule_set_id"),
        .. Columns("raw_object", "ObjectsAreAsDelivered", "delivered_sha256", "delivered_bytes", "compressed_here"),
        .. Columns("dimension_set", "KeysAreHashes", ["dimension_key", "origin", "extras", .. Enum.GetNames<DimensionColumn>()]),
        .. Columns("dimension_set", "LinesAreTheirObjects, RollupsAreTheirObjects", "dimension_set_id"),
        .. Columns("dimension_set", "DeliveriesAreTheirObjects", "first_delivery_id"),
        .. Columns("attribution", "EveryRuleSetAttributes", "rule_set_id", "dimension_set_id", "valid_from_day", "valid_to_day", "result_id"),
        .. Columns("attribution_result", "EveryRuleSetAttributes", "result_id"),
        .. Columns("attribution_result", "KeysAreHashes", "result_key", "project", "architecture", "component", "operator", "payer_account",
            "domain", "beneficiary", "chip_vendor", "project_rule", "architecture_rule", "component_rule", "operator_rule", "payer_account_rule",
            "domain_rule", "beneficiary_rule", "chip_vendor_rule", "role", "grant_id", "role_rule", "is_unclassified_credit"),
        .. Columns("rollup", "RollupsAreTheirObjects, IntervalsHold", "from_delivery", "to_delivery"),
        .. Columns("rollup_month", "RollupsAreTheirObjects, IntervalsHold", "from_delivery", "to_delivery"),
        .. Columns("rollup_high", "RollupsAreTheirObjects", "from_delivery"),
        .. Columns("rollup_month_high", "RollupsAreTheirObjects", "from_delivery"),
        .. Tables(ProvedTable.OfRecords, "DeliveriesAreTheirObjects"),
        .. Tables(ProvedTable.OfLines, "LinesAreTheirObjects"),
        .. Tables(ProvedTable.OfRollup, "RollupsAreTheirObjects"),
        .. Tables([ProvedTable.JobRuns], "JobRunsAreTheirObjects"),
    ];

    private static IEnumerable<(string Column, string Check)> Tables(IEnumerable<ProvedTable> tables, string check) =>
        tables.SelectMany(t => Columns(t.Name, check, [.. t.Keys, .. t.Values]));

    private static IEnumerable<(string Column, string Check)> Columns(string table, string check, params string[] columns) =>
        columns.Select(c => ($"{table}.{c}", check));
}
