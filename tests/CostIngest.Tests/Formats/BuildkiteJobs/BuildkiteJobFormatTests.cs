using System.Text;
using CiCost.CostIngest.Formats.BuildkiteJobs;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats.BuildkiteJobs;

/// <summary>Jobs of Buildkite in each form that it delivers, and each way they can be broken.</summary>
public sealed class BuildkiteJobFormatTests
{
    private const string Uuid = "0190046e-e199-453b-a302-a21a4d649d31";

    // The example of https://buildkite.com/docs/apis/rest-api/builds, shortened, with a queue of vLLM's CI.
    private const string Job = """
        {"id":"0190046e-e199-453b-a302-a21a4d649d31","graphql_id":"Sm9iLS0t","type":"script","name":"Kernels Test","step_key":"kernels",
         "agent_query_rules":["queue=gpu_1_queue"],"state":"passed","soft_failed":false,"exit_status":0,
         "created_at":"2026-07-01T10:00:00.100Z","scheduled_at":"2026-07-01T10:00:01.000Z","runnable_at":"2026-07-01T10:00:02.000Z",
         "started_at":"2026-07-01T10:05:00.900Z","finished_at":"2026-07-01T10:35:00.200Z","retried":false,"retries_count":null,
         "agent":{"id":"a1","name":"gpu-1-i-0abc-1","hostname":"ip-10-0-0-1","meta_data":["queue=gpu_1_queue"]}}
        """;

    private static string Build(params string[] jobs) => $$$"""
        {"id":"f62a1b4d-10f9-4790-bc1c-e2c3a0c80983","number":1234,"state":"passed","branch":"main",
         "web_url":"https://buildkite.com/vllm/ci/builds/1234","commit":"a65959aa5f4a1d2e3c4b5a6978877665544332211",
         "pipeline":{"slug":"ci","name":"CI","repository":"git@github.com:vllm-project/vllm.git"},"jobs":[{{{string.Join(',', jobs)}}}]}
        """;

    [Test]
    public void Build_OfTheRestApi_GivesItsJobs() => Assert.Multiple(() =>
    {
        var job = Read("[" + Build(Job) + "]").Single();
        Assert.That(job.Key, Is.EqualTo(new JobRunKey("buildkite", "buildkite.com", BuildkiteJobId.Of(Guid.Parse(Uuid)), 1)));
        Assert.That((job.RunId, job.Repository, job.Workflow, job.Name), Is.EqualTo((1234L, "vllm-project/vllm", "ci", "Kernels Test")));
        Assert.That((job.HeadBranch, job.HeadSha), Is.EqualTo(("main", "a65959aa5f4a1d2e3c4b5a6978877665544332211")));
        Assert.That((job.Status, job.Conclusion), Is.EqualTo((JobStatus.Completed, "success")));
        Assert.That(job.Labels, Is.EqualTo(new[] { "queue=gpu_1_queue" }));
        Assert.That((job.RunnerName, job.RunnerGroup, job.NativeId), Is.EqualTo(("gpu-1-i-0abc-1", (string?)null, Uuid)));
        Assert.That(job.RunSeconds, Is.EqualTo(1800));
        Assert.That(job.CreatedSeconds, Is.EqualTo(new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()));
    });

    [Test]
    public void EveryForm_OfOneJob_GivesTheSameKeyAndState()
    {
        var webhook = $$$"""
            {"event":"job.finished","job":{{{Job}}},"build":{"number":1234,"branch":"main","commit":"HEAD"},
             "pipeline":{"slug":"ci","repository":"https://github.com/vllm-project/vllm.git"}}
            """;
        const string graph = """
            {"__typename":"JobTypeCommand","id":"Sm9iLS0t","uuid":"0190046e-e199-453b-a302-a21a4d649d31","label":"Kernels Test",
             "state":"FINISHED","passed":true,"agentQueryRules":["queue=gpu_1_queue"],"createdAt":"2026-07-01T10:00:00Z",
             "startedAt":"2026-07-01T10:05:00Z","finishedAt":"2026-07-01T10:35:00Z","agent":{"name":"gpu-1-i-0abc-1"},
             "build":{"number":1234,"branch":"main","commit":"HEAD","pipeline":{"slug":"ci","repository":{"url":"git@github.com:vllm-project/vllm.git"}}}}
            """;
        var events = Read(Build(Job) + "\n" + webhook + graph);
        Assert.That(events, Has.Count.EqualTo(3));
        Assert.That(events.Select(e => (e.Key, e.Repository, e.Workflow, e.RunId, e.Name, e.Conclusion, e.RunSeconds, e.NativeId)).Distinct()
            .Count(), Is.EqualTo(1));
    }

