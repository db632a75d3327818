using System.Text;
using CiCost.Domain.JobCosting;

namespace CiCost.CostIngest.Tests.Formats.GitHubJobs;

/// <summary>What the format reads, in every way that GitHub delivers it.</summary>
public sealed class GitHubJobFormatTests
{
    private static readonly string Examples = Path.Combine(TestFiles.Root, "tests", "data", "github-jobs");

    [TestCase("queued", JobStatus.Queued, null, "GitHub Actions 5")]
    [TestCase("waiting", JobStatus.Waiting, null, null)]
    [TestCase("in_progress", JobStatus.InProgress, null, "GitHub Actions 5")]
    [TestCase("completed.success.with-organization", JobStatus.Completed, "success", "GitHub Actions 5")]
    [TestCase("completed.failure.with-organization", JobStatus.Completed, "failure", "GitHub Actions 5")]
    public void Example_OfOctokit_IsRead(string name, JobStatus status, string? conclusion, string? runner)
    {
        var job = JobText.Read(File.ReadAllBytes(Path.Combine(Examples, name + ".json"))).Single();
        var isWaiting = status == JobStatus.Waiting;
        Assert.Multiple(() =>
        {
            Assert.That((job.Status, job.Conclusion, job.RunnerName), Is.EqualTo((status, conclusion, runner)));
            Assert.That(job.Key, Is.EqualTo(new JobRunKey("github", "github.com", isWaiting ? 12877621891 : 289782451, 1)));
            Assert.That(job.Repository, Is.EqualTo(isWaiting ? "lineville/elastic-machines-testing" : "Codertocat/Hello-World"));
            Assert.That(job.Labels, Is.EqualTo(isWaiting ? new[] { "self-hosted", "k8s" } : ["ubuntu-latest"]));
            Assert.That(job.RunSeconds, Is.EqualTo(status == JobStatus.Completed ? 198 : 0));
        });
    }

    [Test]
    public void RestJob_HasItsRepositoryFromItsAddress_AndEveryField()
    {
        var job = JobText.Read(JobText.Done).Single();
        var expected = new JobEvent
        {
            Key = new JobRunKey("github", "github.com", 7, 2),
            RunId = 3,
            Repository = "acme/app",
            Workflow = "CI",
            Name = "test",
            HeadBranch = "main",
            HeadSha = "abc",
            Status = JobStatus.Completed,
            Conclusion = "success",
            CreatedSeconds = 1_782_907_140,
            StartedSeconds = 1_782_907_200,
            CompletedSeconds = 1_782_907_240,
            Labels = job.Labels,
            RunnerName = "r-1",
            RunnerGroup = "default",
        };
        Assert.That(job, Is.EqualTo(expected));
        Assert.That(job.Labels, Is.EqualTo(new[] { "self-hosted", "gpu" }));
    }

    [TestCase("0", "\"\"", "success", 0, "")]
    [TestCase("null", "null", "cancelled", 0, null)]
    [TestCase("", "\" \"", "timed_out", 0, " ")]
    [TestCase("0", "\"r-1\"", "failure", 40, "r-1")]
    [TestCase("11", "null", "failure", 40, "#11")]
    [TestCase("", "", "failure", 0, null)]
    [TestCase("", "", "success", 40, null)]
    public void Runner_ByIdOrName_OrNone(string id, string name, string conclusion, int seconds, string? runner)
    {
        var text = JobText.Done.Replace("\"runner_name\": \"r-1\", ", name.Length == 0 ? "" : $"\"runner_name\": {name}, ",
            StringComparison.Ordinal).Replace("\"success\"", $"\"{conclusion}\"", StringComparison.Ordinal);
        var job = JobText.Read(id.Length == 0 ? text : $"{{\"runner_id\": {id}, {text[1..]}").Single();
        Assert.That((job.RunSeconds, job.RunnerName, job.NeverHadRunner), Is.EqualTo(((long)seconds, runner, seconds == 0)));
    }

