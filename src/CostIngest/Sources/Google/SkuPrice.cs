using System.Globalization;
using System.Text.Json;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>One tier of the price of a SKU.</summary>
/// <param name="SkuId">The SKU.</param>
/// <param name="Sku">Its description.</param>
/// <param name="Service">Its service, as people know it.</param>
/// <param name="Family">Compute, Storage, Network...</param>
/// <param name="Group">Such as CPU, RAM, GPU.</param>
/// <param name="UsageType">OnDemand, Preemptible, Commit1Yr...</param>
/// <param name="Regions">Where it is sold.</param>
/// <param name="EffectiveTime">From when the price holds.</param>
/// <param name="Unit">What is priced, for example <c>h</c>.</param>
/// <param name="StartAmount">From which usage in the month on, as it stands there.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Price">The exact price of one unit.</param>
internal sealed record SkuPrice(
    string SkuId, string Sku, string Service, string Family, string Group, string UsageType, string Regions, string EffectiveTime, string Unit,
    string StartAmount, string Currency, string Price)
{
    private const long NanosPerUnit = 1_000_000_000;

    /// <summary>The names of the columns in the order of the values.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "sku_id", "sku", "service", "family", "group", "usage_type", "regions", "effective_time", "unit", "start_amount", "currency", "unit_price",
    ];

    /// <summary>The values in the order of the columns.</summary>
    public IReadOnlyList<string> Values =>
        [SkuId, Sku, Service, Family, Group, UsageType, Regions, EffectiveTime, Unit, StartAmount, Currency, Price];

    /// <summary>The tiers of a SKU's newest price.</summary>
    /// <exception cref="InvalidDataException">It is not of the form that Google documents.</exception>
    public static IEnumerable<SkuPrice> Of(JsonElement sku)
    {
        if (!sku.TryGetProperty("pricingInfo", out var infos) || infos.GetArrayLength() == 0)
        {
            yield break;
        }

        var info = infos[infos.GetArrayLength() - 1];
        var expression = info.GetProperty("pricingExpression");
        var category = sku.GetProperty("category");
        var regions = sku.TryGetProperty("serviceRegions", out var list) ? string.Join(' ', list.EnumerateArray().Select(r => r.GetString())) : "";
        foreach (var tier in expression.GetProperty("tieredRates").EnumerateArray())
        {
            var price = tier.GetProperty("unitPrice");
            yield return new SkuPrice(
                Text(sku, "skuId"), Text(sku, "description"), Text(category, "serviceDisplayName"), Text(category, "resourceFamily"),
                Text(category, "resourceGroup"), Text(category, "usageType"), regions, Text(info, "effectiveTime"), Text(expression, "usageUnit"),
                tier.TryGetProperty("startUsageAmount", out var start) ? start.GetRawText() : "0", Text(price, "currencyCode"), PriceOf(price));
        }
    }

    /// <summary>
    /// units + nanos x 1e-9, both with the same sign: https://github.com/googleapis/googleapis/blob/master/google/type/money.proto. A part
    /// that is 0 may be left out.
    /// </summary>
    internal static string PriceOf(JsonElement price)
    {
        var units = price.TryGetProperty("units", out var text) && text.ValueKind == JsonValueKind.String
            ? long.TryParse(text.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? whole
                : throw new InvalidDataException($"'{text.GetString()}' is no number of units.")
            : 0;
        var nanos = price.TryGetProperty("nanos", out var part) ? part.GetInt32() : 0;
        return Math.Abs((long)nanos) < NanosPerUnit && (units == 0 || nanos == 0 || (units < 0) == (nanos < 0))
            ? DecimalText.OfAttos((((Int128)units * NanosPerUnit) + nanos) * FocusDecimal.AttosPerNano)
            : throw new InvalidDataException($"{units} units and {nanos} nanos are no amount of money.");
    }

    private static string Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
