using System.Text.RegularExpressions;

namespace CiCost.CostIngest.Formats.AwsCur;

/// <summary>What a Refund row gives back.</summary>
internal enum Refunded
{
    /// <summary>An ordinary charge.</summary>
    Charge,

    /// <summary>A negotiated discount that was missing.</summary>
    Discount,

    /// <summary>A fee that was paid ahead for all of a commitment's term.</summary>
    UpfrontFee,

    /// <summary>A fee that a commitment asks for each hour or month.</summary>
    RecurringFee,

    /// <summary>A fee of a commitment; the row does not say which.</summary>
    SomeFee,

    /// <summary>Something of a commitment's product: a fee or a discount.</summary>
    FeeOrDiscount,
}

/// <summary>
/// What the text of a Refund row says. AWS leaves the plan's ARN out of the refund of a returned savings plan and names it in the
/// description, "Refund for one-time fee for Savings Plan ID: ..."; refunds of negotiated discounts stand on the same product
/// (cloud-intelligence-dashboards-framework, issues 1087 and 1497, pull request 1515).
/// </summary>
internal static partial class RefundText
{
    /// <summary>What is given back, and the commitment's id as the description writes it.</summary>
    /// <param name="description">LineItemDescription.</param>
    /// <param name="product">ProductCode.</param>
    /// <param name="hasArn">Does the row name the ARN of a savings plan or reservation?</param>
    public static (Refunded What, string? Id) Read(string description, string product, bool hasArn)
    {
        var id = Arn().Match(description) is { Success: true } arn ? arn.Value
            : Ids().Match(description) is { Success: true } named ? IdOf(named)
            : null;
        var isNamed = hasArn || id is not null;
        if (!isNamed && !Commitment().IsMatch(description) && !product.EndsWith("SavingsPlans", StringComparison.Ordinal))
        {
            return (Refunded.Charge, null);
        }

        var what = description.StartsWith("Refund for one-time fee", StringComparison.OrdinalIgnoreCase) ? Refunded.UpfrontFee
            : Discounts().IsMatch(description) ? Refunded.Discount
            : Upfront().IsMatch(description) ? Refunded.UpfrontFee
            : Recurring().IsMatch(description) ? Refunded.RecurringFee
            : isNamed ? Refunded.SomeFee
            : Refunded.FeeOrDiscount;
        return (what, id);
    }

    /// <summary>The ids by which the description of a fee names its commitment.</summary>
    public static IEnumerable<string> IdsOf(string description) => Ids().Matches(description).Select(IdOf);

    private static string IdOf(Match match) => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;

    [GeneratedRegex(@"\barn:aws[\w-]*:[\w-]+:[\w-]*:\d*:(?:savingsplan/|reserved-[\w-]+[/:]|ri:)[\w-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Arn();

    [GeneratedRegex(
        @"\b(?:savings plans?(?: id)?|reserved (?:instance|node|cache node|db instance)s?(?: id)?): *([\w-]+)"
            + @"|\bsubscription: *([\w-]+), *planId\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ids();

    [GeneratedRegex(@"\b(?:savings plans?|reserved (?:instance|node|cache|db|capacity)\w*|RIs?|sign[- ]?up charge)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Commitment();

    [GeneratedRegex(@"\b(?:edp|ppa|spp|enterprise discount|private (?:pric\w+|rate)|discounts?|rebates?)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Discounts();

    [GeneratedRegex(@"\b(?:one[- ]?time|up[- ]?front (?:fee|charge|payment|cost)|sign[- ]?up charge)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Upfront();

    [GeneratedRegex(@"\b(?:recurring|hourly|monthly)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Recurring();
}
