using CiCost.Domain.Attribution;
using CiCost.Domain.Checks;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;

namespace CiCost.Accounting.Checks;

/// <summary>No credit is lost or counted twice between the bill and the funders (accounting.md, 10).</summary>
public sealed class GrantsAddUp() : Check(
    "GrantsAddUp", "To the end of every month, what was drawn on a grant is given, still prepaid, unapplied or expired; and credits are the "
        + "draws and the rounding of Credit rows.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Positions(context).Concat(Credits(context));
    }

    private IEnumerable<CheckFailure> Positions(CheckContext context)
    {
        var drawn = context.Charges.Cells.Where(c => c.Counts && c.Attribution.Role == LineRole.Funding)
            .ToLookup(c => (c.Currency, c.Attribution.GrantId), c => (c.ChargeMonthIndex, c.Cell.EffectiveNanos));
        return from p in context.Funding?.Grants ?? []
               let lines = drawn[(p.Currency, p.GrantId)].Where(d => d.ChargeMonthIndex <= p.ChargeMonthIndex)
                   .Aggregate(p.OpeningNanos, (sum, d) => sum - d.EffectiveNanos)
               let parts = p.GivenNanos + p.PrepaidNanos + p.UnappliedNanos + p.ExpiredNanos
               where lines != parts
               select Failure($"grant {p.GrantId}, to the end of {BillingMonth.FromIndex(p.ChargeMonthIndex)}",
                   $"It gave {DecimalText.OfNanos(p.GivenNanos)}, has {DecimalText.OfNanos(p.PrepaidNanos)} paid ahead, "
                       + $"{DecimalText.OfNanos(p.UnappliedNanos)} unapplied and {DecimalText.OfNanos(p.ExpiredNanos)} expired, which is not what "
                       + "was drawn on it.",
                   $"{DecimalText.OfNanos(lines)} {p.Currency}", $"{DecimalText.OfNanos(parts)} {p.Currency}");
    }

    /// <summary>Credit rows of a delivery, as its exact total was recorded when it was booked, against draws, charges and rounding.</summary>
    private IEnumerable<CheckFailure> Credits(CheckContext context)
    {
        var cells = context.Cube.Cells.ToLookup(c => (c.Scope.ScopeId, c.Currency));
        foreach (var scope in context.Scopes)
        {
            foreach (var total in context.Audit.Totals(scope.DeliveryId).Where(t => t is { AreCredits: 1, CostColumn: "EffectiveCost" }))
            {
                var of = cells[(scope.ScopeId, total.Currency)].ToList();
                var credits = of.Where(c => c.Attribution.Role is LineRole.Funding or LineRole.RoundingOfCredits)
                    .Aggregate((Int128)0, (sum, c) => sum + c.Cell.EffectiveNanos);
                var charges = of.Where(c => c.Attribution.Role == LineRole.Charge
                    && context.Cube.ValueOf(c, nameof(DimensionColumn.ChargeCategory)) == "Credit");
                var recorded = ExactText.Of(total.Rounded).RoundHalfEven() + total.RoundingNanos
                    - charges.Aggregate((Int128)0, (sum, c) => sum + c.Cell.EffectiveNanos);
                if (recorded != credits)
                {
                    yield return Failure($"{Where(scope)}, {total.Currency}",
                        "Credits are not the draws and the rounding of Credit rows. Restore a backup, or deliver the file again.",
                        DecimalText.OfNanos(recorded), DecimalText.OfNanos(credits));
                }
            }
        }
    }
}

/// <summary>Nothing is used of a commitment before it is known to be paid (accounting.md, 10).</summary>
public sealed class PrepaidIsNotNegative() : Check(
    "PrepaidIsNotNegative", "No commitment was used or refunded for more than its purchases and its opening balance.")
{
    /// <summary>Below it, a difference is of the provider's own rounding: one cent.</summary>
    private const long ToleranceNanos = Money.NanosPerUnit / 100;

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (context.Funding?.NegativePrepaid ?? []).Where(p => p.Nanos <= -ToleranceNanos).Select(p => Failure(
            $"commitment {p.Commitment}",
            $"{DecimalText.OfNanos(-p.Nanos)} {p.Currency} was used or given back that no purchase or opening balance in the books has paid. "
                + "Deliver the bill with its purchase, or declare its opening balance in policy/funding.yaml, then 'cicost attribute'.",
            "0 or more", $"{DecimalText.OfNanos(p.Nanos)} {p.Currency}"));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (context.Funding?.NegativePrepaid ?? []).Where(p => p.Nanos > -ToleranceNanos)
            .Select(p => $"commitment {p.Commitment}: {DecimalText.OfNanos(p.Nanos)} {p.Currency}, less than a cent: a rounding of the provider's.");
    }
}
