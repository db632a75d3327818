namespace CiCost.Accounting.Costs;

/// <summary>What is summed (accounting.md, 1).</summary>
public enum CostMetric
{
    /// <summary>EffectiveCost of all lines that are not funding: what CI used, before credits.</summary>
    Consumption,

    /// <summary>EffectiveCost of draws on grants, negative.</summary>
    Credits,

    /// <summary>What these books' own bills ask in another month: BilledCost minus EffectiveCost of all that is neither borne outside nor
    /// accrued.</summary>
    Timing,

    /// <summary>
    /// BilledCost of all but estimates. Payable = consumption + credits + free-terms + borne-outside + accrued + timing, exactly.
    /// </summary>
    Payable,

    /// <summary>BilledCost, all lines: the raw column.</summary>
    Billed,

    /// <summary>EffectiveCost, all lines: the raw column.</summary>
    Effective,

    /// <summary>ListCost of all lines that are not funding.</summary>
    List,

    /// <summary>ContractedCost of all lines that are not funding.</summary>
    Contracted,

    /// <summary>EffectiveCost of what providers give to anybody by published terms, negative: nobody's contribution.</summary>
    FreeTerms,

    /// <summary>Minus the consumption that others are billed for or bear themselves.</summary>
    BorneOutside,

    /// <summary>Minus the consumption of Foundation accounts that is estimated while its bill is still to come.</summary>
    Accrued,
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
