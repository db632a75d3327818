namespace CiCost.Accounting.Costs;

/// <summary>By which term of the bridge the amount of a line leaves payable (accounting.md, 1).</summary>
public enum LineSort
{
    /// <summary>A charge of these books' own bills: what is asked for it in another month is timing.</summary>
    Charge,

    /// <summary>A draw on a grant.</summary>
    Credits,

    /// <summary>What a provider gives to anybody by published terms, such as free minutes: nobody's contribution.</summary>
    FreeTerms,

    /// <summary>Consumption that others are billed for or bear themselves: in-kind, and estimates of a member's own fleet.</summary>
    BorneOutside,

    /// <summary>Consumption of a Foundation account that is estimated while its bill is still to come.</summary>
    Accrued,
}
