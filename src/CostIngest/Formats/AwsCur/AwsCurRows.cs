using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.AwsCur;

/// <summary>The rules of the Cost and Usage Report. What each line item type means is in <c>mapping.json</c>.</summary>
internal sealed partial class AwsCurRows(NativeMapping mapping, NativeReadContext context) : NativeRowReader(mapping, context, 1)
{
    private const string Discounts = "Adjustment";
    private readonly SortedDictionary<string, Int128> _uncovered = new(StringComparer.Ordinal);
    private readonly MapValues _products = new("product_name");
    private Columns _columns = Columns.None;

    /// <summary>
    /// A savings plan takes the covered usage off the bill with rows of the opposite sign. Both are booked as 0, which is exact only
    /// when they are equal.
    /// </summary>
    public override void Finish()
    {
        foreach (var (currency, attos) in _uncovered.Where(u => u.Value != 0))
        {
            FailDelivery("savings-plan-unbalanced", $"{Domain.Money.DecimalText.OfAttos(attos)} {currency}",
                "SavingsPlanCoveredUsage and SavingsPlanNegation do not sum to zero, so booking both as 0 would change what is payable. "
                    + "Deliver all files of the month" + Mapping.Profiles.Advice(Tolerance.SavingsPlanAsStated, Granted) + ".");
        }
    }

    /// <inheritdoc/>
    protected override void FindColumns() => _columns = new Columns(Layout);

    /// <inheritdoc/>
    protected override void Map(ReadOnlySpan<LineDraft> drafts)
    {
        var draft = drafts[0];
        var type = Demand(_columns.Type);
        if (type is null || (type == "Refund" && !TryReadRefund()) || ChargeOf(type) is not { } charge)
        {
            return;
        }

        draft.SetCharge(charge);
        SetPeriods(draft);
        SetService(draft);
        SetCommitment(draft, type);
        SetPricing(draft, type, charge);
        SetCosts(draft, type, charge);
        draft.ResourceId = Text(_columns.Resource);
    }

    private NativeMapping.ChargeRow? ChargeOf(string type)
    {
        if (type == "Refund")
        {
            return Mapping.Charges[ChargeOfRefund()];
        }

        // Fees of a reservation or savings plan are another kind of charge than all others.
        var isCommitment = Filled(_columns.ReservationArn) >= 0 || Filled(_columns.SavingsPlanArn) >= 0;
        if (isCommitment && Mapping.Charges.TryGetValue(type + " of a commitment", out var ofCommitment))
        {
            return ofCommitment;
        }

        if (Mapping.Charges.TryGetValue(type, out var charge))
        {
            return charge;
        }

        FailValue(_columns.Type[0], Mapping.Charges.Keys.Where(k => !k.Contains(' ', StringComparison.Ordinal)),
            "How a new line item type is to be booked has to be decided first: its rows would be wrong silently.");
        return null;
    }

    private void SetPeriods(LineDraft draft)
    {
        if (Instant(_columns.PeriodStart) is { } periodStart)
        {
            draft.MonthIndex = MonthFrom(_columns.PeriodStart, periodStart);
        }

        draft.StartSeconds = Instant(_columns.Start) ?? 0;
        draft.EndSeconds = Instant(_columns.End) ?? draft.StartSeconds;
    }

    private void SetService(LineDraft draft)
    {
        var product = Text(_columns.Product);
        draft[DimensionColumn.ServiceName] ??= ProductName() ?? product;
        draft[DimensionColumn.ServiceCategory] = product is null ? "Other"
            : Mapping.Values["serviceCategories"].GetValueOrDefault(product, "Other");
        if (Text(_columns.BillingEntity) == "AWS Marketplace" && Text(_columns.LegalEntity) is { } seller)
        {
            draft[DimensionColumn.ServiceProviderName] = seller;
        }
    }

    /// <summary>CUR 2.0 has the product's name in a map of all that belongs to the product.</summary>
    private string? ProductName()
    {
        var column = Filled(_columns.ProductMap);
        if (column < 0)
        {
            return null;
        }

        if (_products.TryGet(Value(column), out var name))
        {
            return name;
        }

        Fail(column, "map-json", "A map such as {\"product_name\":\"Amazon EC2\"} is expected: a JSON object whose values are texts.");
        return null;
    }

    private void SetCommitment(LineDraft draft, string type)
    {
        var plan = Text(_columns.SavingsPlanArn);
        var id = type == "Refund" ? _refundedArn : plan ?? Text(_columns.ReservationArn);
        if (id is null)
        {
            return;
        }

        var isPlan = plan is not null || id.Contains(":savingsplan/", StringComparison.Ordinal);
        draft[DimensionColumn.CommitmentDiscountId] = id;
        draft[DimensionColumn.CommitmentDiscountCategory] = isPlan ? "Spend" : "Usage";
        draft[DimensionColumn.CommitmentDiscountType] = isPlan ? "Savings Plan" : "Reserved Instance";
        if (type is "DiscountedUsage" or "SavingsPlanCoveredUsage")
        {
            draft[DimensionColumn.CommitmentDiscountStatus] = "Used";
        }
    }

    private void SetPricing(LineDraft draft, string type, NativeMapping.ChargeRow charge)
    {
        var hasQuantity = charge is { Category: "Usage" or "Purchase", Class: null } && type != "SavingsPlanNegation";
        if (!hasQuantity)
        {
            draft[DimensionColumn.PricingUnit] = null;
            return;
        }

        draft.PricingQuantity = Quantity(_columns.Quantity);
        draft.ListUnitPrice = UnitPrice(_columns.OnDemandRate);
        draft.ContractedUnitPrice = charge.Contracted == "onDemand" ? draft.ListUnitPrice : UnitPrice(_columns.UnblendedRate);
        if (charge.Category != "Usage")
        {
            return;
        }

        draft.ConsumedQuantity = draft.PricingQuantity;
        draft[DimensionColumn.ConsumedUnit] = draft[DimensionColumn.PricingUnit];
        var isSpot = Text(_columns.Term) == "Spot"
            || (Text(_columns.UsageType)?.Contains("SpotUsage", StringComparison.Ordinal) ?? false);
        if (isSpot && type == "Usage")
        {
            draft[DimensionColumn.PricingCategory] = "Dynamic";
        }
    }

