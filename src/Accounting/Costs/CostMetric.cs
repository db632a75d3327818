namespace CiCost.Accounting.Costs;

/// <summary>What is summed (accounting.md, 1).</summary>
public enum CostMetric
{
    /// <summary>EffectiveCost of all lines that are not funding: what CI used, before credits.</summary>
    Consumption,

    /// <summary>EffectiveCost of funding lines: draws on grants, negative.</summary>
    Credits,

    /// <summary>BilledCost minus EffectiveCost, all lines.</summary>
    Timing,

    /// <summary>BilledCost, all lines. Payable = consumption + credits + timing, exactly.</summary>
    Payable,

    /// <summary>BilledCost, all lines: the raw column.</summary>
    Billed,

    /// <summary>EffectiveCost, all lines: the raw column.</summary>
    Effective,

    /// <summary>ListCost, all lines.</summary>
    List,

    /// <summary>ContractedCost, all lines.</summary>
    Contracted,
}

/// <summary>By which month a line is counted (accounting.md, 7).</summary>
public enum TimeAxis
{
    /// <summary>When the resource was used.</summary>
    Charge,

    /// <summary>Whose invoice it is on: the delivery's scope.</summary>
    Billing,

    /// <summary>Which open month took it into the books.</summary>
    Posting,
}
