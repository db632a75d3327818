namespace CiCost.Domain.Reconciliation;

/// <summary>What a control figure measures: the four tie-outs of accounting.md, 2, and what an estimate is compared with.</summary>
public enum ControlMeasure
{
    /// <summary>BilledCost of all lines that are neither tax nor credit.</summary>
    ChargesWithoutTax,

    /// <summary>BilledCost of tax.</summary>
    Tax,

    /// <summary>BilledCost of credits; negative.</summary>
    Credits,

    /// <summary>What is to be paid: the three above together, and the amount of an invoice.</summary>
    Payable,

    /// <summary>List cost of machines that jobs used, as somebody else estimates it (PyTorch HUD).</summary>
    EstimatedListUsage,

    /// <summary>What asking cost: a provider that charges for requests (Cost Explorer).</summary>
    RequestSpend,
}

/// <summary>By what a provider divided a month.</summary>
public enum ControlBreakdown
{
    /// <summary>Not at all.</summary>
    Total,

    /// <summary>By service.</summary>
    Service,

    /// <summary>By member account, subscription or project (FOCUS SubAccountId).</summary>
    SubAccount,

    /// <summary>By invoice.</summary>
    Invoice,

    /// <summary>By runner label or fleet.</summary>
    Runner,
}
