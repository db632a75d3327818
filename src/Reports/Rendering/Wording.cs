using CiCost.Reports.Models;

namespace CiCost.Reports.Rendering;

/// <summary>Sentences that are the same in every report.</summary>
public static class Wording
{
    /// <summary>Stands on every statement (accounting.md, 15).</summary>
    public const string Disclaimer = "Management information. No obligation, invoice, or valuation of a gift.";

    /// <summary>Stands on every page of a report on demonstration books.</summary>
    public const string Demonstration = "Demonstration data.";

    /// <summary>The word of a status.</summary>
    public static string Status(MonthStatus status) => status switch
    {
        MonthStatus.Open => "Open",
        MonthStatus.Provisional => "Provisional",
        MonthStatus.Closed => "Closed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status."),
    };
}
