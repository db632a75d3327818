using CiCost.Accounting.Costs;
using CiCost.Domain.Checks;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.Accounting.Checks;

/// <summary>
/// A commitment is consumed where it is used, or where it is bought, and never in both places (accounting.md, 10): a purchase whose
/// EffectiveCost is its BilledCost leaves nothing for the lines that it covers.
/// </summary>
public sealed class CommitmentCountsOnce() : Check(
    "CommitmentCountsOnce", "What a commitment was used for is not consumed once more with its purchase.")
{
    private const long LeastNanos = Money.NanosPerUnit / 100;

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var cube = context.Cube;
        foreach (var group in cube.Cells.Where(c => c.Counts)
            .GroupBy(c => (c.Scope.SourceKey, c.Currency, Commitment: cube.ValueOf(c, nameof(DimensionColumn.CommitmentDiscountId))))
            .Where(g => g.Key.Commitment.Length > 0))
        {
            var bought = Sum(group, c => IsA(c, "Purchase") && c.Cell.EffectiveNanos == c.Cell.BilledNanos);
            var used = Sum(group, c => IsA(c, "Usage") && c.Cell.BilledNanos == 0);
            var billed = group.Aggregate((Int128)0, (sum, c) => sum + c.Cell.BilledNanos);
            var effective = Sum(group, _ => true);
            if (bought > 0 && used > 0 && effective - billed >= LeastNanos)
            {
                yield return Failure(
                    $"{group.Key.SourceKey}, commitment '{group.Key.Commitment}'",
                    $"Its purchases are consumed with {DecimalText.OfNanos(bought)} and its use with {DecimalText.OfNanos(used)} "
                        + $"{group.Key.Currency}, more than was billed for it: the same money counts twice. Ask the provider for an export "
                        + "whose purchases have an EffectiveCost of 0, or deliver the months in which the commitment was paid.",
                    $"at most {DecimalText.OfNanos(billed)} {group.Key.Currency}",
                    $"{DecimalText.OfNanos(effective)} {group.Key.Currency}");
            }
        }

        bool IsA(AttributedCell cell, string category) => cube.ValueOf(cell, nameof(DimensionColumn.ChargeCategory)) == category;
    }

    private static Int128 Sum(IEnumerable<AttributedCell> cells, Func<AttributedCell, bool> which) =>
        cells.Where(which).Aggregate((Int128)0, (sum, c) => sum + c.Cell.EffectiveNanos);
}

/// <summary>
/// Google's FOCUS view is no part of the ledger (accounting.md, 3): its rows are net of their credits, so a promotion given by Google looks
/// like a lower price.
/// </summary>
public sealed class GoogleViewIsEvidence() : Check(
    "GoogleViewIsEvidence", "No bill that counts is Google's FOCUS view, whose costs are net of credits that nobody can see.")
{
    private static readonly string[] Profiles = ["google-view", "lenient"];

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var deliveries = new Ledger.Deliveries.DeliveryDirectory(context.Books);
        var views = context.Scopes.Where(s => Profiles.Contains(deliveries.Get(s.DeliveryId).Profile, StringComparer.Ordinal)).ToHashSet();
        if (views.Count == 0)
        {
            return [];
        }

        var cube = context.Cube;
        return cube.Cells.Where(c => c.Counts && views.Contains(c.Scope) && IsGoogle(c)).GroupBy(c => c.Scope).Select(g => Failure(
            Where(g.Key),
            "This bill of Google is its FOCUS view: what Google or a grant gave is inside its costs and counts as a lower price. Make the "
                + "billing export (gcp-billing) the ledger source of the account in policy/coverage.yaml, and this one its evidence.",
            "gcp-billing",
            $"focus-csv under the profile {deliveries.Get(g.Key.DeliveryId).Profile}"));

        bool IsGoogle(AttributedCell cell) => new[] { nameof(DimensionColumn.ServiceProviderName), nameof(DimensionColumn.InvoiceIssuerName) }
            .Any(column => cube.ValueOf(cell, column).StartsWith("Google", StringComparison.OrdinalIgnoreCase));
    }
}