    private void SetCosts(LineDraft draft, string type, NativeMapping.ChargeRow charge)
    {
        var unblended = Cost(_columns.Unblended);
        if (unblended != 0 && Filled(_columns.SplitParent) >= 0)
        {
            Fail(_columns.Unblended[0], "split-line-cost", "This row is a part of the instance that split_line_item_parent_resource_id "
                + "names, whose own row has the cost already; with a cost of its own it would be counted twice. Export without split cost "
                + "allocation data.");
        }

        var cost = NetOr(_columns.NetUnblended, unblended, charge.Category == Discounts);
        draft.BilledAttos = CostBy(charge.Billed, unblended, cost);
        draft.EffectiveAttos = CostBy(charge.Effective, unblended, cost);
        draft.ListAttos = CostBy(charge.List, unblended, cost);
        draft.ContractedAttos = CostBy(charge.Contracted, unblended, cost);
        if (type is not ("SavingsPlanCoveredUsage" or "SavingsPlanNegation"))
        {
            return;
        }

        if ((Granted & Tolerance.SavingsPlanAsStated) != 0)
        {
            Use(Tolerance.SavingsPlanAsStated, Filled(_columns.Unblended));
            draft.BilledAttos = cost;
            return;
        }

        var currency = draft[DimensionColumn.BillingCurrency] ?? "";
        _uncovered[currency] = _uncovered.GetValueOrDefault(currency) + cost;
    }

    /// <summary>
    /// Where the report has net columns, discounts are inside the net cost of the rows that they lower. Whether they are is unclear
    /// when a discount's own row leaves its net cost empty.
    /// </summary>
    private Int128 NetOr(int[] net, Int128 gross, bool isDiscount)
    {
        if (Filled(net) is var column && column >= 0)
        {
            return Attos(column);
        }

        if (isDiscount && net.Length > 0)
        {
            Fail(net[0], "net-cost-missing", "The report has net costs and this discount has none, so it may be counted twice: in this "
                + "row and in the net cost of the usage. Export the report with all net columns, or without them.");
        }

        return gross;
    }

    private Int128 CostBy(string rule, Int128 unblended, Int128 cost) => rule switch
    {
        "cost" => cost,
        "unblended" => unblended,
        "zero" => 0,
        "onDemand" => OnDemand(unblended),
        "reservation" => DemandCost("reservationEffective"),
        "reservationUnused" => Cost(_columns.UnusedUpfront) + Cost(_columns.UnusedRecurring),
        "savingsPlan" => DemandCost("savingsPlanEffective"),
        "refundOfFee" => EffectiveOfRefund(cost),
        "savingsPlanUnused" => DemandCost("totalCommitment") - DemandCost("usedCommitment"),
        _ => throw new InvalidOperationException($"The mapping of aws-cur names a cost rule '{rule}' that is not there."),
    };

    /// <summary>A list cost of 0 beside a cost means that AWS publishes no price, as on the marketplace.</summary>
    private Int128 OnDemand(Int128 unblended)
    {
        var column = Filled(_columns.OnDemandCost);
        var list = column < 0 ? 0 : Attos(column);
        return list == 0 ? unblended : list;
    }

    private sealed class Columns(NativeLayout? layout)
    {
        public static Columns None { get; } = new(null);

        public int[] Type { get; } = Of(layout, "type");

        public int[] PeriodStart { get; } = Of(layout, "periodStart");

        public int[] Start { get; } = Of(layout, "start");

        public int[] End { get; } = Of(layout, "end");

        public int[] Account { get; } = Of(layout, "account");

        public int[] SubAccount { get; } = Of(layout, "subAccount");

        public int[] Description { get; } = Of(layout, "description");

        public int[] Product { get; } = Of(layout, "product");

        public int[] BillingEntity { get; } = Of(layout, "billingEntity");

        public int[] LegalEntity { get; } = Of(layout, "legalEntity");

        public int[] Resource { get; } = Of(layout, "resource");

        public int[] Quantity { get; } = Of(layout, "quantity");

        public int[] UsageType { get; } = Of(layout, "usageType");

        public int[] Term { get; } = Of(layout, "term");

        public int[] OnDemandRate { get; } = Of(layout, "onDemandRate");

        public int[] OnDemandCost { get; } = Of(layout, "onDemandCost");

        public int[] UnblendedRate { get; } = Of(layout, "unblendedRate");

        public int[] Unblended { get; } = Of(layout, "unblended");

        public int[] NetUnblended { get; } = Of(layout, "netUnblended");

        public int[] ReservationArn { get; } = Of(layout, "reservationArn");

        public int[] UnusedUpfront { get; } = Of(layout, "unusedUpfront");

        public int[] UnusedRecurring { get; } = Of(layout, "unusedRecurring");

        public int[] SavingsPlanArn { get; } = Of(layout, "savingsPlanArn");

        public int[] Tags { get; } = Of(layout, "tags");

        public int[] AllTags { get; } = Of(layout, "allTags");

        public int[] ProductMap { get; } = Of(layout, "productMap");

        public int[] SplitParent { get; } = Of(layout, "splitParent");

        private static int[] Of(NativeLayout? layout, string name) => layout?.Find(name) ?? [];
    }
}
