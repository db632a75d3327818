using System.Text.Json;

namespace CiCost.Cli.Tests.Demo;

/// <summary>One event of a job, read from its JSON.</summary>
internal sealed record JobText(string Action, long Id, long Attempt, string Label, string? Conclusion, string Repository,
    DateTime StartedAt, DateTime? CompletedAt)
{
    /// <summary>A valid run, as the published hours count them: started after 2000, ended after its start.</summary>
    public bool HasHours => Action == "completed" && StartedAt.Year >= 2000 && CompletedAt > StartedAt;

    public long Seconds => HasHours ? (long)(CompletedAt!.Value - StartedAt).TotalSeconds : 0;

    public static IEnumerable<JobText> Read(string path)
    {
        using var reader = new StreamReader(DemoRun.Open(path));
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var job = json.RootElement.GetProperty("workflow_job");
            yield return new JobText(
                json.RootElement.GetProperty("action").GetString()!,
                job.GetProperty("id").GetInt64(),
                job.GetProperty("run_attempt").GetInt64(),
                string.Join(' ', job.GetProperty("labels").EnumerateArray().Select(l => l.GetString())),
                job.GetProperty("conclusion").GetString(),
                json.RootElement.GetProperty("repository").GetProperty("full_name").GetString()!,
                job.GetProperty("started_at").GetDateTime(),
                job.GetProperty("completed_at") is { ValueKind: JsonValueKind.String } end ? end.GetDateTime() : null);
        }
    }

    /// <summary>One per job and attempt: the completed event where there is one.</summary>
    public static IEnumerable<JobText> Runs(DemoRun run, string month) => run.Plan.Deliveries
        .Where(d => d.Source == "github-jobs" && d.Month == month).SelectMany(d => d.Files).SelectMany(f => Read(run.Full(f)))
        .GroupBy(j => (j.Id, j.Attempt)).Select(g => g.FirstOrDefault(j => j.Action == "completed") ?? g.First());
}
