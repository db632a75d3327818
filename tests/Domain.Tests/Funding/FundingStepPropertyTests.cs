using CiCost.Domain.Funding;
using CiCost.TestKit;

namespace CiCost.Domain.Tests.Funding;

/// <summary>What the funding of any months must hold, to the nano (accounting.md, 3, 6, 10, 17).</summary>
public sealed class FundingStepPropertyTests
{
    private static readonly int Cases = Counts.Of(10_000);

    [Test]
    public void Funding_OfAnyMonths_ConservesEveryNano()
    {
        var histogram = new Histogram();
        Properties.Hold(FundingCases.All, Cases, c => CountedIn(histogram, c));
        histogram.AssertEachAtLeast(5, Cases);
    }

    [Test]
    public void Funding_InAnyOrderOfCellsAndDraws_IsTheSame() => Properties.Hold(FundingCases.All, Cases, c =>
    {
        FundingStep one = new(c.Grants), other = new(c.Grants);
        foreach (var month in c.Months)
        {
            var expected = one.Fund(month);
            var actual = other.Fund(month with
            {
                Cells = [.. month.Cells.Reverse()],
                Purchases = [.. month.Purchases.Reverse()],
                Draws = [.. month.Draws.Reverse()],
            });
            if (!expected.Parts.SequenceEqual(actual.Parts) || !expected.PaidAhead.SequenceEqual(actual.PaidAhead)
                || !expected.UnappliedCredits.SequenceEqual(actual.UnappliedCredits))
            {
                return $"{string.Join("; ", expected.Parts)} but {string.Join("; ", actual.Parts)}";
            }
        }

        return null;
    });

    private static string? CountedIn(Histogram histogram, FundingCase c)
    {
        var step = new FundingStep(c.Grants);
        Dictionary<string, Int128> balances = new(StringComparer.Ordinal);
        Dictionary<(string, string), Int128> mix = [];
        var (unapplied, usesMix) = (false, false);
        foreach (var month in c.Months)
        {
            var funded = step.Fund(month);
            unapplied |= funded.UnappliedCredits.Count > 0;
            usesMix |= month.Cells.Any(cell => cell.PrepaidBy is { } by && cell.ConsumptionNanos != 0
                && mix.Count(m => m.Key.Item1 == by && m.Value > 0) > 1);
            if ((Conserved(month, funded) ?? OnlyEligible(c, month, funded) ?? Balanced(step, month, funded, balances, mix)) is { } said)
            {
                return said;
            }
        }

        var all = c.Months.SelectMany(m => m.Cells).ToArray();
        var draws = c.Months.SelectMany(m => m.Draws).ToArray();
        histogram.Count(
            ("a refund", all.Any(x => x.ConsumptionNanos < 0)),
            ("a zero cell", all.Any(x => x.ConsumptionNanos == 0)),
            ("nothing consumed", c.Months.Any(m => m.Cells.Count == 0)),
            ("a reversal", draws.Any(d => d.Nanos < 0)),
            ("several grants", c.Months.Any(m => m.Draws.Count > 1)),
            ("an excluded component", draws.Any(d => d.GrantId == "gift") && all.Any(x => x.Component is { } component
                && c.Grants["gift"].ExcludedComponents.Contains(component))),
            ("unapplied credits", unapplied),
            ("a prepaid mix of funders", usesMix),
            ("a negative balance", step.PrepaidBalances.Values.Any(b => b < 0)),
            ("an unknown payer", c.Months.Any(m => m.Owner is null)));
        return null;
    }

