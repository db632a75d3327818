using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Formats.GitHubUsage;

/// <summary>The rules of GitHub's usage report.</summary>
internal sealed class GitHubUsageRows(NativeMapping mapping, NativeReadContext context, int linesPerRow)
    : NativeRowReader(mapping, context, linesPerRow)
{
    private const string RepositoryColumn = "x_Repository";

    /// <summary>The account of what an enterprise uses outside its organisations: the report does not name the enterprise.</summary>
    private const string Enterprise = "enterprise";

    private readonly DimensionOptions _options = context.Request.Dimensions;
    private readonly Dictionary<string, int[]> _columns = new(StringComparer.Ordinal);

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
        var gross = DemandCost("gross");
        var discount = Discount(gross);
        var (usage, credit) = (drafts[0], drafts[1]);
        usage.SetCharge(Mapping.Charges["usage"]);
        credit.SetCharge(Mapping.Charges["discount"]);
        usage.SetCosts(gross);
        (credit.BilledAttos, credit.EffectiveAttos) = (-discount, -discount);
        foreach (var draft in drafts)
        {
            SetCommon(draft);
        }

        if (usage[DimensionColumn.SubAccountId] is null)
        {
            TakeBlankOrganisation();
        }

        var product = Text(_columns["product"]) ?? "";
        var sku = usage[DimensionColumn.SkuId];
        usage[DimensionColumn.ChargeDescription] = $"GitHub {product}: {sku}";
        credit[DimensionColumn.ChargeDescription] = $"GitHub discount for included or free usage of {product}: {sku}";
        usage.PricingQuantity = Quantity(_columns["quantity"]);
        usage.ConsumedQuantity = usage.PricingQuantity;
        usage[DimensionColumn.ConsumedUnit] = usage[DimensionColumn.PricingUnit];
        usage.ListUnitPrice = UnitPrice(_columns["price"]);
        usage.ContractedUnitPrice = usage.ListUnitPrice;
        credit[DimensionColumn.PricingUnit] = null;
    }

    /// <summary>An enterprise's report has rows of no organisation, such as seats of its licence.</summary>
    private void TakeBlankOrganisation()
    {
        var column = _columns["account"][0];
        if ((Granted & Tolerance.BlankOrganization) != 0)
        {
            Use(Tolerance.BlankOrganization, _columns["sku"][0]);
        }
        else
        {
            Fail(column, "organization-blank", "The row has no organization, so it is not clear whose account pays for it",
                Tolerance.BlankOrganization);
        }
    }

    /// <summary>What is taken off, so that gross minus it is exactly the net amount.</summary>
    private Int128 Discount(Int128 gross)
    {
        var discount = DemandCost("discount");
        var net = DemandCost("net");
        if (gross - discount == net || Filled(_columns["net"]) < 0)
        {
            return discount;
        }

        if ((Granted & Tolerance.NetRounding) != 0)
        {
            Use(Tolerance.NetRounding, _columns["net"][0]);
            return gross - net;
        }

        Fail(_columns["net"][0], "net-mismatch", $"gross_amount minus discount_amount is {DecimalText.OfAttos(gross - discount)}, not the "
            + "net_amount", Tolerance.NetRounding);
        return discount;
    }

    private void SetCommon(LineDraft draft)
    {
        var column = Filled(_columns["date"]);
        if (column < 0)
        {
            _ = Demand(_columns["date"]);
        }
        else if (NativeDate.TryIso(Value(column), out var start))
        {
            (draft.StartSeconds, draft.EndSeconds) = (start, start + ChargeDay.SecondsPerDay);
            draft.MonthIndex = FocusTime.MonthIndexOf(start, out _);
        }
        else
        {
            Fail(column, "date-form", "This is no day. Write it as YYYY-MM-DD.");
        }

        // GitHub bills an organisation: it is the account that pays and the one that used.
        var organisation = draft[DimensionColumn.BillingAccountId];
        draft[DimensionColumn.SubAccountId] = organisation;
        if (organisation is null && (Granted & Tolerance.BlankOrganization) != 0)
        {
            draft[DimensionColumn.BillingAccountId] = Enterprise;
        }

        var product = Text(_columns["product"]) ?? "";
        draft[DimensionColumn.ServiceName] = Mapping.Values["services"].GetValueOrDefault(product, $"GitHub {product}".TrimEnd());
        draft[DimensionColumn.ServiceCategory] = "Developer Tools";
        if (Text(_columns["repository"]) is { } repository)
        {
            // The report in CSV has the bare name, the answer of the API owner and name: both are the latter here.
            var isWhole = repository.Contains('/', StringComparison.Ordinal) || organisation is null;
            var whole = isWhole ? repository : $"{organisation}/{repository}";
            draft.ResourceId = whole;
            draft.ResourceName = whole[(whole.LastIndexOf('/') + 1)..];
            if (_options.CustomColumns.Contains(RepositoryColumn))
            {
                draft.Extras.Add((RepositoryColumn, whole));
            }
        }
    }
}
