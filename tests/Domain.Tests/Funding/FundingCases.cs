using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Funding;

/// <summary>Two months of one payer account: purchases of the first fund use of the second.</summary>
internal sealed record FundingCase(IReadOnlyDictionary<string, FundingGrant> Grants, PayerMonth[] Months)
{
    public override string ToString() => string.Join("\n", Months.Select(m =>
        $"{m.PayerAccount ?? "-"}: cells "
        + $"{string.Join(", ", m.Cells.Select(c => $"{c.Key} {c.Component ?? "-"} {c.ConsumptionNanos} by {c.PrepaidBy}"))}"
        + $"; purchases {string.Join(", ", m.Purchases)}; draws {string.Join(", ", m.Draws)}"));
}

/// <summary>Makes payer months with refunds, reversals, several grants, exclusions, commitments and unknown payers.</summary>
internal static class FundingCases
{
    private static readonly string?[] Components = ["compute", "storage", "support", null];
    private static readonly string[] Commitments = ["plan-a", "plan-b"];

    public static Gen<FundingCase> All =>
        from excluded in Gen.Elements<string[]>([], ["support"], ["support", "storage"], ["compute", "storage", "support"])
        from kind in Gen.Elements(GrantKind.Credits, GrantKind.FreeTier)
        from first in Month
        from second in Month
        select new FundingCase(
            new Dictionary<string, FundingGrant>(StringComparer.Ordinal)
            {
                ["gift"] = new("gift", "aws", kind, excluded.ToHashSet()),
                ["other"] = new("other", "google", GrantKind.Credits, new HashSet<string>()),
            },
            [first, second]);

    private static Gen<Int128> Nanos => Gen.Frequency(
        (5, Gen.Choose(-100, 400).Select(n => (Int128)n)),
        (2, Gen.Choose(-1_000_000, int.MaxValue).Select(n => (Int128)n * 1_000_003)),
        (1, Gen.Constant((Int128)0)));

    private static Gen<FundingCell[]> Cells =>
        from count in Gen.Choose(0, 6)
        from amounts in Nanos.ArrayOf(count)
        from components in Gen.Elements(Components).ArrayOf(count)
        from prepaid in Gen.Frequency((3, Gen.Constant<string?>(null)), (2, Gen.Elements<string?>(Commitments))).ArrayOf(count)
        select Enumerable.Range(0, count).Select(i => new FundingCell
        {
            Key = $"cell-{i}",
            ConsumptionNanos = amounts[i],
            Component = components[i],
            PrepaidBy = prepaid[i],
        }).ToArray();

    private static Gen<PayerMonth> Month =>
        from cells in Cells
        from purchases in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 2)))
        from paid in Nanos.ArrayOf(2)
        from draws in Gen.Elements<string[]>([], ["gift"], ["other"], ["gift", "other"], ["other", "gift"])
        from drawn in Nanos.ArrayOf(2)
        from known in Gen.Frequency((5, Gen.Constant(true)), (1, Gen.Constant(false)))
        from exact in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        let need = cells.Where(c => c.PrepaidBy is null).Aggregate((Int128)0, (sum, c) => sum + c.ConsumptionNanos)
            + paid.Take(purchases).Aggregate((Int128)0, (sum, n) => sum + n)
        select new PayerMonth
        {
            PayerAccount = known ? "main" : null,
            Owner = known ? "acme" : null,
            OwnerKind = known ? FundingKind.FoundationCash : FundingKind.Unfunded,
            Currency = "USD",
            Cells = cells,
            Purchases = [.. paid.Take(purchases).Select((n, i) => new Purchase(Commitments[i], n))],
            Draws = [.. draws.Select((g, i) => new GrantDraw(g, exact && i == 0 ? need : drawn[i]))],
        };
}
