using CiCost.CostIngest.Formats.Csv;

namespace CiCost.CostIngest.Formats.MappedCsv;

/// <summary>What a mapping file says: where each FOCUS column of somebody's CSV comes from.</summary>
/// <param name="File">Its name, for messages.</param>
/// <param name="Name">What the source calls itself, for the books.</param>
/// <param name="Separator">What stands between two fields of the file.</param>
/// <param name="Numbers">How its numbers are written.</param>
/// <param name="NumbersLine">The line that says so; 0 when the mapping says nothing.</param>
/// <param name="Fields">The FOCUS columns, in the order of the file.</param>
internal sealed record CsvMapping(
    string File, string Name, CsvSeparator Separator, NumberForm Numbers, int NumbersLine, IReadOnlyList<MappedField> Fields)
{
    /// <summary>The four costs in the order of the books.</summary>
    public static readonly IReadOnlyList<string> Costs = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

    /// <summary>The other columns whose value is a number.</summary>
    public static readonly IReadOnlyList<string> OtherNumbers =
        ["PricingQuantity", "ConsumedQuantity", "ListUnitPrice", "ContractedUnitPrice"];

    /// <summary>The columns whose value is an instant.</summary>
    public static readonly IReadOnlyList<string> Times = ["BillingPeriodStart", "ChargePeriodStart", "ChargePeriodEnd"];

    /// <summary>The texts that are no dimensions.</summary>
    public static readonly IReadOnlyList<string> OtherTexts = ["ResourceId", "ResourceName", "Tags"];

    /// <summary>What every mapping names.</summary>
    public static readonly IReadOnlyList<string> Required =
        ["BillingAccountId", "BillingCurrency", "ChargePeriodStart", "ChargeCategory", "BilledCost", "ServiceName", "ServiceProviderName"];

    /// <summary>Where a FOCUS column comes from; null when the mapping does not name it.</summary>
    public MappedField? Find(string focus) => Fields.FirstOrDefault(f => f.Focus == focus);

    /// <summary>Is a column's value a number?</summary>
    public static bool IsNumber(string focus) => Costs.Contains(focus) || OtherNumbers.Contains(focus);
}

/// <summary>Where one FOCUS column comes from.</summary>
/// <param name="Focus">Its name.</param>
/// <param name="Line">The line of the mapping file that names it.</param>
/// <param name="Column">The column of the file; null for a constant.</param>
/// <param name="Constant">The value of every row; null for a column.</param>
/// <param name="Values">What the file's values are called in FOCUS; empty when they stand as they are.</param>
/// <param name="Date">How an instant is written.</param>
/// <param name="IsInclusive">Is an end the last day and not the first one after it?</param>
/// <param name="IsNegated">Is an amount written with the other sign?</param>
internal sealed record MappedField(
    string Focus, int Line, string? Column, string? Constant, IReadOnlyDictionary<string, string> Values, DateForm Date, bool IsInclusive,
    bool IsNegated);
