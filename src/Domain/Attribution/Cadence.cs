namespace CiCost.Domain.Attribution;

/// <summary>How often a ledger source delivers: what makes a month of it complete (accounting.md, completeness).</summary>
public enum Cadence
{
    /// <summary>A bill a month: the month is complete with a delivery that has rows.</summary>
    Monthly = 0,

    /// <summary>Charges of every day: the month is complete when its last day has rows.</summary>
    Daily = 1,

    /// <summary>When there is something to bill: no month is expected.</summary>
    Irregular = 2,

    /// <summary>Parts that add up: the month is complete when a row lies after its end.</summary>
    Append = 3,
}
