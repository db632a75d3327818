using System.Numerics;
using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Sharing;
using CiCost.TestKit;

namespace CiCost.Domain.Tests.Sharing;

/// <summary>What every statement must hold, whatever the policy (accounting.md, 12); computed anew here from the cells.</summary>
public sealed class SplitEnginePropertyTests
{
    private static readonly int Cases = Counts.Of(10_000);

    [Test]
    public void Statement_OfAnyMonth_Conserves()
    {
        var histogram = new Histogram();
        Properties.Hold(SplitCases.All, Cases, c => CountedIn(histogram, c));
        histogram.AssertEachAtLeast(5, Cases);
    }

    [Test]
    public void Statement_InAnyOrderOfCells_IsTheSame() => Properties.Hold(SplitCases.All, Cases, c =>
    {
        string one = Text(c.Divide()), other = Text((c with { Cells = [.. c.Cells.Reverse()] }).Divide());
        return one == other ? null : $"{one}\nbut\n{other}";
    });

    private static string? CountedIn(Histogram histogram, SplitCase c)
    {
        var s = c.Divide();
        var dated = c.Policy.Participants.Select(p => p.DaysIn(SplitCase.FirstDay, SplitCase.LastDay)).ToArray();
        histogram.Count(
            ("even", c.Policy.Method == SplitMethod.Even),
            ("fixed percent", c.Policy.Method == SplitMethod.FixedPercent),
            ("proportional to used", IsBy(c, SplitMetric.Used)),
            ("proportional to given", IsBy(c, SplitMetric.Given)),
            ("proportional to chips", IsBy(c, SplitMetric.ChipVendor)),
            ("a fallback", s.Notes.Any(n => n.StartsWith("No participant", StringComparison.Ordinal))),
            ("a negative weight", s.Notes.Any(n => n.Contains("below zero", StringComparison.Ordinal))),
            ("a part of the month", dated.Any(d => d is > 0 and < 31)),
            ("no day at all", dated.Any(d => d == 0)),
            ("no participant", dated.Length == 0),
            ("an empty month", c.Cells.Length == 0),
            ("a negative pool", s.CommonDirectNanos < 0 || s.CommonOverheadNanos < 0),
            ("in-kind above accepted", s.Excluded.Any(e => e.Id == SplitEngine.InKindAboveAccepted)),
            ("excluded by name", s.Excluded.Any(e => e.Id == "other-projects")),
            ("directed", s.DirectedNanos != 0),
            ("unfunded", s.Rows[^1].TotalGivenNanos != 0),
            ("unallocated", s.Rows[^2].SharedNanos != 0));
        return Sums(c, s) ?? Stages(c, s) ?? Shares(c, s);
    }

    private static string? Sums(SplitCase c, SplitStatement s)
    {
        var net = Sum(s.Rows.Select(r => r.NetNanos));
        var consumption = Sum(c.Cells.Select(x => x.Nanos));
        var parts = s.CommonDirectNanos + s.CommonOverheadNanos + s.ReservedNanos + s.DirectedNanos + s.FreeTermsNanos
            + Sum(s.Excluded.Select(e => e.Nanos));
        return net != 0 ? $"the net positions add up to {net}"
            : consumption != s.ConsumptionNanos || parts != consumption ? $"pool + directed + excluded + free terms = {parts}, consumption {consumption}"
            : Sum(s.Rows.Select(r => r.SharedNanos)) != s.CommonDirectNanos + s.CommonOverheadNanos + s.ReservedNanos
                ? "the shares are not the pool"
            : Sum(s.Rows.Select(r => r.TotalGivenNanos)) != consumption - s.FreeTermsNanos ? "given is not consumption"
            : !s.Rows.Select(r => r.Organisation).TakeLast(2).SequenceEqual([Allocator.Unallocated, FundingKinds.Unfunded])
                ? "Unallocated and Unfunded are not the last rows"
            : s.Rows.Select(r => r.Organisation).Distinct().Count() != s.Rows.Length ? "an organisation has two rows" : null;
    }

