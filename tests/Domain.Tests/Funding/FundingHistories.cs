using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Funding;

/// <summary>Some months of two payer accounts in the books, and what the policy declares.</summary>
internal sealed record FundingHistory(IReadOnlyDictionary<string, FundingGrant> Grants, PrepaidTerms Terms, PayerMonth[][] Months)
{
    public override string ToString() => string.Join("\n", Months.Select((accounts, i) => $"month {i}: " + string.Join(" | ", accounts.Select(m =>
        $"{m.PayerAccount ?? "-"}: cells {string.Join(", ", m.Cells.Select(c => $"{c.Key} {c.Component ?? "-"} {c.ConsumptionNanos} by {c.PrepaidBy}"))}"
        + $"; purchases {string.Join(", ", m.Purchases.Select(p => $"{p.CommitmentId} {p.Nanos}"))}"
        + $"; draws {string.Join(", ", m.Draws.Select(d => $"{d.GrantId} {d.Nanos}"))}"))))
        + $"\ngrants {string.Join(", ", Grants.Values.Select(g => $"{g.Id} not {string.Join('/', g.ExcludedComponents)}"))}"
        + $"; openings {string.Join(", ", Terms.Openings.Select(o => $"{o.CommitmentId} in {o.MonthIndex}: {string.Join(", ", o.Parts)}"))}"
        + $"; ends {string.Join(", ", Terms.LastMonths)}";
}

/// <summary>Makes histories with several grants, restrictions, purchases, refunds, reversals, expiry and opening balances.</summary>
internal static class FundingHistories
{
    private static readonly string?[] Components = ["compute", "storage", "network", null];
    private static readonly string[] Commitments = ["plan-a", "plan-b"];
    private static readonly string[] GrantIds = ["g-one", "g-two", "g-three"];

    public static Gen<FundingHistory> All =>
        from excluded in Gen.Elements<string[]>([], ["storage"], ["storage", "network"], ["compute"]).ArrayOf(3)
        from count in Gen.Choose(2, 5)
        from months in Month.ArrayOf(count)
        from opening in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 5000)))
        from openingCash in Gen.Choose(1, 5000)
        from openingMonth in Gen.Choose(0, 1)
        from ends in Gen.Frequency((2, Gen.Constant(-1)), (1, Gen.Choose(0, count - 1)))
        from scale in Gen.Elements(1, 1_000_003)
        let grants = GrantIds.Select((id, i) => new FundingGrant(id, "donor-" + i, i == 2 ? GrantKind.FreeTier : GrantKind.Credits,
            excluded[i].ToHashSet())).ToDictionary(g => g.Id)
        select new FundingHistory(
            grants,
            new PrepaidTerms
            {
                Openings = opening == 0 ? [] : [new OpeningBalance("plan-a", "main", "USD", openingMonth,
                    [(grants["g-one"].Funder, (Int128)opening * scale), (new Funder("acme", FundingKind.FoundationCash), (Int128)openingCash * scale)])],
                LastMonths = ends < 0 ? new Dictionary<string, int>() : new Dictionary<string, int> { ["plan-a"] = ends },
            },
            [.. months.Select(m => m.Select(a => Scaled(a, scale)).ToArray())]);

    private static Gen<PayerMonth[]> Month =>
        from main in Account("main", "acme", FundingKind.FoundationCash)
        from other in Account("other", "beta", FundingKind.MemberPaid)
        from known in Gen.Frequency((6, Gen.Constant(true)), (1, Gen.Constant(false)))
        select new[] { main, known ? other : other with { PayerAccount = null, Owner = null, OwnerKind = FundingKind.Unfunded } };

    private static Gen<int> Amount => Gen.Frequency((8, Gen.Choose(1, 5000)), (1, Gen.Choose(-3000, -1)), (1, Gen.Constant(0)));

    private static Gen<PayerMonth> Account(string name, string owner, FundingKind kind) =>
        from count in Gen.Choose(0, 5)
        from amounts in Amount.ArrayOf(count)
        from components in Gen.Elements(Components).ArrayOf(count)
        from covered in Gen.Frequency((3, Gen.Constant<string?>(null)), (2, Gen.Elements<string?>(Commitments))).ArrayOf(count)
        from bought in Gen.Frequency((4, Gen.Constant(0)), (3, Gen.Choose(1, 8000)), (2, Gen.Choose(-6000, -1))).ArrayOf(2)
        from drawn in Gen.Frequency((3, Gen.Constant(0)), (4, Gen.Choose(1, 6000)), (1, Gen.Choose(-2000, -1))).ArrayOf(3)
        from reversed in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 3000))).ArrayOf(3)
        select new PayerMonth
        {
            PayerAccount = name,
            Owner = owner,
            OwnerKind = kind,
            Currency = "USD",
            Cells = [.. amounts.Select((n, i) => new FundingCell
            {
                // Use of a commitment is not below zero here: PrepaidTests has that.
                Key = $"{name}-{i}", ConsumptionNanos = covered[i] is null ? n : Math.Abs(n), Component = components[i], PrepaidBy = covered[i],
            })],

            // Both accounts use both commitments, and each buys one.
            Purchases = [.. bought.Take(1).Where(n => n != 0).Select(n => new Purchase(name == "main" ? "plan-a" : "plan-b", n))],
            Draws = [.. drawn.Concat(reversed.Select(n => -n)).Select((n, i) => new GrantDraw(GrantIds[i % 3], n)).Where(d => d.Nanos != 0)],
        };

    private static PayerMonth Scaled(PayerMonth month, int scale) => month with
    {
        Cells = [.. month.Cells.Select(c => c with { ConsumptionNanos = c.ConsumptionNanos * scale })],
        Purchases = [.. month.Purchases.Select(p => p with { Nanos = p.Nanos * scale })],
        Draws = [.. month.Draws.Select(d => d with { Nanos = d.Nanos * scale })],
    };
}
