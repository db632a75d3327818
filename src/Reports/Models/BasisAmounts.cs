using CiCost.Domain.Attribution;

namespace CiCost.Reports.Models;

/// <summary>Cents by how sure they are.</summary>
public sealed record BasisAmounts
{
    /// <summary>Nothing.</summary>
    public static BasisAmounts Zero { get; } = new();

    /// <summary>All bases, in the order of their columns.</summary>
    public static IReadOnlyList<CostBasis> All { get; } = Enum.GetValues<CostBasis>();

    /// <summary>Tied out to an issued invoice.</summary>
    public long InvoicedCents { get; init; }

    /// <summary>From a bill that is not tied out yet.</summary>
    public long BilledCents { get; init; }

    /// <summary>From usage and prices.</summary>
    public long EstimatedCents { get; init; }

    /// <summary>As the donor states it.</summary>
    public long DonorStatedCents { get; init; }

    /// <summary>Taken over from an earlier month.</summary>
    public long CarriedForwardCents { get; init; }

    /// <summary>The cents of one basis.</summary>
    public long this[CostBasis basis] => basis switch
    {
        CostBasis.Invoiced => InvoicedCents,
        CostBasis.Billed => BilledCents,
        CostBasis.Estimated => EstimatedCents,
        CostBasis.DonorStated => DonorStatedCents,
        CostBasis.CarriedForward => CarriedForwardCents,
        _ => throw new ArgumentOutOfRangeException(nameof(basis), basis, "There is no such basis."),
    };
}