    [Test]
    public void Delivery_InAnyForm_GivesTheSameEvents()
    {
        var one = JobText.Done.ReplaceLineEndings(" ");
        var two = JobText.With("id", "8");
        string[] forms =
        [
            $"{one}\n{two}\n", $"{one}{two}", $"  {one} \r\n\t{two}", $"[{one}, {two}]", $"[[{one}], {two}]",
            $"{{\"total_count\": 2, \"jobs\": [{one}, {two}]}}", $"{{\"jobs\": [{one}]}}\n{{\"jobs\": []}}\n{{\"jobs\": [{two}]}}",
            $"{{\"action\": \"completed\", \"workflow_job\": {one}}}\n{two}", $"\uFEFF{one}\n{two}", $"{JobText.Done}\n{two}",
        ];
        var expected = Text(JobText.Read(forms[0]));
        Assert.Multiple(() =>
        {
            Assert.That(expected, Has.Length.EqualTo(2));
            foreach (var form in forms)
            {
                Assert.That(Text(JobText.Read(form)), Is.EqualTo(expected), form);
                Assert.That(Text(JobText.Read(() => new OneByteStream(Encoding.UTF8.GetBytes(form)))),
                    Is.EqualTo(expected), $"slow: {form}");
            }
        });
    }

    [Test]
    public void Delivery_LargerThanTheBuffer_IsReadWhole()
    {
        var many = string.Join('\n', Enumerable.Range(0, 3_000).Select(i => JobText.With("id", $"{i + 1}")));
        Assert.That(JobText.Read($"{{\"jobs\": [{many.ReplaceLineEndings(",")}]}}\n{many}").Select(j => j.Key.JobId),
            Is.EqualTo(Enumerable.Range(0, 6_000).Select(i => (long)(i % 3_000) + 1)));
    }

    [TestCase("")]
    [TestCase(" \n")]
    [TestCase("[]")]
    [TestCase("{\"total_count\": 0, \"jobs\": []}")]
    public void Delivery_WithoutJobs_HasNone(string text) => Assert.That(JobText.Read(text), Is.Empty);

    [TestCase("\"0001-01-01T00:00:00Z\"")]
    [TestCase("\"1970-01-01T00:00:00Z\"")]
    [TestCase("null")]
    [TestCase("")]
    public void Time_OfTheEpochOrMissing_IsNone(string json) => Assert.Multiple(() =>
    {
        var job = JobText.Read(JobText.With("started_at", json)).Single();
        Assert.That(job.StartedSeconds, Is.Null);
        Assert.That(job.RunSeconds, Is.Zero);
        Assert.That(job.EventSeconds, Is.EqualTo(job.CompletedSeconds));
    });

    [TestCase("2026-07-01T12:00:00Z")]
    [TestCase("2026-07-01T12:00:00.000Z")]
    [TestCase("2026-07-01T12:00:00.9999999Z")]
    [TestCase("2026-07-01T14:00:00+02:00")]
    public void Time_WithFractionOrZone_IsTheSecond(string time) =>
        Assert.That(JobText.Read(JobText.With("started_at", $"\"{time}\"")).Single().StartedSeconds, Is.EqualTo(1_782_907_200));

    [Test]
    public void Job_SkippedOrWithoutOptionalFields_IsRead()
    {
        var skipped = JobText.Read(JobText.With("conclusion", "\"skipped\"")).Single();
        var bare = JobText.Read(
            """{"id": 1, "run_id": 2, "name": "n", "status": "queued", "run_url": "https://ghe.acme.org/repos/a/b/x"}""").Single();
        Assert.Multiple(() =>
        {
            Assert.That(skipped.RunSeconds, Is.Zero);
            Assert.That((bare.Key, bare.Repository), Is.EqualTo((new JobRunKey("github", "ghe.acme.org", 1, 1), "a/b")));
            Assert.That(bare.Labels, Is.Empty);
        });
    }

    [TestCase("queued", JobStatus.Queued)]
    [TestCase("requested", JobStatus.Waiting)]
    [TestCase("pending", JobStatus.Waiting)]
    [TestCase("waiting", JobStatus.Waiting)]
    [TestCase("in_progress", JobStatus.InProgress)]
    [TestCase("completed", JobStatus.Completed)]
    public void Status_OfGitHub_HasItsPlace(string status, JobStatus expected) =>
        Assert.That(JobText.Read(JobText.With("status", $"\"{status}\"")).Single().Status, Is.EqualTo(expected));

    private static string[] Text(IEnumerable<JobEvent> events) =>
        [.. events.Select(e => $"{e with { Labels = [] }} {string.Join('|', e.Labels)}")];

    /// <summary>Gives one byte a read, as a slow stream may.</summary>
    private sealed class OneByteStream(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
