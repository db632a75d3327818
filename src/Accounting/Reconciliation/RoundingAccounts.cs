using CiCost.Domain.Attribution;
using CiCost.Domain.Reconciliation;

namespace CiCost.Accounting.Reconciliation;

/// <summary>Whose invoice the rounding lines of a billing period stand on: a rounding line belongs to a delivery, and has no account.</summary>
/// <param name="largest">By scope and currency, the account with most lines.</param>
internal sealed class RoundingAccounts(IReadOnlyDictionary<(long ScopeId, string Currency), InvoiceKey> largest)
{
    /// <summary>Is it a rounding line?</summary>
    public static bool IsRounding(AttributionResult attribution) =>
        attribution.Role is LineRole.RoundingOfCharges or LineRole.RoundingOfCredits;

    /// <summary>Whose invoice a line stands on.</summary>
    /// <param name="scopeId">The scope of its delivery.</param>
    /// <param name="attribution">What the rules decided.</param>
    /// <param name="own">What the line says itself.</param>
    public InvoiceKey KeyOf(long scopeId, AttributionResult attribution, InvoiceKey own) =>
        IsRounding(attribution) && largest.TryGetValue((scopeId, own.Currency), out var account) ? account : own;
}
