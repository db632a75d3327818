using CiCost.Domain.Funding;
using CiCost.TestKit;

namespace CiCost.Domain.Tests.Funding;

/// <summary>What holds in any history (accounting.md, 3, 6, 10, 17): nothing is lost, nothing is named twice, and it is what the law says.</summary>
public sealed class FundingHistoryTests
{
    /// <summary>The model knows no rounding: each month may differ by some nanos, and later months inherit that.</summary>
    private const int Nanos = 200;

    private static readonly int Count = Counts.Of(10_000);

    [Test]
    public void History_IsConserved_AndTheModels()
    {
        var histogram = new Histogram();
        Properties.Hold(FundingHistories.All, Count, h => Violation(h, histogram));
        histogram.AssertEachAtLeast(5, Count);
    }

    [Test]
    public void History_UnderOtherNamesAndInOtherOrder_IsTheSame() => Properties.Hold(FundingHistories.All, Count, h =>
    {
        var other = Renamed(h);
        FundingStep one = new(h.Grants, h.Terms), two = new(other.Grants, other.Terms);
        for (var m = 0; m < h.Months.Length; m++)
        {
            var expected = Sums(one.Fund(m, h.Months[m]), static name => name);
            var actual = Sums(two.Fund(m, other.Months[m]), Name);
            foreach (var key in expected.Keys.Union(actual.Keys))
            {
                // Between equal amounts the order of names may decide a nano, and the next month may inherit it.
                if (Int128.Abs(expected.GetValueOrDefault(key) - actual.GetValueOrDefault(key)) > 1 + (4 * m))
                {
                    return $"month {m}: {key} is {expected.GetValueOrDefault(key)}, under other names {actual.GetValueOrDefault(key)}";
                }
            }
        }

        return null;
    });

    private static string? Violation(FundingHistory h, Histogram histogram)
    {
        var (step, model) = (new FundingStep(h.Grants, h.Terms), new FundingModel(h.Grants, h.Terms));
        Dictionary<string, Int128> sides = [];
        Dictionary<Funder, Int128> given = [];
        var movements = new List<PrepaidMovement>();
        var (settled, unapplied) = (false, false);
        for (var m = 0; m < h.Months.Length; m++)
        {
            var month = step.Fund(m, h.Months[m]);
            model.Month(m, h.Months[m]);
            movements.AddRange(month.Movements);
            settled |= month.Settlements.Count > 0;
            unapplied |= month.Accounts.Any(a => a.UnappliedCredits.Any(u => u.Nanos > 0));
            foreach (var (funder, nanos) in month.Accounts.SelectMany(a => a.Parts.Select(p => (p.Funder, p.Nanos)))
                .Concat(month.Settlements.Select(s => (s.Funder, s.Nanos))))
            {
                given[funder] = given.GetValueOrDefault(funder) + nanos;
            }

            Book(sides, h.Months[m], month);
            if ((CellsAreWhole(h.Months[m], month) ?? GrantsAddUp(sides, m) ?? Negative(h, m, month) ?? Differs(model, given, step, m)) is { } said)
            {
                return said;
            }
        }

        var all = h.Months.SelectMany(m => m).ToArray();
        histogram.Count(
            ("several grants", all.Any(m => m.Draws.Count(d => d.Nanos > 0) > 1)),
            ("restricted", all.Any(m => m.Draws.Any(d => h.Grants[d.GrantId].ExcludedComponents.Overlaps(m.Cells.Select(c => c.Component!))))),
            ("refund of a purchase", movements.Any(m => m.Change == PrepaidChange.Refunded)),
            ("refund beyond unused", movements.Any(m => m.Change == PrepaidChange.RefundedBeyond)),
            ("reversal", all.Any(m => m.Draws.Any(d => d.Nanos < 0))),
            ("refund of use", all.Any(m => m.Cells.Any(c => c.ConsumptionNanos < 0))),
            ("expired", movements.Any(m => m.Change == PrepaidChange.Expired)),
            ("opening balance", movements.Any(m => m.Change == PrepaidChange.Opening)),
            ("use before purchase", step.NegativeBalances.Count > 0),
            ("settled later", settled),
            ("unapplied", unapplied),
            ("nothing consumed", all.Any(m => m.Cells.Count == 0)),
            ("an unknown payer", all.Any(m => m.Owner is null)));
        return null;
    }

