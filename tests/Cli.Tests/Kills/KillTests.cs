using System.Diagnostics;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Kills;

/// <summary>
/// Killing the published program with SIGKILL, at named places and at random moments, neither loses nor doubles anything: afterwards a
/// delivery is wholly there or wholly absent, every check holds, and the same command again leads to the books of an undisturbed run.
/// </summary>
public sealed class KillTests
{
    private IReadOnlyList<KillOutcome> _outcomes = [];

    /// <summary>All kills, once: the tests below look at their outcomes.</summary>
    [OneTimeSetUp]
    public async Task RunCampaign()
    {
        var seed = Counts.Seed("CICOST_KILL_SEED");
        using var folder = new TempFolder();
        _ = PublishedProgram.Executable;
        var started = Stopwatch.GetTimestamp();
        _outcomes = await new KillCampaign(folder.FullName, seed).RunAsync();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await TestContext.Progress.WriteLineAsync(FormattableString.Invariant(
            $"{_outcomes.Count} kills in {seconds:0} s, replay the random moments with CICOST_KILL_SEED={seed}"));
        foreach (var place in _outcomes.GroupBy(o => o.Place))
        {
            await TestContext.Progress.WriteLineAsync(FormattableString.Invariant(
                $"  {place.Key,-22} {place.Count(),3} kills, {place.Count(o => o.IsInsideTransaction),3} inside an open transaction"));
        }

        await TestContext.Progress.WriteLineAsync(
            $"{_outcomes.Count(o => o.IsInsideTransaction)} kills fell inside an open transaction, "
            + $"{_outcomes.Count(o => o.IsInsideCheckpoint)} inside a checkpoint");
    }

    [TestCaseSource(typeof(KillCampaign), nameof(KillCampaign.PointNames))]
    public void Kill_AtNamedPoint_LosesAndDoublesNothing(string point)
    {
        var kills = _outcomes.Where(o => o.Place == point).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(kills, Has.Count.AtLeast(KillCampaign.KillsPerPoint));
            Assert.That(kills.Select(k => k.ExitCode), Is.All.EqualTo(RunResult.Killed), "a fail point that no run reaches proves nothing");
            Assert.That(kills.SelectMany(k => k.Violations.Select(v => $"{k.Scenario}: {v}")), Is.Empty);
        });
    }

    [Test]
    public void Kill_WhileTheLogIsMovedIntoTheDatabase_LosesAndDoublesNothing()
    {
        var kills = _outcomes.Where(o => o.Place == "checkpoint.inside").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(kills, Has.Count.AtLeast(KillCampaign.KillsPerPoint));
            Assert.That(kills.SelectMany(k => k.Violations.Select(v => $"{k.Scenario}: {v}")), Is.Empty);
        });
    }

    [Test]
    public void Kill_AtRandomMoment_LosesAndDoublesNothing()
    {
        var kills = _outcomes.Where(o => o.Place == "random").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(kills, Has.Count.AtLeast(KillCampaign.RandomKills));
            Assert.That(kills.SelectMany(k => k.Violations.Select(v => $"{k.Scenario}: {v}")), Is.Empty);
        });
    }

    /// <summary>
    /// Named points fall inside a transaction for certain. Where a random kill or one during a checkpoint falls depends on the speed of
    /// the machine: the report counts them, and nothing is demanded of luck.
    /// </summary>
    [Test]
    public void Kills_OfOneRun_AreManyAndFallInsideOpenTransactions()
    {
        Assert.Multiple(() =>
        {
            Assert.That(_outcomes, Has.Count.AtLeast(KillCampaign.LeastKills));
            Assert.That(_outcomes.Count(o => o.IsInsideTransaction), Is.Positive);
        });
    }
}
