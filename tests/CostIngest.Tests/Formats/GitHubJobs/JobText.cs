using System.Text;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats.GitHubJobs;

/// <summary>Job events as text, and what the format makes of them.</summary>
internal static class JobText
{
    /// <summary>A completed job of 40 seconds, as GitHub's REST pages hold it.</summary>
    public const string Done = """
        {"id": 7, "run_id": 3, "run_attempt": 2, "run_url": "https://api.github.com/repos/acme/app/actions/runs/3", "name": "test",
         "workflow_name": "CI", "head_branch": "main", "head_sha": "abc", "status": "completed", "conclusion": "success",
         "created_at": "2026-07-01T11:59:00Z", "started_at": "2026-07-01T12:00:00Z", "completed_at": "2026-07-01T12:00:40Z",
         "labels": ["self-hosted", "gpu"], "runner_name": "r-1", "runner_group_name": "default"}
        """;

    public static string With(string field, string json) =>
        Set(System.Text.Json.Nodes.JsonNode.Parse(Done)!.AsObject(), field, json);

    public static IReadOnlyList<JobEvent> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public static IReadOnlyList<JobEvent> Read(byte[] bytes) => Read(() => new MemoryStream(bytes, writable: false));

    public static IReadOnlyList<JobEvent> Read(Func<Stream> open) =>
        [.. LineFormats.Jobs().Single(f => f.Kind == "github-jobs").Read(new ContentObject("jobs.json", open), CancellationToken.None)];

    public static string Refusal(string text) => Refusal(Encoding.UTF8.GetBytes(text));

    public static string Refusal(byte[] bytes) =>
        Assert.Throws<DeliveryRejectedException>(() => Read(bytes))!.Errors.Single().ToString();

    private static string Set(System.Text.Json.Nodes.JsonObject job, string field, string json)
    {
        job.Remove(field);
        var text = job.ToJsonString();
        return json.Length == 0 ? text : $"{{\"{field}\": {json}, {text[1..]}";
    }
}
