using CiCost.Domain.JobCosting;

namespace CiCost.Domain.Tests.JobCosting;

/// <summary>The seconds that a job run held a runner.</summary>
public sealed class JobEventTests
{
    private static readonly JobEvent Done = new()
    {
        Key = new JobRunKey("github", "github.com", 1, 1),
        RunId = 1,
        Repository = "acme/app",
        Name = "test",
        Status = JobStatus.Completed,
        Conclusion = "success",
        CreatedSeconds = 1_000_000_000,
        StartedSeconds = 1_000_000_060,
        CompletedSeconds = 1_000_000_100,
        Labels = ["gpu"],
    };

    [Test]
    public void Completed_HeldARunnerFromItsStartToItsEnd() =>
        Assert.That((Done.RunSeconds, Done.EventSeconds), Is.EqualTo((40L, 1_000_000_100L)));

    [TestCase("success")]
    [TestCase("failure")]
    [TestCase("cancelled")]
    [TestCase("timed_out")]
    public void Completed_HoweverItEnded_Counts(string conclusion) =>
        Assert.That((Done with { Conclusion = conclusion }).RunSeconds, Is.EqualTo(40));

    [Test]
    public void Skipped_NeverHeldARunner() => Assert.That((Done with { Conclusion = "skipped" }).RunSeconds, Is.Zero);

    [TestCase("cancelled")]
    [TestCase("failure")]
    [TestCase("timed_out")]
    [TestCase("action_required")]
    public void WithoutARunner_HeldNone_HoweverItEnded(string conclusion) =>
        Assert.That((Done with { Conclusion = conclusion, NeverHadRunner = true }).RunSeconds, Is.Zero);

    [TestCase(JobStatus.Queued)]
    [TestCase(JobStatus.Waiting)]
    [TestCase(JobStatus.InProgress)]
    public void Unfinished_HoldsNoneYet(JobStatus status) => Assert.That((Done with { Status = status }).RunSeconds, Is.Zero);

    [Test]
    public void Times_MissingOrBackwards_CountNothing() => Assert.Multiple(() =>
    {
        Assert.That((Done with { StartedSeconds = null }).RunSeconds, Is.Zero);
        Assert.That((Done with { CompletedSeconds = null }).RunSeconds, Is.Zero);
        Assert.That((Done with { StartedSeconds = 1_000_000_200 }).RunSeconds, Is.Zero);
        Assert.That((Done with { CreatedSeconds = null, StartedSeconds = null, CompletedSeconds = null }).EventSeconds, Is.Zero);
    });
}
