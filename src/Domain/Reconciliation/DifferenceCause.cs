namespace CiCost.Domain.Reconciliation;

/// <summary>By what a difference can be told apart.</summary>
public enum DifferenceCause
{
    /// <summary>Usage, with what commitments cover.</summary>
    Usage,

    /// <summary>Purchases: commitments, upfront and recurring fees.</summary>
    Purchases,

    /// <summary>Support plans.</summary>
    Support,

    /// <summary>Tax.</summary>
    Tax,

    /// <summary>Credits.</summary>
    Credits,

    /// <summary>Refunds and other corrections of closed periods.</summary>
    Refunds,

    /// <summary>What rounding each line left out.</summary>
    Rounding,

    /// <summary>Booked after the control source was last asked: it could not know of it.</summary>
    Late,

    /// <summary>Machines and runner labels that no rule of the policy gives an architecture: neither side can be laid beside the
    /// other.</summary>
    MissingLabel,

    /// <summary>What the control source names otherwise, or does not tell apart.</summary>
    Other,
}

/// <summary>Which cause a provider's own word stands for.</summary>
public static class DifferenceCauses
{
    private static readonly Dictionary<string, DifferenceCause> ByRecordType = new(StringComparer.OrdinalIgnoreCase)
    {
        // AWS Cost Explorer, RECORD_TYPE.
        ["Usage"] = DifferenceCause.Usage,
        ["DiscountedUsage"] = DifferenceCause.Usage,
        ["SavingsPlanCoveredUsage"] = DifferenceCause.Usage,
        ["SavingsPlanNegation"] = DifferenceCause.Usage,
        ["Solution Provider Program Discount"] = DifferenceCause.Usage,
        ["Enterprise Discount Program Discount"] = DifferenceCause.Usage,
        ["Private Rate Card Discount"] = DifferenceCause.Usage,
        ["Bundled Discount"] = DifferenceCause.Usage,
        ["Fee"] = DifferenceCause.Purchases,
        ["RIFee"] = DifferenceCause.Purchases,
        ["SavingsPlanRecurringFee"] = DifferenceCause.Purchases,
        ["SavingsPlanUpfrontFee"] = DifferenceCause.Purchases,
        ["Recurring reservation fee"] = DifferenceCause.Purchases,
        ["Upfront reservation fee"] = DifferenceCause.Purchases,
        ["Support"] = DifferenceCause.Support,
        ["Support fee"] = DifferenceCause.Support,
        ["Tax"] = DifferenceCause.Tax,
        ["Credit"] = DifferenceCause.Credits,
        ["Refund"] = DifferenceCause.Refunds,

        // Azure Cost Management, ChargeType.
        ["Purchase"] = DifferenceCause.Purchases,
        ["UnusedReservation"] = DifferenceCause.Usage,
        ["UnusedSavingsPlan"] = DifferenceCause.Usage,
        ["RoundingAdjustment"] = DifferenceCause.Rounding,
    };

    /// <summary>The cause of a record type; <see cref="DifferenceCause.Other"/> for a word that is not known.</summary>
    public static DifferenceCause Of(string recordType) => ByRecordType.GetValueOrDefault(recordType, DifferenceCause.Other);

    /// <summary>The cause of a control figure: a support plan is a service for some providers and a record type for others.</summary>
    public static DifferenceCause Of(ControlFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        var cause = figure.RecordType is { } type ? Of(type) : figure.Measure switch
        {
            ControlMeasure.Tax => DifferenceCause.Tax,
            ControlMeasure.Credits => DifferenceCause.Credits,
            _ => DifferenceCause.Other,
        };
        return cause is DifferenceCause.Usage or DifferenceCause.Purchases && figure.Breakdown == ControlBreakdown.Service
            && figure.Item.Contains("Support", StringComparison.Ordinal)
            ? DifferenceCause.Support
            : cause;
    }
}
