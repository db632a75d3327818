namespace CiCost.Domain.Reconciliation;

/// <summary>Whose invoice of a billing period a line stands on (accounting.md, 2).</summary>
/// <param name="PayerAccount">BillingAccountId.</param>
/// <param name="Issuer">Who issues the invoice; null when neither the lines nor the policy say.</param>
/// <param name="Currency">ISO 4217.</param>
public readonly record struct InvoiceKey(string PayerAccount, string? Issuer, string Currency);

/// <summary>
/// Which costs of a billing period are <c>invoiced</c> (accounting.md, 5: only after rule 2 holds): the payable ties to issued invoices,
/// not weakly, and nothing final that anybody states of the account differs.
/// </summary>
public static class InvoicedAccounts
{
    /// <summary>Those of some keys that are invoiced.</summary>
    /// <param name="keys">The accounts, issuers and currencies of the lines.</param>
    /// <param name="tieOuts">Every tie-out of the billing period.</param>
    public static IReadOnlySet<InvoiceKey> Of(IEnumerable<InvoiceKey> keys, IReadOnlyList<TieOut> tieOuts)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(tieOuts);
        return keys.Where(key =>
        {
            var about = tieOuts.Where(t => t.PayerAccount == key.PayerAccount && t.Currency == key.Currency
                && (t.Issuer is null || t.Issuer == key.Issuer) && !t.IsEstimated).ToList();
            return about.Any(t => t is { Measure: ControlMeasure.Payable, State: TieState.Ties, IsInvoice: true })
                && about.All(t => t.State is not TieState.Differs);
        }).ToHashSet();
    }
}