    [Test]
    public void StepsWithoutAnAgent_AreNoJobs() =>
        Assert.That(Read(Build("{\"type\":\"waiter\",\"id\":\"x\"}", Job, "{\"type\":\"manual\",\"id\":\"y\"}", "{\"type\":\"trigger\"}")),
            Has.Count.EqualTo(1));

    [Test]
    public void Retry_IsAJobOfItsOwn()
    {
        var retried = Job.Replace("0190046e", "0190047f", StringComparison.Ordinal).Replace("\"retries_count\":null", "\"retries_count\":1",
            StringComparison.Ordinal);
        Assert.That(Read(Build(Job, retried)).Select(e => e.Key).Distinct().Count(), Is.EqualTo(2));
    }

    [TestCase("scheduled", JobStatus.Queued, null)]
    [TestCase("limited", JobStatus.Waiting, null)]
    [TestCase("running", JobStatus.InProgress, null)]
    [TestCase("failed", JobStatus.Completed, "failure")]
    [TestCase("canceled", JobStatus.Completed, "cancelled")]
    [TestCase("timed_out", JobStatus.Completed, "timed_out")]
    [TestCase("expired", JobStatus.Completed, "expired")]
    [TestCase("broken", JobStatus.Completed, "skipped")]
    public void State_IsOneOfOurs(string state, JobStatus status, string? conclusion)
    {
        var job = Read(Build(Job.Replace("\"passed\"", $"\"{state}\"", StringComparison.Ordinal))).Single();
        Assert.That((job.Status, job.Conclusion), Is.EqualTo((status, conclusion)));
    }

    [TestCase("00000000-0000-0000-0000-000000000000", 3_983_162_290_893_594_069, Description = "fixed for ever: SHA-256 of sixteen zeros")]
    public void JobId_IsStable(string uuid, long id) => Assert.That(BuildkiteJobId.Of(Guid.Parse(uuid)), Is.EqualTo(id));

    [Test]
    public void JobId_OfUuidsOfOneMoment_AreAllDifferent()
    {
        // UUIDs of version 7 that differ in their last bits only: a part of the UUID itself would collide.
        var ids = Enumerable.Range(0, 50_000).Select(n => BuildkiteJobId.Of(Guid.Parse($"0190046e-e199-753b-8302-0000{n:x8}"))).ToHashSet();
        Assert.That(ids, Has.Count.EqualTo(50_000).And.All.GreaterThanOrEqualTo(0));
    }

    [TestCase("\"id\":\"0190046e-e199-453b-a302-a21a4d649d31\"", "\"id\":\"42\"", "id", "bad-field")]
    [TestCase("\"state\":\"passed\"", "\"state\":\"resting\"", "state", "unknown-status")]
    [TestCase("\"state\":\"passed\"", "\"state\":7", "state", "bad-field")]
    [TestCase("2026-07-01T10:35:00.200Z", "yesterday", "finished_at", "bad-time")]
    [TestCase("[\"queue=gpu_1_queue\"],\"state\"", "\"queue=gpu_1_queue\",\"state\"", "agent_query_rules", "bad-field")]
    [TestCase("\"number\":1234", "\"number\":\"1234\"", "number", "bad-field")]
    [TestCase("\"slug\":\"ci\",", "", "slug", "bad-field")]
    public void BrokenField_IsRefusedByName(string from, string to, string column, string rule)
    {
        var text = Build(Job).Replace(from, to, StringComparison.Ordinal);
        var error = Assert.Throws<DeliveryRejectedException>(() => Read(Build(Job) + text))!.Errors.Single();
        Assert.That((error.File, error.RowNumber, error.Column, error.Rule), Is.EqualTo(("jobs.json", 2L, column, rule)));
    }

    [TestCase("{\"jobs\":[1]}", "not-a-job")]
    [TestCase("5", "not-a-job")]
    [TestCase("{\"jobs\":[", "not-json")]
    [TestCase("{\"state\":\"\\ud800\",\"id\":\"0190046e-e199-453b-a302-a21a4d649d31\"}", "not-json")]
    public void NoJob_IsRefused(string text, string rule) =>
        Assert.That(Assert.Throws<DeliveryRejectedException>(() => Read(text))!.Errors.Single().Rule, Is.EqualTo(rule));

    [Test]
    public void Repository_WithoutAddress_IsThatOfThePage()
    {
        var text = Build(Job).Replace(",\"repository\":\"git@github.com:vllm-project/vllm.git\"", "", StringComparison.Ordinal);
        Assert.That(Read(text).Single().Repository, Is.EqualTo("vllm/ci"));
    }

    private static List<JobEvent> Read(string text) =>
        [.. new BuildkiteJobFormat().Read(TestFiles.Content("jobs.json", Encoding.UTF8.GetBytes(text)), CancellationToken.None)];
}
