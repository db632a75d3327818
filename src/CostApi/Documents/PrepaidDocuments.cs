using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;

namespace CiCost.CostApi.Documents;

/// <summary>What was paid ahead for a commitment, exact and in cents: opening + purchases - applied - refunded - expired = closing.</summary>
/// <param name="PayerAccount">The account that bought it.</param>
/// <param name="Commitment">The commitment, or the account for purchases that name none.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Opening">At the beginning of the month, with what was declared in it.</param>
/// <param name="Purchases">Bought.</param>
/// <param name="Applied">Used.</param>
/// <param name="Refunded">Given back, of what was unused.</param>
/// <param name="Expired">Left when it ended.</param>
/// <param name="Closing">At the end of the month; below zero when an opening balance is missing.</param>
/// <param name="RefundedBeyond">Given back beyond what was unused: it reverses what was given when it was used.</param>
public sealed record RollForwardDocument(string PayerAccount, string Commitment, string Currency, MoneyDocument Opening,
    MoneyDocument Purchases, MoneyDocument Applied, MoneyDocument Refunded, MoneyDocument Expired, MoneyDocument Closing,
    MoneyDocument RefundedBeyond)
{
    internal static RollForwardDocument Of(PrepaidRollForward p)
    {
        var cents = RollForwardCents.Of(p);
        return new RollForwardDocument(p.PayerAccount, p.Commitment, p.Currency,
            MoneyDocument.Of(p.OpeningNanos, cents.Opening), MoneyDocument.Of(p.PurchasedNanos, cents.Purchases),
            MoneyDocument.Of(p.AppliedNanos, cents.Applied), MoneyDocument.Of(p.RefundedNanos, cents.Refunded),
            MoneyDocument.Of(p.ExpiredNanos, cents.Expired), MoneyDocument.Of(p.ClosingNanos, cents.Closing),
            MoneyDocument.Of(p.RefundedBeyondNanos, cents.RefundedBeyond));
    }
}

/// <summary>Use of an earlier month whose funder changed in this month: a refund reverses it, or a purchase came after it.</summary>
/// <param name="UsedMonth">The month that used it.</param>
/// <param name="PayerAccount">The account.</param>
/// <param name="Organisation">Who gave more, or less.</param>
/// <param name="Kind">With what.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">How much, exact.</param>
/// <param name="Display">The amount in cents, for people.</param>
public sealed record SettledUseDocument(
    string UsedMonth, string PayerAccount, string Organisation, string Kind, string Currency, string Amount, string Display)
{
    internal static SettledUseDocument Of(SettledUse s) => new(BillingMonth.FromIndex(s.UsedMonthIndex).ToString(), s.PayerAccount,
        s.Funder.Organisation, Domain.Funding.FundingKinds.ToText(s.Funder.Kind), s.Currency, DecimalText.OfNanos(s.Nanos),
        Amounts.Cents(s.Nanos));
}

/// <summary>Credit rows that no rule of funding.yaml maps: a part of consumption until one does.</summary>
/// <param name="Source">The source.</param>
/// <param name="PayerAccount">The account.</param>
/// <param name="Description">What they are called.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">Their EffectiveCost, exact.</param>
/// <param name="Display">The amount in cents, for people.</param>
public sealed record UnclassifiedCreditDocument(
    string Source, string PayerAccount, string Description, string Currency, string Amount, string Display)
{
    internal static UnclassifiedCreditDocument Of(UnclassifiedCredit u) =>
        new(u.Source, u.PayerAccount, u.Description, u.Currency, DecimalText.OfNanos(u.Nanos), Amounts.Cents(u.Nanos));
}
