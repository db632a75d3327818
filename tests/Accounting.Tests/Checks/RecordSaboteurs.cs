using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Checks;

/// <summary>Damage to what the books keep beside lines: totals, days, versions, objects, dimension sets, attributions.</summary>
internal static class RecordSaboteurs
{
    private const string UsdCharges = "delivery_id = 3 AND currency = 'USD' AND are_credits = 0";
    private const string MachineSet = "(SELECT dimension_set_id FROM cost_line WHERE line_id = 3 << 32 | 1)";
    private const string GoneSet = "(SELECT dimension_set_id FROM dimension_set WHERE ServiceName = 'Gone')";
    private const string MachineResult = $"result_id IN (SELECT result_id FROM attribution WHERE dimension_set_id = {MachineSet})";

    public static IReadOnlyList<Saboteur> All { get; } =
    [
        Saboteur.Sql("a cent in the exact billed total",
            $"UPDATE delivery_total SET exact = '99.01' WHERE {UsdCharges} AND cost_column = 'BilledCost'",
            "RollupEqualsExactTotals", "ResidueIsBooked", "PayableIsItsParts"),
        Saboteur.Sql("the exact list total is no number",
            $"UPDATE delivery_total SET exact = 'many' WHERE {UsdCharges} AND cost_column = 'ListCost'", "RollupEqualsExactTotals",
                "ResidueIsBooked"),
        Saboteur.Sql("1e-18 in a residue",
            $"UPDATE delivery_total SET residue = '0.000000000000000001' WHERE {UsdCharges} AND cost_column = 'EffectiveCost'",
                "ResidueIsBooked"),
        Saboteur.Sql("one nano in the recorded rounding",
            $"UPDATE delivery_total SET rounding_nanos = rounding_nanos + 1 WHERE {UsdCharges} AND cost_column = 'EffectiveCost'",
                "ResidueIsBooked"),
        Saboteur.Sql("one nano in the recorded rounding of credits",
            "UPDATE delivery_total SET rounding_nanos = rounding_nanos + 1 WHERE delivery_id = 3 AND currency = 'USD' AND are_credits = 1 "
                + "AND cost_column = 'EffectiveCost'",
            "ResidueIsBooked", "GrantsAddUp"),
        Saboteur.Sql("one recorded total is gone",
            "DELETE FROM delivery_total WHERE delivery_id = 3 AND currency = 'USD' AND cost_column = 'ContractedCost'",
            "RollupEqualsExactTotals", "ResidueIsBooked"),
        Saboteur.Sql("one currency's totals are gone",
            "DELETE FROM delivery_total WHERE delivery_id = 3 AND currency = 'EUR'", "RollupEqualsExactTotals", "PayableIsItsParts"),
        Saboteur.Sql("one nano in a recorded day",
            "UPDATE delivery_day_total SET list_nanos = list_nanos + 1 WHERE delivery_id = 3 AND charge_day = 20513 AND currency = 'USD'",
                "DayTotalsHold"),
        Saboteur.Sql("one recorded day",
            "DELETE FROM delivery_day_total WHERE delivery_id = 3 AND charge_day = 20513 AND currency = 'EUR'", "DayTotalsHold"),
        Saboteur.Sql("a book version from before its predecessor",
            "UPDATE book_version SET recorded_at_ms = recorded_at_ms - 3600000 WHERE book_version_id = 3", "BookVersionsHold"),
        Saboteur.Sql("a source that was never pulled",
            "INSERT INTO feed (source_key, connector, fresh_hours, configured_at_ms) VALUES ('aws', 'aws-data-exports', 1, 0)",
            "SourcesAreFresh"),
        Saboteur.Sql("the provider states a hundred more",
            """
            INSERT INTO evidence (evidence_id, source_key, billing_month, part, version, recorded_at_ms) VALUES (1, 'ce', 674, '*', '1', 0);
            INSERT INTO control_figure (evidence_id, ordinal, payer_account, billing_month, currency, measure, breakdown, item, amount_nanos,
              is_estimated)
            SELECT 1, 0, 'acct-1', 674, 'USD', 'ChargesWithoutTax', 'Total', '', 100000000000, 0
            """,
            "BooksTieOut"),
        Saboteur.Sql("a job run whose label no rule knows",
            """
            INSERT INTO job_run (system, host, job_id, attempt, run_id, repository, name, status, started_s, completed_s, run_seconds, labels,
              runner_name, event_s, event_hash, delivery_id, row_number)
            VALUES ('github', 'github.com', 1, 1, 1, 'a/b', 'job', 3, 20513 * 86400, 20513 * 86400 + 60, 60, 'some-label', 'runner', 0,
              zeroblob(16), 3, 1)
            """, "JobHoursHaveAValue"),
        Saboteur.Sql("a job that never ended",
            """
            INSERT INTO job_run (system, host, job_id, attempt, run_id, repository, name, status, created_s, run_seconds, labels, event_s,
              event_hash, delivery_id, row_number)
            VALUES ('github', 'github.com', 1, 1, 1, 'a/b', 'job', 2, 20513 * 86400, 0, 'some-label', 20513 * 86400, zeroblob(16), 3, 1)
            """, "JobsAreFinished"),
        Saboteur.Sql("a book version is gone", "DELETE FROM book_version WHERE book_version_id = 3", "BookVersionsHold"),
        Saboteur.Sql("a delivery's version that says rules", "UPDATE book_version SET event = 'rules' WHERE book_version_id = 3",
            "BookVersionsHold"),
        new("one byte of an object", Objects(bytes => bytes[^9] ^= 1), ["ObjectsAreIntact"]),
        new("the last byte of an object", Shortened, ["ObjectsAreIntact"]),
        new("an object is gone", books =>
        {
            File.Delete(books.PathOfObject(FirstObject(books)));
            return Task.CompletedTask;
        }, ["ObjectsAreIntact"]),
        Saboteur.Sql("the recorded size of an object", "UPDATE raw_object SET stored_bytes = stored_bytes + 1", "ObjectsAreIntact"),
        Saboteur.Sql("one currency of a dimension set",
            $"UPDATE dimension_set SET BillingCurrency = 'EUR' WHERE dimension_set_id = {MachineSet}",
            "RollupEqualsExactTotals", "DayTotalsHold", "OneCurrencyPerAccount", "PayableIsItsParts"),
        Saboteur.Sql("a dimension set is gone",
            $"DELETE FROM dimension_set WHERE dimension_set_id = {MachineSet}",
            "RollupEqualsExactTotals", "DayTotalsHold", "OneLedgerSource", "NoUnclassifiedCredit", "CommitmentCountsOnce", "PayableIsItsParts",
            "GrantsAddUp", "PrepaidIsNotNegative", "BooksTieOut"),
        Saboteur.Sql("the service of a dimension set",
            $"UPDATE dimension_set SET ServiceName = 'Disks' WHERE dimension_set_id = {MachineSet}", "AttributionFollowsRules"),
        Saboteur.Sql("an attribution of a set that no line has now",
            $"DELETE FROM attribution WHERE dimension_set_id = {GoneSet}", "EverySetIsAttributed"),
        Saboteur.Sql("an attribution in use",
            $"DELETE FROM attribution WHERE dimension_set_id = {MachineSet}",
            "EverySetIsAttributed", "OneLedgerSource", "NoUnclassifiedCredit", "CommitmentCountsOnce", "PayableIsItsParts",
            "GrantsAddUp", "PrepaidIsNotNegative", "BooksTieOut"),
        Saboteur.Sql("a day without attribution",
            "UPDATE attribution SET valid_to_day = valid_to_day - 1 WHERE valid_from_day < 0 AND valid_to_day BETWEEN 20000 AND 30000",
            "EverySetIsAttributed", "AttributionFollowsRules", "OneLedgerSource", "NoUnclassifiedCredit", "CommitmentCountsOnce", "PayableIsItsParts",
            "GrantsAddUp", "PrepaidIsNotNegative", "BooksTieOut"),
        Saboteur.Sql("a day with two attributions",
            "UPDATE attribution SET valid_to_day = valid_to_day + 1 WHERE valid_from_day < 0 AND valid_to_day BETWEEN 20000 AND 30000",
            "EverySetIsAttributed", "AttributionFollowsRules"),
        Saboteur.Sql("a component that no rule gave", $"UPDATE attribution_result SET component = 'storage' WHERE {MachineResult}",
            "AttributionFollowsRules"),
        Saboteur.Sql("a rule that did not decide", $"UPDATE attribution_result SET component_rule = 'disks-before' WHERE {MachineResult}",
            "AttributionFollowsRules"),
        Saboteur.Sql("a charge that became funding",
            $"UPDATE attribution_result SET role = 'funding', grant_id = 'gift' WHERE {MachineResult}", "AttributionFollowsRules",
                "GrantsAddUp"),
        Saboteur.Sql("a credit that became unclassified",
            "UPDATE attribution_result SET is_unclassified_credit = 1 WHERE role = 'funding'", "AttributionFollowsRules",
                "NoUnclassifiedCredit"),
        Saboteur.Sql("a domain without ledger source",
            $"UPDATE attribution_result SET domain = 'nowhere' WHERE {MachineResult}", "AttributionFollowsRules", "OneLedgerSource"),
        Saboteur.Sql("the scope of a delivery",
            "UPDATE scope SET billing_month = billing_month + 2 WHERE scope_id = 1", "PeriodMatchesScope", "ResidueIsBooked"),
        Saboteur.Sql("a row that was set aside",
            "INSERT INTO quarantine (delivery_id, row_number, file_name, column_name, rule, value, message) VALUES (3, 1, 'f', 'c', "
                + "'r', 'v', 'm')",
            "NoQuarantinedRows"),
        Saboteur.Sql("50,001 new dimension sets", "UPDATE delivery SET new_dimension_sets = 50001 WHERE delivery_id = 3",
            "DimensionGrowth"),
        Saboteur.Sql("an unknown currency",
            "UPDATE delivery_total SET currency = 'QQQ' WHERE delivery_id = 3 AND currency = 'EUR'",
            "CurrencyIsKnown", "RollupEqualsExactTotals", "PayableIsItsParts"),
    ];

    private static string FirstObject(BookFixture books) => books.Scalar("SELECT sha256 FROM delivery_object WHERE delivery_id = 3");

    private static Func<BookFixture, Task> Objects(Action<byte[]> damage) => async books =>
    {
        var path = books.PathOfObject(FirstObject(books));
        var bytes = await File.ReadAllBytesAsync(path);
        damage(bytes);
        await File.WriteAllBytesAsync(path, bytes);
    };

    private static async Task Shortened(BookFixture books)
    {
        var path = books.PathOfObject(FirstObject(books));
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..^1]);
    }
}
