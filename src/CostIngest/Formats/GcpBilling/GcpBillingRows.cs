using System.Globalization;
using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Formats.GcpBilling;

/// <summary>
/// The rules of Google's billing export: one line for the cost before credits, and one for each credit. What each type of cost and
/// credit means is in <c>mapping.json</c>.
/// </summary>
internal sealed class GcpBillingRows(NativeMapping mapping, NativeReadContext context, GcpRecord record)
    : NativeRowReader(mapping, context, 1)
{
    private const string OtherCredit = "credit";
    private const string Fee = "fee";
    private const string Regular = "regular";

    /// <summary>What gives a commitment's fee back as far as it was used: the used part is billed with the usage itself.</summary>
    private const string FeeOffset = "FEE_UTILIZATION_OFFSET";

    private const long MicrosPerSecond = 1_000_000;
    private readonly HashSet<string> _listed = [.. context.Request.Dimensions.CustomColumns];
    private readonly Dictionary<string, int[]> _columns = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override int TagsColumn => _columns["tags"][0];

    /// <inheritdoc/>
    protected override int LinesOfRow(int linesPerRow) => 1 + record.Credits.Count;

    /// <inheritdoc/>
    protected override void FindColumns()
    {
        foreach (var column in Mapping.Columns)
        {
            _columns[column.Name] = Layout.Find(column.Name);
        }
    }

    /// <inheritdoc/>
    protected override void Map(ReadOnlySpan<LineDraft> drafts)
    {
        if (record.Fault is { } fault)
        {
            Fail(fault.Field.Length == 0 ? -1 : record.Names.ToList().IndexOf(fault.Field), fault.Rule, fault.Message);
            return;
        }

        if (record.MalformedTags.Count > 0 && !LeavesOutMalformedTags())
        {
            return;
        }

        if (Demand(_columns["costType"]) is not { } type || ChargeOf(type) is not { } charge)
        {
            return;
        }

        charge = type == Regular && IsFee() ? Mapping.Charges[Fee] : charge;
        var isCorrection = Filled(_columns["adjustment"]) >= 0;
        foreach (var draft in drafts)
        {
            SetCommon(draft);
        }

        SetCost(drafts[0], charge, isCorrection);
        for (var i = 1; i < drafts.Length; i++)
        {
            SetCredit(drafts[i], record.Credits[i - 1], isCorrection);
        }
    }

    private bool LeavesOutMalformedTags()
    {
        var malformed = string.Join(" | ", record.MalformedTags);
        if ((Granted & Tolerance.MalformedTags) != 0)
        {
            LeaveOutOfTags(malformed);
            return true;
        }

        Fail(TagsColumn, "json-shape", $"Labels and tags are lists of objects with key and value, these are none: {malformed}. Correct the "
            + "export", Tolerance.MalformedTags);
        return false;
    }

    private NativeMapping.ChargeRow? ChargeOf(string type)
    {
        if (Mapping.Charges.TryGetValue(type, out var charge) && type is not (OtherCredit or Fee))
        {
            return charge;
        }

        FailValue(_columns["costType"][0], Mapping.Charges.Keys.Where(k => k != Fee && !k.StartsWith(OtherCredit, StringComparison.Ordinal)),
            "How a new type of cost is to be booked has to be decided first: its rows would be wrong silently.");
        return null;
    }

    /// <summary>A fee of a spend commitment is a purchase and no usage, though its cost type is regular.</summary>
    private bool IsFee() => record.Credits.Any(c => c.Type == FeeOffset)
        || (Text(_columns["skuName"])?.StartsWith("Commitment fee", StringComparison.OrdinalIgnoreCase) ?? false);

    private void SetCommon(LineDraft draft)
    {
        draft.MonthIndex = InvoiceMonth();
        draft.StartSeconds = InstantOf("start");
        draft.EndSeconds = InstantOf("end");
        var service = Text(_columns["service"]) ?? Text(_columns["serviceId"]);
        draft[DimensionColumn.ServiceName] = service;
        draft[DimensionColumn.ServiceCategory] = Mapping.Values["serviceCategories"].GetValueOrDefault(service ?? "", "Other");
        if (Text(_columns["transaction"]) is { } transaction && Mapping.Values["marketplace"].ContainsKey(transaction)
            && Text(_columns["seller"]) is { } seller)
        {
            draft[DimensionColumn.ServiceProviderName] = seller;
        }

        draft.ResourceId = Text(_columns["resource"]);
        draft.ResourceName = Text(_columns["resourceName"]);
    }

    private void SetCost(LineDraft draft, NativeMapping.ChargeRow charge, bool isCorrection)
    {
        draft.SetCharge(charge);
        draft[DimensionColumn.ChargeClass] = isCorrection ? "Correction" : null;
        var cost = Demand(_columns["cost"]) is null ? 0 : Attos(_columns["cost"][0]);
        draft.SetCosts(cost);
        draft.ListAttos = Filled(_columns["listCost"]) is var list && list >= 0 ? Attos(list) : cost;
        var sku = Text(_columns["skuName"]);
        draft[DimensionColumn.ChargeDescription] = (isCorrection ? Text(_columns["adjustmentText"]) : null) ?? sku;
        if (charge.Category != "Usage")
        {
            return;
        }

        draft.PricingQuantity = Quantity(_columns["pricingQuantity"]);
        draft[DimensionColumn.PricingUnit] = Text(_columns["pricingUnit"]);
        draft.ContractedUnitPrice = UnitPrice(_columns["price"]);
        draft.ListUnitPrice = UnitPrice(_columns["listPrice"]);
        if (!isCorrection)
        {
            draft.ConsumedQuantity = Quantity(_columns["quantity"]);
            draft[DimensionColumn.ConsumedUnit] = Text(_columns["unit"]);
        }

        if (sku is not null && (sku.Contains("Spot", StringComparison.Ordinal) || sku.Contains("Preemptible", StringComparison.Ordinal)))
        {
            draft[DimensionColumn.PricingCategory] = "Dynamic";
        }
    }

    /// <summary>List and contracted cost stay with the row's own line: over all lines both are what Google states.</summary>
    private void SetCredit(LineDraft draft, GcpCredit credit, bool isCorrection)
    {
        var charge = Mapping.Charges.GetValueOrDefault($"{OtherCredit} {credit.Type}") ?? Mapping.Charges[OtherCredit];
        draft.SetCharge(charge);

        // A grant's draw on a corrected row is given back and refills the grant; only what is a charge corrects a charge.
        draft[DimensionColumn.ChargeClass] = isCorrection && charge.Category != "Credit" ? "Correction" : null;
        draft[DimensionColumn.ChargeDescription] = $"{credit.Type ?? "CREDIT"}: {credit.Name ?? credit.Id ?? "without a name"}";
        draft[DimensionColumn.PricingCategory] = null;
        var column = _columns["credits"][0];
        if (credit.Amount is not { } amount)
        {
            Fail(column, "value-missing", "A credit cannot be booked without its amount.");
            return;
        }

        draft.BilledAttos = Attos(column, System.Text.Encoding.UTF8.GetBytes(amount));
        draft.EffectiveAttos = draft.BilledAttos;
        if (charge.Category == "Purchase")
        {
            // It takes the fee itself back, at every price.
            (draft.ListAttos, draft.ContractedAttos) = (draft.BilledAttos, draft.BilledAttos);
        }

        AddExtra(draft, "x_CreditType", credit.Type);
        AddExtra(draft, "x_CreditName", credit.Name);
        AddExtra(draft, "x_CreditId", credit.Id);
    }

    private void AddExtra(LineDraft draft, string name, string? value)
    {
        if (value is not null && _listed.Contains(name))
        {
            draft.Extras.Add((name, value));
        }
    }

    /// <summary>Google's invoice month is one of Pacific time. It is booked as the month of the same name.</summary>
    private int InvoiceMonth()
    {
        var text = Demand(_columns["month"]);
        if (text is null)
        {
            return 0;
        }

        if (DateOnly.TryParseExact(text + "01", "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && day.Year is >= 1970 and <= 2199)
        {
            return BillingMonth.Of(day).Index;
        }

        Fail(_columns["month"][0], "invoice-month-form", "The invoice month is written as YYYYMM, such as 202607.");
        return 0;
    }

    /// <summary>Microseconds since 1970, as BigQuery's <c>useInt64Timestamp</c> gives them, or a time as text.</summary>
    private long InstantOf(string name)
    {
        var column = _columns[name][0];
        var value = Value(column);
        if (value.IsEmpty || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var micros))
        {
            return Instant(_columns[name]) ?? 0;
        }

        var (seconds, rest) = Math.DivRem(micros, MicrosPerSecond);
        if (seconds / ChargeDay.SecondsPerDay >= ChargeDay.Of(new DateOnly(2200, 1, 1)))
        {
            var (range, words) = FieldFaults.OfTime(TimeFault.Range);
            Fail(column, range, words);
            return 0;
        }

        if (rest == 0)
        {
            return seconds;
        }

        if ((Granted & Tolerance.FractionalTimes) != 0)
        {
            Use(Tolerance.FractionalTimes, column);
            return seconds;
        }

        var (rule, message) = FieldFaults.OfTimeForm(Tolerance.FractionalTimes);
        Fail(column, rule, message, Tolerance.FractionalTimes);
        return 0;
    }
}
