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
    public void Statement_OfSeveralPolicies_IsThatOfEachOnItsDays() => Properties.Hold(SplitCases.All, Cases, c =>
    {
        var whole = c.Divide();
        var parts = c.Periods.Select(c.Divide).ToArray();
        foreach (var row in whole.Rows)
        {
            Int128 Sum(Func<StatementRow, Int128> column) =>
                parts.SelectMany(p => p.Rows.Where(r => r.Organisation == row.Organisation)).Aggregate((Int128)0, (sum, r) => sum + column(r));
            if (Sum(r => r.TotalGivenNanos) != row.TotalGivenNanos || Sum(r => r.ExcludedNanos) != row.ExcludedNanos
                || Sum(r => r.DirectedNanos) != row.DirectedNanos || Sum(r => r.SharedNanos) != row.SharedNanos)
            {
                return $"{row} is not what its days give";
            }
        }

        return null;
    });

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
            ("in-kind above its reference", s.Excluded.Any(e => e.Id == SplitEngine.InKindAboveReference)),
            ("in-kind without approval", s.Excluded.Any(e => e.Id == SplitEngine.InKindNotApproved)),
            ("directed", s.DirectedNanos != 0),
            ("an unused reservation", s.ReservedNanos != 0),
            ("free terms", s.FreeTermsNanos != 0),
            ("a policy that ends in mid-month", c.Later?.Policy is not null),
            ("days without a policy", c.Later is { Policy: null }),
            ("unfunded", s.Rows[^1].TotalGivenNanos != 0),
            ("unallocated", s.Rows[^2].SharedNanos != 0));
        return Sums(c, s) ?? (c.Later is null ? Stages(c, s) ?? Shares(c, s) : null);
    }

    private static string? Sums(SplitCase c, SplitStatement s)
    {
        var net = Sum(s.Rows.Select(r => r.NetNanos));
        var consumption = Sum(c.Periods.SelectMany(p => p.Cells).Select(x => x.Nanos));
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
        foreach (var row in s.Rows)
        {
            var mine = c.Cells.Where(x => x.Funder.Organisation == row.Organisation && x.Funder.Kind != FundingKind.FreeTier).ToArray();
            bool IsExcluded(SharedCell x) => Is(c, x, SharingStage.Excluded);
            bool IsDirected(SharedCell x) => Is(c, x, SharingStage.Directed);
            var hardware = mine.Where(x => Is(c, x, SharingStage.CommonDirect) && x.Funder.Kind == FundingKind.InKind).ToArray();
            var refused = Sum(hardware.Select(x => x.NotApprovedNanos + x.AboveReferenceNanos));
            var excluded = Sum(mine.Where(IsExcluded).Select(x => x.Nanos)) + refused
                + Int128.Max(0, Sum(hardware.Select(x => x.Nanos)) - refused - Accepted(c, row.Organisation));
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

    private static Int128 Accepted(SplitCase c, string donor) =>
        Sum(c.Policy.InKind.Where(a => a.Organisation == donor).Select(a => a.NanosPerMonth));

    /// <summary>Where a cell goes; what is common is <see cref="SharingStage.CommonDirect"/> here, overhead too.</summary>
    private static bool Is(SplitCase c, SharedCell x, SharingStage stage) => stage == (x.Funder.Kind == FundingKind.FreeTier ? SharingStage.FreeTerms
        : c.Policy.Exclusions.Any(e => e.Values.Contains(x[AttributeName.Project] ?? "")) ? SharingStage.Excluded
        : x[AttributeName.Beneficiary] == x.Funder.Organisation ? SharingStage.Directed
        : x.ReservedBy is not null ? SharingStage.Reserved : SharingStage.CommonDirect);

    /// <summary>Each share of the direct part lies within a nano of its weight's, and only a participant has one.</summary>
    private static string? Shares(SplitCase c, SplitStatement s)
    {
        var allowed = c.Policy.Participants.Where(p => p.DaysIn(SplitCase.FirstDay, SplitCase.LastDay) > 0).Select(p => p.Organisation)
            .Append(Allocator.Unallocated).ToHashSet(StringComparer.Ordinal);
        Int128 Reserved(string organisation) =>
            Sum(c.Cells.Where(x => Is(c, x, SharingStage.Reserved) && x.ReservedBy == organisation).Select(x => x.Nanos));
        if (s.Rows.FirstOrDefault(r => r.SharedNanos != Reserved(r.Organisation) && !allowed.Contains(r.Organisation)) is { } stranger)
        {
            return $"{stranger.Organisation} takes no part and has a share of {stranger.SharedNanos}";
        }

        var weights = s.Periods.Single().Weights;
        if (weights.Values.Any(w => w < 0))
        {
            return "a weight is below zero";
        }

        var total = weights.Values.Aggregate(BigInteger.Zero, (sum, w) => sum + w);
        if (total == 0 || c.Policy.OverheadBase == OverheadBase.Even)
        {
            return null;
        }

        // Direct and overhead by the same weights: each is within a nano, both together within two.
        var pool = (BigInteger)(s.CommonDirectNanos + s.CommonOverheadNanos);
        var wrong = s.Rows.FirstOrDefault(r => BigInteger.Abs(
            ((r.SharedNanos - Reserved(r.Organisation)) * total) - (pool * weights.GetValueOrDefault(r.Organisation))) >= 2 * total);
        return wrong is null
            ? null
            : $"{wrong.Organisation} has {wrong.SharedNanos} of {pool} at {weights.GetValueOrDefault(wrong.Organisation)} of {total}";
    }

    private static bool IsBy(SplitCase c, SplitMetric metric) => c.Policy.Method == SplitMethod.Proportional && c.Policy.Metric == metric;

    private static string Text(SplitStatement s) => string.Join('\n', s.Rows.Select(r =>
        $"{r.Organisation} {r.TotalGivenNanos} {r.ExcludedNanos} {r.DirectedNanos} {r.SharedNanos} {r.NetNanos}"));

    private static Int128 Sum(IEnumerable<Int128> nanos) => nanos.Aggregate((Int128)0, (sum, n) => sum + n);
}