    private static string? CellsAreWhole(PayerMonth[] accounts, MonthFunding month)
    {
        for (var i = 0; i < accounts.Length; i++)
        {
            foreach (var cell in accounts[i].Cells)
            {
                var parts = month.Accounts[i].Parts.Where(p => p.CellKey == cell.Key).ToArray();
                if (Sum(parts.Select(p => p.Nanos)) != cell.ConsumptionNanos || parts.Select(p => p.Funder).Distinct().Count() != parts.Length)
                {
                    return $"{cell.Key} consumes {cell.ConsumptionNanos}: {string.Join(", ", parts.AsEnumerable())}";
                }
            }

            foreach (var purchase in accounts[i].Purchases.Where(p => p.Nanos > 0))
            {
                var paid = Sum(month.Accounts[i].Purchases.Where(p => p.CommitmentId == purchase.CommitmentId).Select(p => p.Nanos));
                if (paid != purchase.Nanos)
                {
                    return $"{purchase} is paid with {paid}";
                }
            }
        }

        var cells = month.Settlements.GroupBy(s => (s.PayerAccount, s.CellKey, s.UsedMonthIndex)).FirstOrDefault(g => Sum(g.Select(s => s.Nanos)) != 0);
        return cells is null ? null : $"the settlements of {cells.Key} do not add up to 0";
    }

    /// <summary>Draws and openings against given, still prepaid, unapplied and expired, by grant.</summary>
    private static void Book(Dictionary<string, Int128> sides, PayerMonth[] accounts, MonthFunding month)
    {
        void Add(string? grant, Int128 nanos)
        {
            if (grant is not null)
            {
                sides[grant] = sides.GetValueOrDefault(grant) + nanos;
            }
        }

        foreach (var (draw, i) in accounts.SelectMany((a, i) => a.Draws.Select(d => (d, i))))
        {
            Add(draw.GrantId, draw.Nanos);
        }

        month.Movements.Where(m => m.Change == PrepaidChange.Opening).ToList().ForEach(m => Add(m.Funder.GrantId, m.Nanos));
        month.Movements.ToList().ForEach(m => Add(m.Funder.GrantId, -m.BalanceNanos));
        month.Movements.Where(m => m.Change == PrepaidChange.Expired).ToList().ForEach(m => Add(m.Funder.GrantId, -m.Nanos));
        month.Settlements.ToList().ForEach(s => Add(s.Funder.GrantId, -s.Nanos));
        foreach (var account in month.Accounts)
        {
            account.Parts.ToList().ForEach(p => Add(p.Funder.GrantId, -p.Nanos));
            account.UnappliedCredits.ToList().ForEach(u => Add(u.GrantId, -u.Nanos));
        }
    }

    private static string? GrantsAddUp(Dictionary<string, Int128> sides, int month)
    {
        var off = sides.FirstOrDefault(s => s.Value != 0);
        return off.Key is null ? null : $"month {month}: {off.Key} is off by {off.Value}";
    }

    /// <summary>A kind is below zero only where something is taken back: use, credits beyond what was unapplied, or a purchase beyond what was
    /// unused; or where a purchase says whose its earlier use was.</summary>
    private static string? Negative(FundingHistory h, int index, MonthFunding month)
    {
        var takenBack = h.Months[index].Any(m => m.Cells.Any(c => c.ConsumptionNanos < 0) || m.Draws.Any(d => d.Nanos < 0));
        var below = month.Accounts.SelectMany(a => a.Parts).FirstOrDefault(p => p.Nanos < 0);
        if (!takenBack && below is not null)
        {
            return $"month {index}: {below}, and nothing was taken back";
        }

        var beyond = month.Movements.Where(m => m.Change == PrepaidChange.RefundedBeyond).GroupBy(m => m.Funder)
            .ToDictionary(g => g.Key, g => Sum(g.Select(m => m.Nanos)));
        var settled = month.Settlements.Where(s => s.Nanos < 0).GroupBy(s => s.Funder)
            .FirstOrDefault(g => g.Key.GrantId is not null && Sum(g.Select(s => s.Nanos)) != -beyond.GetValueOrDefault(g.Key));
        return settled is null ? null : $"month {index}: {settled.Key} gives less than before, and it was not refunded";
    }

