using System.Text.Encodings.Web;
using System.Text.Json;

namespace CiCost.Cli.Demo;

/// <summary>
/// Writes webhook payloads as JSON lines: https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_job
/// The objects <c>repository</c>, <c>organization</c> and <c>sender</c> keep their identifying keys only.
/// </summary>
internal sealed class JobEvents : IDisposable
{
    private static readonly DateTime Epoch = DateTime.UnixEpoch;
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;

    public JobEvents(Stream stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public long Events { get; private set; }

    public void Completed(JobRun run) => Write("completed", run, run.StartedAt, run.CompletedAt);

    public void InProgress(JobRun run) => Write("in_progress", run, run.StartedAt, null);

    /// <summary>Before a runner has it, the start is the creation.</summary>
    public void Queued(JobRun run) => Write("queued", run, run.CreatedAt, null);

    public void Waiting(JobRun run) => Write("waiting", run, run.CreatedAt, null);

    /// <summary>A job that ended without ever having started: GitHub's epoch.</summary>
    public void CompletedAtEpoch(JobRun run) => Write("completed", run, Epoch, Epoch);

    public void Dispose()
    {
        _json.Dispose();
        _stream.Dispose();
    }

    private static string Text(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private void Write(string action, JobRun run, DateTime startedAt, DateTime? completedAt)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("action", action);
        _json.WriteStartObject("workflow_job");
        WriteJob(action, run, startedAt, completedAt);
        _json.WriteEndObject();
        WriteEnvelope(run);
        _json.WriteEndObject();
        _json.Flush();
        _stream.WriteByte((byte)'\n');
        Events++;
    }

    private void WriteJob(string action, JobRun run, DateTime startedAt, DateTime? completedAt)
    {
        var api = $"https://api.github.com/repos/{run.Repository}/actions";
        var hasRunner = action is "completed" or "in_progress" && run.Conclusion != "skipped" && startedAt != Epoch;
        _json.WriteNumber("id", run.Id);
        _json.WriteNumber("run_id", run.RunId);
        _json.WriteString("workflow_name", run.WorkflowName);
        _json.WriteString("head_branch", run.HeadBranch);
        _json.WriteString("run_url", $"{api}/runs/{run.RunId}");
        _json.WriteNumber("run_attempt", run.Attempt);
        _json.WriteString("node_id", $"CR_kwDemo{run.Id:x}");
        _json.WriteString("head_sha", run.HeadSha);
        _json.WriteString("url", $"{api}/jobs/{run.Id}");
        _json.WriteString("html_url", $"https://github.com/{run.Repository}/actions/runs/{run.RunId}/job/{run.Id}");
        _json.WriteString("status", action);
        WriteNullable("conclusion", action == "completed" ? run.Conclusion : null);
        _json.WriteString("created_at", Text(run.CreatedAt));
        _json.WriteString("started_at", Text(startedAt));
        WriteNullable("completed_at", completedAt is { } end ? Text(end) : null);
        _json.WriteString("name", run.Name);
        _json.WriteStartArray("steps");
        _json.WriteEndArray();
        _json.WriteString("check_run_url", $"https://api.github.com/repos/{run.Repository}/check-runs/{run.Id}");
        _json.WriteStartArray("labels");
        foreach (var label in run.Labels)
        {
            _json.WriteStringValue(label);
        }

        _json.WriteEndArray();
        if (hasRunner)
        {
            _json.WriteNumber("runner_id", run.Id % 1_000_000);
            _json.WriteString("runner_name", $"{run.Labels[^1]}-runner-{run.Id % 100_000:x5}");
            _json.WriteNumber("runner_group_id", run.RunnerGroup.Length);
            _json.WriteString("runner_group_name", run.RunnerGroup);
        }
        else
        {
            _json.WriteNull("runner_id");
            _json.WriteNull("runner_name");
            _json.WriteNull("runner_group_id");
            _json.WriteNull("runner_group_name");
        }
    }

    private void WriteEnvelope(JobRun run)
    {
        var slash = run.Repository.IndexOf('/', StringComparison.Ordinal);
        var owner = run.Repository[..slash];
        _json.WriteStartObject("repository");
        _json.WriteString("name", run.Repository[(slash + 1)..]);
        _json.WriteString("full_name", run.Repository);
        _json.WriteBoolean("private", false);
        _json.WriteStartObject("owner");
        _json.WriteString("login", owner);
        _json.WriteString("type", "Organization");
        _json.WriteEndObject();
        _json.WriteString("html_url", "https://github.com/" + run.Repository);
        _json.WriteString("default_branch", "main");
        _json.WriteString("visibility", "public");
        _json.WriteEndObject();
        _json.WriteStartObject("organization");
        _json.WriteString("login", owner);
        _json.WriteEndObject();
        _json.WriteStartObject("sender");
        _json.WriteString("login", "demonstration[bot]");
        _json.WriteString("type", "Bot");
        _json.WriteEndObject();
    }

    private void WriteNullable(string name, string? value)
    {
        if (value is null)
        {
            _json.WriteNull(name);
        }
        else
        {
            _json.WriteString(name, value);
        }
    }
}