    private static string? Conserved(PayerMonth month, FundedMonth funded)
    {
        foreach (var cell in month.Cells)
        {
            var parts = funded.Parts.Where(p => p.CellKey == cell.Key).ToArray();
            if (Sum(parts.Select(p => p.Nanos)) != cell.ConsumptionNanos)
            {
                return $"{cell.Key} consumes {cell.ConsumptionNanos}, its parts are {string.Join(", ", parts.AsEnumerable())}";
            }

            if (parts.Select(p => p.Funder.Key).Distinct().Count() != parts.Length)
            {
                return $"{cell.Key} has two parts of one funder";
            }
        }

        foreach (var purchase in month.Purchases)
        {
            var paid = Sum(funded.PaidAhead.Where(p => p.CommitmentId == purchase.CommitmentId).Select(p => p.Nanos));
            if (paid != purchase.Nanos)
            {
                return $"{purchase} is paid for with {paid}";
            }
        }

        foreach (var draw in month.Draws)
        {
            // A covered cell may inherit a grant of its purchase: only what is paid now is drawn now.
            var open = month.Cells.Where(c => c.PrepaidBy is null).Select(c => c.Key).ToHashSet(StringComparer.Ordinal);
            var applied = Sum(funded.Parts.Where(p => p.Funder.GrantId == draw.GrantId && open.Contains(p.CellKey)).Select(p => p.Nanos))
                + Sum(funded.PaidAhead.Where(p => p.Funder.GrantId == draw.GrantId).Select(p => p.Nanos));
            var rest = Sum(funded.UnappliedCredits.Where(u => u.GrantId == draw.GrantId).Select(u => u.Nanos));
            if (applied + rest != draw.Nanos)
            {
                return $"{draw}: applied {applied}, unapplied {rest}";
            }
        }

        return null;
    }

    private static string? OnlyEligible(FundingCase c, PayerMonth month, FundedMonth funded)
    {
        var cells = month.Cells.ToDictionary(x => x.Key);
        var wrong = funded.Parts.FirstOrDefault(p => p.Funder.GrantId is { } grant
            && cells[p.CellKey] is { PrepaidBy: null, Component: { } component }
            && c.Grants[grant].ExcludedComponents.Contains(component));
        var nobody = month.Owner is null
            ? funded.Parts.FirstOrDefault(p => p.Funder.GrantId is null && p.Funder != Funder.Nobody && cells[p.CellKey].PrepaidBy is null)
            : null;
        return wrong is not null ? $"{wrong} is of a component that the grant excludes"
            : nobody is not null ? $"{nobody}: there is no owner" : null;
    }

    /// <summary>Balance = purchases - use; covered use inherits the mix of all purchases until then, within a nano a funder.</summary>
    private static string? Balanced(FundingStep step, PayerMonth month, FundedMonth funded, Dictionary<string, Int128> balances,
        Dictionary<(string, string), Int128> mix)
    {
        foreach (var entry in funded.PaidAhead)
        {
            var key = (entry.CommitmentId, entry.Funder.Key);
            mix[key] = mix.GetValueOrDefault(key) + entry.Nanos;
            balances[entry.CommitmentId] = balances.GetValueOrDefault(entry.CommitmentId) + entry.Nanos;
        }

        foreach (var cell in month.Cells.Where(c => c.PrepaidBy is not null))
        {
            balances[cell.PrepaidBy!] = balances.GetValueOrDefault(cell.PrepaidBy!) - cell.ConsumptionNanos;
            var shares = mix.Where(m => m.Key.Item1 == cell.PrepaidBy && m.Value > 0).ToDictionary(m => m.Key.Item2, m => m.Value);
            var total = Sum(shares.Values);
            foreach (var (funder, weight) in shares)
            {
                var part = Sum(funded.Parts.Where(p => p.CellKey == cell.Key && p.Funder.Key == funder).Select(p => p.Nanos));
                var distance = (System.Numerics.BigInteger)part * total - ((System.Numerics.BigInteger)cell.ConsumptionNanos * weight);
                if (System.Numerics.BigInteger.Abs(distance) >= total)
                {
                    return $"{cell.Key}: {funder} pays {part} of {cell.ConsumptionNanos} at {weight} of {total}";
                }
            }
        }

        var differs = balances.Where(b => step.PrepaidBalances.GetValueOrDefault(("USD", b.Key)) != b.Value).Select(b => b.Key).ToArray();
        return differs.Length == 0 ? null : $"the balance of {differs[0]} is not {balances[differs[0]]}";
    }

    private static Int128 Sum(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, (sum, n) => sum + n);
}
