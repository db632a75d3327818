using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Formats.AzureEa;

/// <summary>The rules of Azure's actual-cost export. It has no amortised costs: see docs/formats.md.</summary>
internal sealed class AzureEaRows(NativeMapping mapping, NativeReadContext context) : NativeRowReader(mapping, context, 1)
{
    private readonly Dictionary<string, int[]> _columns = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override int TagsColumn => _columns["tags"] is [var column, ..] ? column : -1;

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
        var draft = drafts[0];
        var model = Mapped("pricingModel", "pricingModels");
        if (Charge() is not { } charge)
        {
            return;
        }

        draft.SetCharge(charge);
        draft[DimensionColumn.ChargeFrequency] = Mapped("frequency", "frequencies") ?? "Usage-Based";
        draft[DimensionColumn.PricingCategory] = charge.Category switch
        {
            "Usage" => model ?? "Standard",
            "Purchase" when charge.Class is null => "Standard",
            _ => null,
        };
        SetPeriods(draft);
        SetService(draft);
        SetCommitment(draft, charge, model);
        SetCosts(draft, charge);
        draft.ResourceId = Text(_columns["resource"]);
        draft.ResourceName = Text(_columns["resourceName"]);
        draft[DimensionColumn.RegionId] = Text(_columns["location"])?.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    private NativeMapping.ChargeRow? Charge()
    {
        var type = Demand(_columns["type"]);
        if (type is null)
        {
            return null;
        }

        // Pay-as-you-go files write "usage".
        if (Mapping.Charges.Keys.FirstOrDefault(k => k.Equals(type, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            return Mapping.Charges[known];
        }

        if (type.Equals("UnusedReservation", StringComparison.OrdinalIgnoreCase)
            || type.Equals("UnusedSavingsPlan", StringComparison.OrdinalIgnoreCase))
        {
            FailAmortised(_columns["type"][0]);
        }
        else
        {
            FailValue(_columns["type"][0], Mapping.Charges.Keys,
                "How a new charge type is to be booked has to be decided first: its rows would be wrong silently.");
        }

        return null;
    }

    private void FailAmortised(int column) => Fail(column, "azure-amortised-file",
        "This row is of an amortised-cost export, which spreads purchases over the months and does not tie to an invoice. Export the "
            + "actual cost.");

    private string? Mapped(string column, string table)
    {
        var text = Text(_columns[column]);
        if (text is null)
        {
            return null;
        }

        if (Mapping.Values[table].TryGetValue(text, out var value))
        {
            return value;
        }

        FailValue(Filled(_columns[column]), Mapping.Values[table].Keys, "Correct the file, or ask for the value to be added.");
        return null;
    }

    private void SetPeriods(LineDraft draft)
    {
        if (Day("periodStart") is { } periodStart)
        {
            draft.MonthIndex = MonthOf(periodStart);
        }

        if (Day("date") is { } start)
        {
            (draft.StartSeconds, draft.EndSeconds) = (start, start + ChargeDay.SecondsPerDay);
        }
    }

    /// <summary>Pay-as-you-go has periods from the day of the subscription: such a one is booked in the month that holds its middle.</summary>
    private int MonthOf(long start)
    {
        var month = FocusTime.MonthIndexOf(start, out var isFirstInstant);
        if (isFirstInstant)
        {
            return month;
        }

        var column = Filled(_columns["periodStart"]);
        if ((Granted & Tolerance.MonthStartOffset) == 0)
        {
            Fail(column, "billing-period-start-not-month-start", "The billing period does not begin with a month", Tolerance.MonthStartOffset);
            return 0;
        }

        Use(Tolerance.MonthStartOffset, column);
        var end = Filled(_columns["periodEnd"]) >= 0 ? Day("periodEnd") : null;
        return FocusTime.MonthIndexOf(start + (Math.Max(0, (end ?? start) - start) / 2), out _);
    }

    private long? Day(string name)
    {
        var column = Filled(_columns[name]);
        if (column < 0)
        {
            _ = Demand(_columns[name]);
            return null;
        }

        if (!NativeDate.TryIsoOrUs(Value(column), out var seconds, out var needed))
        {
            Fail(column, "date-form", "This is no day. Write it as MM/DD/YYYY or YYYY-MM-DD.");
            return null;
        }

        if ((needed & ~Granted) != Tolerance.None)
        {
            Fail(column, "date-unpadded", "The day has no leading zeros, as a spreadsheet writes it, so month and day could be swapped",
                needed);
            return null;
        }

        if (needed != Tolerance.None)
        {
            Use(needed, column);
        }

        return seconds;
    }

    private void SetService(LineDraft draft)
    {
        var service = Text(_columns["consumedService"]);
        draft[DimensionColumn.ServiceCategory] = Mapping.Values["serviceCategories"].GetValueOrDefault(service ?? "", "Other");
        draft[DimensionColumn.ServiceName] ??= service;
        var publisher = Text(_columns["publisher"]);
        if (Text(_columns["publisherType"]) == "Marketplace" && publisher is not null)
        {
            draft[DimensionColumn.ServiceProviderName] = publisher;
        }
    }

    private void SetCommitment(LineDraft draft, NativeMapping.ChargeRow charge, string? model)
    {
        var isCommitted = model == "Committed";
        var id = Text(_columns["benefit"]);
        if (id is not null)
        {
            draft[DimensionColumn.CommitmentDiscountId] = id;
            draft[DimensionColumn.CommitmentDiscountName] = Text(_columns["benefitName"]);
            var isPlan = Text(_columns["pricingModel"])?.StartsWith("Savings", StringComparison.OrdinalIgnoreCase) ?? false;
            draft[DimensionColumn.CommitmentDiscountCategory] = isPlan ? "Spend" : "Usage";
            draft[DimensionColumn.CommitmentDiscountType] = isPlan ? "Savings Plan" : "Reservation";
        }

        if (!isCommitted || charge.Category != "Usage")
        {
            return;
        }

        draft[DimensionColumn.CommitmentDiscountStatus] = id is null ? null : "Used";
        if (Cost(_columns["cost"]) != 0)
        {
            FailAmortised(Filled(_columns["cost"]));
        }
    }

    private void SetCosts(LineDraft draft, NativeMapping.ChargeRow charge)
    {
        var cost = Cost(_columns["cost"]);
        draft.SetCosts(cost);
        if (charge.Category != "Usage")
        {
            draft[DimensionColumn.PricingUnit] = null;
            return;
        }

        draft.PricingQuantity = Quantity(_columns["quantity"]);
        draft.ConsumedQuantity = draft.PricingQuantity;
        draft[DimensionColumn.ConsumedUnit] = draft[DimensionColumn.PricingUnit];
        var (contracted, listed) = (Priced("unitPrice"), Priced("listPrice"));
        draft.ContractedUnitPrice = IsPriced("unitPrice") ? UnitPrice(_columns["unitPrice"]) : null;
        draft.ListUnitPrice = IsPriced("listPrice") ? UnitPrice(_columns["listPrice"]) : null;
        draft.ContractedAttos = contracted ?? cost;
        draft.ListAttos = listed ?? draft.ContractedAttos;
    }

    /// <summary>Price times quantity; null when one is missing, or the product is beyond the range of a cost.</summary>
    private Int128? Priced(string name) => IsPriced(name) ? Product(Filled(_columns[name]), Filled(_columns["quantity"])) : null;

    /// <summary>Are price and quantity there? By a price of 0 Azure means that it is not known.</summary>
    private bool IsPriced(string name)
    {
        var (price, quantity) = (Filled(_columns[name]), Filled(_columns["quantity"]));
        return price >= 0 && quantity >= 0
            && (FocusDecimal.TryParseRounded(Value(price), 18, out var attos, out var wasRounded) != FocusDecimalError.None
                || attos != 0 || wasRounded);
    }
}