    /// <summary>Excluded first, then directed; donated hardware enters the pool up to the accepted amount.</summary>
    private static string? Stages(SplitCase c, SplitStatement s)
    {
        bool IsExcluded(SharedCell x) => c.Policy.Exclusions.Any(e => e.Values.Contains(x[AttributeName.Project] ?? ""));
        bool IsDirected(SharedCell x) => !IsExcluded(x) && x[AttributeName.Beneficiary] == x.Funder.Organisation;
        foreach (var row in s.Rows)
        {
            var mine = c.Cells.Where(x => x.Funder.Organisation == row.Organisation).ToArray();
            var inKind = Sum(mine.Where(x => !IsExcluded(x) && !IsDirected(x) && x.Funder.Kind == FundingKind.InKind).Select(x => x.Nanos));
            var accepted = Sum(c.Policy.InKind.Where(a => a.Organisation == row.Organisation).Select(a => a.NanosPerMonth));
            var excluded = Sum(mine.Where(IsExcluded).Select(x => x.Nanos)) + Int128.Max(0, inKind - accepted);
            var directed = Sum(mine.Where(IsDirected).Select(x => x.Nanos));
            var used = Sum(c.Cells.Where(x => x[AttributeName.Beneficiary] == row.Organisation).Select(x => x.Nanos));
            if (row.ExcludedNanos != excluded || row.DirectedNanos != directed || row.UsedNanos != used
                || row.TotalGivenNanos != Sum(mine.Select(x => x.Nanos))
                || row.PaidAheadNanos != c.PaidAhead.GetValueOrDefault(row.Organisation))
            {
                return $"{row}: excluded {excluded}, directed {directed}, used {used} are expected";
            }
        }

        return null;
    }

    /// <summary>Each share of the direct part lies within a nano of its weight's, and only a participant has one.</summary>
    private static string? Shares(SplitCase c, SplitStatement s)
    {
        var allowed = c.Policy.Participants.Where(p => p.DaysIn(SplitCase.FirstDay, SplitCase.LastDay) > 0).Select(p => p.Organisation)
            .Append(Allocator.Unallocated).ToHashSet(StringComparer.Ordinal);
        if (s.Rows.FirstOrDefault(r => r.SharedNanos != 0 && !allowed.Contains(r.Organisation)) is { } stranger)
        {
            return $"{stranger.Organisation} takes no part and has a share of {stranger.SharedNanos}";
        }

        if (s.Weights.Values.Any(w => w < 0))
        {
            return "a weight is below zero";
        }

        var total = s.Weights.Values.Aggregate(BigInteger.Zero, (sum, w) => sum + w);
        if (total == 0 || c.Policy.OverheadBase == OverheadBase.Even)
        {
            return null;
        }

        // Direct and overhead by the same weights: each is within a nano, both together within two.
        var pool = (BigInteger)(s.CommonDirectNanos + s.CommonOverheadNanos);
        var wrong = s.Rows.FirstOrDefault(r => BigInteger.Abs(
            (r.SharedNanos * total) - (pool * s.Weights.GetValueOrDefault(r.Organisation))) >= 2 * total);
        return wrong is null
            ? null
            : $"{wrong.Organisation} has {wrong.SharedNanos} of {pool} at {s.Weights.GetValueOrDefault(wrong.Organisation)} of {total}";
    }

    private static bool IsBy(SplitCase c, SplitMetric metric) => c.Policy.Method == SplitMethod.Proportional && c.Policy.Metric == metric;

    private static string Text(SplitStatement s) => string.Join('\n', s.Rows.Select(r =>
        $"{r.Organisation} {r.TotalGivenNanos} {r.ExcludedNanos} {r.DirectedNanos} {r.SharedNanos} {r.NetNanos}"));

    private static Int128 Sum(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, (sum, n) => sum + n);
}
