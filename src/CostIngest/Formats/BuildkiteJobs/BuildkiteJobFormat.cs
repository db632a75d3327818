using System.Collections.Frozen;
using System.Text.Json;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;
using CiCost.CostIngest.Formats.GitHubJobs;
using CiCost.Domain.JobCosting;

namespace CiCost.CostIngest.Formats.BuildkiteJobs;

/// <summary>
/// Buildkite's jobs: builds of the REST API with their jobs, webhook payloads, and jobs that carry their build, one JSON value after
/// another or in lists. Fields: https://buildkite.com/docs/apis/rest-api/builds and https://buildkite.com/docs/apis/webhooks.
/// </summary>
public sealed class BuildkiteJobFormat : IJobFormat
{
    /// <summary>Not the host of the repository, which only some payloads tell: the key of a job run must not depend on the payload.</summary>
    private const string Host = "buildkite.com";

    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true, MaxDepth = 32 };

    /// <summary>Only these run on an agent; waiters, blocks and triggers hold none.</summary>
    private static readonly FrozenSet<string> CommandTypes = new[] { "script", "command", "JobTypeCommand" }.ToFrozenSet();

    /// <summary>Job states, https://buildkite.com/docs/pipelines/configure/defining-steps#job-states.</summary>
    private static readonly FrozenDictionary<string, (JobStatus Status, string? Conclusion)> States =
        new Dictionary<string, (JobStatus, string?)>
        {
            ["pending"] = (JobStatus.Queued, null),
            ["scheduled"] = (JobStatus.Queued, null),
            ["assigned"] = (JobStatus.Queued, null),
            ["accepted"] = (JobStatus.Queued, null),
            ["reserved"] = (JobStatus.Queued, null),
            ["waiting"] = (JobStatus.Waiting, null),
            ["waiting_failed"] = (JobStatus.Waiting, null),
            ["blocked"] = (JobStatus.Waiting, null),
            ["blocked_failed"] = (JobStatus.Waiting, null),
            ["limiting"] = (JobStatus.Waiting, null),
            ["limited"] = (JobStatus.Waiting, null),
            ["platform_limiting"] = (JobStatus.Waiting, null),
            ["platform_limited"] = (JobStatus.Waiting, null),
            ["running"] = (JobStatus.InProgress, null),
            ["canceling"] = (JobStatus.InProgress, null),
            ["timing_out"] = (JobStatus.InProgress, null),
            ["finished"] = (JobStatus.Completed, null),
            ["passed"] = (JobStatus.Completed, "success"),
            ["failed"] = (JobStatus.Completed, "failure"),
            ["canceled"] = (JobStatus.Completed, "cancelled"),
            ["timed_out"] = (JobStatus.Completed, "timed_out"),
            ["expired"] = (JobStatus.Completed, "expired"),
            ["skipped"] = (JobStatus.Completed, "skipped"),
            ["broken"] = (JobStatus.Completed, "skipped"),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Kind => "buildkite-jobs";

    /// <inheritdoc/>
    public int MappingVersion => 1;

    /// <inheritdoc/>
    public IEnumerable<JobEvent> Read(ContentObject content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var stream = content.Open();
        var values = new JsonValues(stream, Options);
        var row = 0L;
        while (Next(values, content.Name, row) is { } document)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (document)
            {
                foreach (var read in EventsIn(document.RootElement, content.Name, row))
                {
                    row++;
                    yield return read;
                }
            }
        }
    }

    private static JsonDocument? Next(JsonValues values, string file, long row)
    {
        try
        {
            return values.Next();
        }
        catch (JsonException e)
        {
            throw BuildkiteFields.Rejected(file, row + 1, "", "not-json", BuildkiteFields.Cut(e.Message),
                "The file is not JSON from here on. Deliver it again, whole.");
        }
    }

    private static List<JobEvent> EventsIn(JsonElement root, string file, long rows)
    {
        List<JobEvent> events = [];
        try
        {
            foreach (var (job, build, pipeline) in JobsIn(root))
            {
                var row = rows + events.Count + 1;
                if (job.ValueKind != JsonValueKind.Object)
                {
                    throw BuildkiteFields.Rejected(file, row, "", "not-a-job", BuildkiteFields.Cut(BuildkiteFields.RawOf(job)),
                        "A build with its jobs, a webhook payload or a job is expected here.");
                }

                var fields = new BuildkiteFields(job, file, row);
                if (CommandTypes.Contains(fields.TryText("type") ?? fields.TryText("__typename") ?? "script"))
                {
                    events.Add(ToEvent(fields, new BuildkiteFields(build, file, row), new BuildkiteFields(pipeline, file, row), file, row));
                }
            }

            return events;
        }
        catch (InvalidOperationException)
        {
            throw BuildkiteFields.Rejected(file, rows + events.Count + 1, "", "not-json", "",
                "A text of this job is not Unicode. Deliver the file again, as Buildkite sends it.");
        }
    }

    private static IEnumerable<(JsonElement Job, JsonElement? Build, JsonElement? Pipeline)> JobsIn(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.EnumerateArray().SelectMany(JobsIn);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return [(root, null, null)];
        }

        var build = Property(root, "build");
        if (Property(root, "jobs") is { ValueKind: JsonValueKind.Array } jobs)
        {
            return jobs.EnumerateArray().Select(j => (j, (JsonElement?)root, Property(root, "pipeline")));
        }

        var pipeline = Property(root, "pipeline") ?? (build is { ValueKind: JsonValueKind.Object } inside ? Property(inside, "pipeline") : null);
        return [(Property(root, "job") is { ValueKind: JsonValueKind.Object } job ? job : root, build, pipeline)];
    }

    private static JsonElement? Property(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JobEvent ToEvent(BuildkiteFields job, BuildkiteFields build, BuildkiteFields pipeline, string file, long row)
    {
        // In GraphQL the id is another one, and the UUID stands beside it.
        var uuid = job.Field("uuid") is null ? job.Uuid("id") : job.Uuid("uuid");
        var (status, conclusion) = StateOf(job, file, row);
        var commit = build.TryText("commit");
        return new JobEvent
        {
            // A retry is a job of its own with a UUID of its own, so each is a first attempt.
            Key = new JobRunKey("buildkite", Host, BuildkiteJobId.Of(uuid), 1),
            RunId = build.Int64("number"),
            Repository = RepositoryOf(pipeline, build),
            Workflow = pipeline.Text("slug"),
            Name = job.TryText("name") ?? job.TryText("label") ?? job.TryText("step_key") ?? "(without a label)",
            HeadBranch = build.TryText("branch"),
            HeadSha = commit == "HEAD" ? null : commit,
            Status = status,
            Conclusion = conclusion,
            CreatedSeconds = job.TryTime("created_at"),
            StartedSeconds = job.TryTime("started_at"),
            CompletedSeconds = job.TryTime("finished_at") ?? job.TryTime("canceled_at"),
            Labels = job.Texts("agent_query_rules"),
            RunnerName = job.Inside("agent").TryText("name"),
            NativeId = uuid.ToString("D"),
        };
    }

    private static (JobStatus Status, string? Conclusion) StateOf(BuildkiteFields job, string file, long row)
    {
        var text = job.Text("state");
        if (!States.TryGetValue(text.ToLowerInvariant(), out var state))
        {
            throw BuildkiteFields.Rejected(file, row, "state", "unknown-status", BuildkiteFields.Cut(text),
                $"Known are {string.Join(", ", States.Keys.Order(StringComparer.Ordinal))}.");
        }

        return state is (JobStatus.Completed, null)
            ? (JobStatus.Completed, job.TryFlag("passed") is { } passed ? (passed ? "success" : "failure") : null)
            : state;
    }

    /// <summary>
    /// <c>owner/name</c> of <c>git@github.com:owner/name.git</c> or <c>https://github.com/owner/name.git</c>; else the pipeline's own
    /// <c>organisation/slug</c>, from its address.
    /// </summary>
    private static string RepositoryOf(BuildkiteFields pipeline, BuildkiteFields build)
    {
        var address = pipeline.Field("repository") is { ValueKind: JsonValueKind.Object }
            ? pipeline.Inside("repository").TryText("url")
            : pipeline.TryText("repository");
        var path = address is null ? null
            : Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.AbsolutePath
            : address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var parts = path?.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (parts.Length >= 2)
        {
            return $"{parts[^2]}/{(parts[^1].EndsWith(".git", StringComparison.Ordinal) ? parts[^1][..^4] : parts[^1])}";
        }

        // https://buildkite.com/ORGANISATION/PIPELINE/builds/NUMBER
        var web = build.TryText("web_url");
        return web is not null && Uri.TryCreate(web, UriKind.Absolute, out var page)
            && page.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var organisation, var slug, ..]
                ? $"{organisation}/{slug}"
                : throw pipeline.Missing("repository", "the address of a repository");
    }
}
