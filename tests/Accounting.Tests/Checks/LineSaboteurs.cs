namespace CiCost.Accounting.Tests.Checks;

/// <summary>Damage to lines and rollups. Row 1 of delivery 3 is a machine row; 4294900000 and 4294900001 are its rounding lines.</summary>
internal static class LineSaboteurs
{
    private const string FirstLine = "(3 << 32 | 1)";
    private const string FirstRounding = "(3 << 32 | 4294900000)";
    private const string OpenDay = "scope_id = 1 AND from_delivery = 3 AND charge_day = 20513"; // 2026-03-01
    private const string OpenMonth = "scope_id = 1 AND from_delivery = 3 AND charge_month = 674"; // 2026-03
    private const string MachineSet = "dimension_set_id = (SELECT dimension_set_id FROM cost_line WHERE line_id = 3 << 32 | 1)";

    public static IReadOnlyList<Saboteur> All { get; } =
    [
        Saboteur.Sql("one nano in a line", $"UPDATE cost_line SET billed_nanos = billed_nanos + 1 WHERE line_id = {FirstLine}",
            "LinesEqualRollup"),
        Saboteur.Sql("one nano of list cost in a line", $"UPDATE cost_line SET list_nanos = list_nanos - 1 WHERE line_id = {FirstLine}",
            "LinesEqualRollup"),
        Saboteur.Sql("one row", $"DELETE FROM cost_line WHERE line_id = {FirstLine}", "LinesEqualRollup"),
        Saboteur.Sql("one row twice",
            $"INSERT INTO cost_line SELECT line_id + 1000, {LineColumns} FROM cost_line WHERE line_id = {FirstLine}", "LinesEqualRollup"),
        Saboteur.Sql("two rows exchange a nano",
            $"UPDATE cost_line SET billed_nanos = billed_nanos + CASE line_id WHEN {FirstLine} THEN 1 ELSE -1 END WHERE line_id IN "
                + $"({FirstLine}, {FirstLine} + 3)",
            "LinesEqualRollup"),
        Saboteur.Sql("one day of a line", $"UPDATE cost_line SET charge_start_s = charge_start_s + 86400 WHERE line_id = {FirstLine}",
            "LinesEqualRollup"),
        Saboteur.Sql("one second before midnight",
            $"UPDATE cost_line SET charge_start_s = charge_start_s - 1 WHERE line_id = {FirstLine}", "LinesEqualRollup"),
        Saboteur.Sql("the dimension set of a line",
            $"UPDATE cost_line SET dimension_set_id = dimension_set_id + 1 WHERE line_id = {FirstLine}", "LinesEqualRollup"),
        Saboteur.Sql("the billing period of a line",
            $"UPDATE cost_line SET billing_month = billing_month + 1 WHERE line_id = {FirstLine}", "LinesEqualRollup"),
        Saboteur.Sql("one nano of residue",
            $"UPDATE cost_line SET billed_nanos = billed_nanos + 1 WHERE line_id = {FirstRounding}", "LinesEqualRollup", "ResidueIsBooked"),
        Saboteur.Sql("a rounding line is gone", $"DELETE FROM cost_line WHERE line_id = {FirstRounding}", "LinesEqualRollup",
            "ResidueIsBooked"),
        Saboteur.Sql("the day of a rounding line",
            $"UPDATE cost_line SET charge_start_s = charge_start_s - 86400 WHERE line_id = {FirstRounding}", "LinesEqualRollup",
                "ResidueIsBooked"),
        Saboteur.Sql("one nano in the day rollup",
            $"UPDATE rollup SET effective_nanos = effective_nanos + 1 WHERE {OpenDay} AND {MachineSet}",
            "LinesEqualRollup", "MonthsEqualDays", "DayTotalsHold"),
        Saboteur.Sql("one line in the day rollup's count",
            $"UPDATE rollup SET line_count = line_count + 1 WHERE {OpenDay} AND {MachineSet}", "LinesEqualRollup", "MonthsEqualDays"),
        Saboteur.Sql("one row of the day rollup",
            $"DELETE FROM rollup WHERE {OpenDay} AND {MachineSet}", "LinesEqualRollup", "MonthsEqualDays", "DayTotalsHold"),
        Saboteur.Sql("a whole day of the day rollup",
            "DELETE FROM rollup WHERE scope_id = 1 AND charge_day = 20514", "LinesEqualRollup", "MonthsEqualDays", "DayTotalsHold",
                "NoGapInDays", "PayableIsItsParts"), // Disks are read by day.
        Saboteur.Sql("one nano in the month rollup",
            $"UPDATE rollup_month SET billed_nanos = billed_nanos - 1 WHERE {OpenMonth} AND {MachineSet}",
            "MonthsEqualDays", "RollupEqualsExactTotals", "PayableIsItsParts"),
        Saboteur.Sql("one nano of contracted cost in the month rollup",
            $"UPDATE rollup_month SET contracted_nanos = contracted_nanos + 1 WHERE {OpenMonth} AND {MachineSet}",
            "MonthsEqualDays", "RollupEqualsExactTotals"),
        Saboteur.Sql("one row of the month rollup",
            $"DELETE FROM rollup_month WHERE {OpenMonth} AND {MachineSet}", "MonthsEqualDays", "RollupEqualsExactTotals",
                "PayableIsItsParts"),
        new("a nano that lines, rollups and days agree on", books =>
        {
            books.Execute($"UPDATE cost_line SET billed_nanos = billed_nanos + 1 WHERE line_id = {FirstLine}");
            books.Execute($"UPDATE rollup SET billed_nanos = billed_nanos + 1 WHERE {OpenDay} AND {MachineSet}");
            books.Execute($"UPDATE rollup_month SET billed_nanos = billed_nanos + 1 WHERE {OpenMonth} AND {MachineSet}");
            books.Execute("UPDATE delivery_day_total SET billed_nanos = billed_nanos + 1 WHERE delivery_id = 3 AND charge_day = 20513 "
                + "AND currency = 'USD'");
            return Task.CompletedTask;
        }, ["RollupEqualsExactTotals", "PayableIsItsParts"]),
        Saboteur.Sql("a sum beyond 64 bits in the lines",
            "UPDATE cost_line SET list_nanos = 9223372036854775807 WHERE line_id BETWEEN 3 << 32 AND 3 << 32 | 99", "LinesEqualRollup"),
        Saboteur.Sql("a sum beyond 64 bits in the day rollup",
            "UPDATE rollup SET list_nanos = 9223372036854775807 WHERE scope_id = 1 AND to_delivery = 2147483647",
            "LinesEqualRollup", "MonthsEqualDays", "DayTotalsHold"),
        Saboteur.Sql("an interval that overlaps the next",
            $"UPDATE rollup SET to_delivery = 3 WHERE scope_id = 1 AND from_delivery = 1 AND to_delivery = 2 AND {MachineSet}",
                "IntervalsHold"),
        Saboteur.Sql("a month interval that overlaps the next",
            $"UPDATE rollup_month SET to_delivery = 3 WHERE scope_id = 1 AND from_delivery = 1 AND to_delivery = 2 AND {MachineSet}",
                "IntervalsHold"),
        Saboteur.Sql("an interval that begins with no delivery",
            $"UPDATE rollup SET from_delivery = 0 WHERE scope_id = 1 AND from_delivery = 1 AND to_delivery = 2 AND {MachineSet}",
                "IntervalsHold"),
        Saboteur.Sql("an interval that ends with the delivery of another scope",
            $"UPDATE rollup SET to_delivery = 4 WHERE scope_id = 1 AND from_delivery = 2 AND to_delivery = 3 AND charge_day = 20513 AND "
                + $"{MachineSet}",
            "IntervalsHold", "LinesEqualRollup", "MonthsEqualDays", "DayTotalsHold"),
        Saboteur.Sql("a line of a delivery whose lines were removed",
            $"INSERT INTO cost_line SELECT 1 << 32 | 1, {LineColumns} FROM cost_line WHERE line_id = {FirstLine}", "BookVersionsHold"),
    ];

    private const string LineColumns = "dimension_set_id, charge_start_s, charge_seconds, billing_month, resource_ordinal, "
        + "tag_set_ordinal, "
        + "unit_price_ordinal, billed_nanos, effective_nanos, list_nanos, contracted_nanos, pricing_units, pricing_nanos, "
            + "consumed_units, consumed_nanos";
}