    private static string? Differs(FundingModel model, Dictionary<Funder, Int128> given, FundingStep step, int month)
    {
        foreach (var funder in model.Given.Keys.Union(given.Keys))
        {
            if (!model.Given.GetValueOrDefault(funder).IsWithin(given.GetValueOrDefault(funder), Nanos))
            {
                return $"month {month}: {funder} gave {given.GetValueOrDefault(funder)}, the law says {model.Given.GetValueOrDefault(funder)}";
            }
        }

        foreach (var (key, balance) in step.PrepaidBalances)
        {
            var expected = Fraction.Sum(model.Balances.Where(b => b.Commitment == key.Commitment).Select(b => b.Amount)) - model.Missing(key.Commitment);
            if (!expected.IsWithin(balance, Nanos))
            {
                return $"month {month}: {key.Commitment} has {balance}, the law says {expected}";
            }
        }

        return null;
    }

    private static string Name(string name) => new([.. name.Reverse()]);

    private static FundingHistory Renamed(FundingHistory h)
    {
        var grants = h.Grants.Values.Select(g => new FundingGrant(Name(g.Id), g.Donor, g.Kind, g.ExcludedComponents)).ToDictionary(g => g.Id);
        Funder Other(Funder funder) => funder with { GrantId = funder.GrantId is null ? null : Name(funder.GrantId) };
        return new FundingHistory(
            grants,
            new PrepaidTerms
            {
                Openings = [.. h.Terms.Openings.Select(o => o with
                {
                    CommitmentId = Name(o.CommitmentId), PayerAccount = Name(o.PayerAccount), Parts = [.. o.Parts.Select(p => (Other(p.Funder), p.Nanos)).Reverse()],
                })],
                LastMonths = h.Terms.LastMonths.ToDictionary(l => Name(l.Key), l => l.Value),
            },
            [.. h.Months.Select(m => m.Reverse().Select(a => a with
            {
                PayerAccount = a.PayerAccount is null ? null : Name(a.PayerAccount),
                Cells = [.. a.Cells.Reverse().Select(c => c with { Key = Name(c.Key), PrepaidBy = c.PrepaidBy is null ? null : Name(c.PrepaidBy) })],
                Purchases = [.. a.Purchases.Reverse().Select(p => p with { CommitmentId = Name(p.CommitmentId) })],
                Draws = [.. a.Draws.Reverse().Select(d => new GrantDraw(Name(d.GrantId), d.Nanos))],
            }).ToArray())]);
    }

    /// <summary>Everything that a month says, by what it is about; names are translated back.</summary>
    private static Dictionary<string, Int128> Sums(MonthFunding month, Func<string, string> name)
    {
        Dictionary<string, Int128> sums = [];
        void Add(string what, Funder funder, Int128 nanos)
        {
            var key = $"{what}: {funder.Organisation} {funder.Kind} {(funder.GrantId is null ? "" : name(funder.GrantId))}";
            sums[key] = sums.GetValueOrDefault(key) + nanos;
        }

        foreach (var account in month.Accounts)
        {
            account.Parts.ToList().ForEach(p => Add($"cell {name(p.CellKey)}", p.Funder, p.Nanos));
            account.Purchases.ToList().ForEach(p => Add($"purchase {name(p.CommitmentId)}", p.Funder, p.Nanos));
            account.UnappliedCredits.ToList().ForEach(u => Add($"unapplied {name(u.GrantId)}", Funder.Nobody, u.Nanos));
        }

        month.Movements.ToList().ForEach(m => Add($"{m.Change} {name(m.CommitmentId)}", m.Funder, m.Nanos));
        return sums;
    }

    private static Int128 Sum(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, static (sum, n) => sum + n);
}
