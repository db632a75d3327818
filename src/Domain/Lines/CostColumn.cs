namespace CiCost.Domain.Lines;

/// <summary>The four costs that every line keeps (FOCUS 1.4).</summary>
public enum CostColumn
{
    /// <summary>BilledCost: what the invoice asks for. Invoices tie to it.</summary>
    Billed = 0,

    /// <summary>EffectiveCost: amortised. Consumption is made of it.</summary>
    Effective = 1,

    /// <summary>ListCost: at public prices.</summary>
    List = 2,

    /// <summary>ContractedCost: at negotiated unit prices.</summary>
    Contracted = 3,
}
