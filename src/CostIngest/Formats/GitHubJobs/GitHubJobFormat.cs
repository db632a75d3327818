using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.GitHubJobs;

/// <summary>
/// GitHub's <c>workflow_job</c>: webhook payloads, REST pages (<c>{"jobs": [...]}</c>) and bare jobs, one JSON value after another, on
/// one line each or not. Fields: https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_job.
/// </summary>
public sealed class GitHubJobFormat : IJobFormat
{
    /// <summary>Before this a time is none: unfinished jobs carry epoch timestamps (pytorch-fdn/ci-reports).</summary>
    private static readonly long FirstMeantSeconds = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>RFC 3339 with a T, as GitHub writes it; a fraction of a second may stand there.</summary>
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true, MaxDepth = MaxDepth };

    /// <summary>The most levels of a value.</summary>
    public const int MaxDepth = 32;

    /// <inheritdoc/>
    public string Kind => "github-jobs";

    /// <inheritdoc/>
    public int MappingVersion => 1;

    /// <inheritdoc/>
    public IEnumerable<JobEvent> Read(ContentObject content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var stream = content.Open();
        var values = new JsonValues(stream, Options);
        var row = 0L;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            JsonDocument? document;
            try
            {
                document = values.Next();
            }
            catch (JsonException e)
            {
                throw Rejected(content.Name, row + 1, "", "not-json", Cut(e.Message),
                    "The file is not JSON from here on. Deliver it again, whole.");
            }

            if (document is null)
            {
                yield break;
            }

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

    /// <summary>The events of one value, after so many rows.</summary>
    private static List<JobEvent> EventsIn(JsonElement root, string file, long rows)
    {
        List<JobEvent> events = [];
        try
        {
            foreach (var (job, envelope) in JobsIn(root))
            {
                events.Add(ToEvent(job, envelope, file, rows + events.Count + 1));
            }

            return events;
        }
        catch (InvalidOperationException)
        {
            // Looking a field up unescapes the names beside it.
            throw Rejected(file, rows + events.Count + 1, "", "not-json", "",
                "The name of a field here is not Unicode. Deliver the file again, as GitHub sends it.");
        }
    }

    private static IEnumerable<(JsonElement Job, JsonElement? Envelope)> JobsIn(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.EnumerateArray().SelectMany(JobsIn);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return [(root, null)];
        }

        if (root.TryGetProperty("workflow_job", out var job))
        {
            return [(job, root)];
        }

        return root.TryGetProperty("jobs", out var jobs) && jobs.ValueKind == JsonValueKind.Array
            ? jobs.EnumerateArray().Select(j => (j, (JsonElement?)null))
            : [(root, null)];
    }

    private static JobEvent ToEvent(JsonElement job, JsonElement? envelope, string file, long row)
    {
        if (job.ValueKind != JsonValueKind.Object)
        {
            throw Rejected(file, row, "", "not-a-job", Cut(RawOf(job)),
                "A workflow_job payload, a page of jobs or a job is expected here.");
        }

        var fields = new JobFields(job, file, row);
        var (host, repository) = fields.Repository(envelope);
        return new JobEvent
        {
            Key = new JobRunKey("github", host, fields.Int64("id"), fields.Attempt()),
            RunId = fields.Int64("run_id"),
            Repository = repository,
            Workflow = fields.TryText("workflow_name"),
            Name = fields.Text("name"),
            HeadBranch = fields.TryText("head_branch"),
            HeadSha = fields.TryText("head_sha"),
            Status = fields.Text("status") switch
            {
                "completed" => JobStatus.Completed,
                "in_progress" => JobStatus.InProgress,
                "waiting" or "pending" or "requested" => JobStatus.Waiting,
                "queued" => JobStatus.Queued,
                var other => throw Rejected(file, row, "status", "unknown-status", other,
                    "Known are queued, waiting, pending, requested, in_progress and completed."),
            },
            Conclusion = fields.TryText("conclusion"),
            CreatedSeconds = fields.TryTime("created_at"),
            StartedSeconds = fields.TryTime("started_at"),
            CompletedSeconds = fields.TryTime("completed_at"),
            Labels = fields.Labels(),
            RunnerName = fields.Runner(),
            RunnerGroup = fields.TryText("runner_group_name"),
            NeverHadRunner = fields.NeverHadRunner(),
        };
    }

    internal static DeliveryRejectedException Rejected(string file, long row, string column, string rule, string value, string message) =>
        new([new RowError(file, row, column, rule, value, message)]);

    /// <summary>As it stands in the file, with a mark for what is not UTF-8.</summary>
    private static string RawOf(JsonElement value) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "...";

    /// <summary>The fields of one job, with what is wrong said by file, row and field.</summary>
    private readonly struct JobFields(JsonElement job, string file, long row)
    {
        public long Int64(string name) => TryInt64(name) ?? throw Missing(name, "a whole number");

        public long? TryInt64(string name) => Field(name) is { ValueKind: JsonValueKind.Number } n && n.TryGetInt64(out var value)
            ? value
            : Field(name) is null ? null : throw Missing(name, "a whole number");

        public int Attempt() => TryInt64("run_attempt") switch
        {
            null => 1,
            >= 1 and <= int.MaxValue and var attempt => (int)attempt,
            _ => throw Missing("run_attempt", "a whole number from 1"),
        };

        public string Text(string name) => TryText(name) ?? throw Missing(name, "a text");

        public string? TryText(string name) => Field(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text when TextOf(text) is { } value => value,
            _ => throw Missing(name, "a text"),
        };

        public long? TryTime(string name)
        {
            if (TryText(name) is not { } text)
            {
                return null;
            }

            if (!DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                throw Rejected(file, row, name, "bad-time", Cut(text), "A time such as 2026-07-01T12:00:00Z is expected.");
            }

            var seconds = time.ToUnixTimeSeconds();
            return seconds < FirstMeantSeconds ? null : seconds;
        }

        public System.Collections.Immutable.ImmutableArray<string> Labels() => Field("labels") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list
                when list.EnumerateArray().All(l => l.ValueKind == JsonValueKind.String && TextOf(l) is not null) =>
                [.. list.EnumerateArray().Select(l => l.GetString()!)],
            _ => throw Missing("labels", "a list of texts"),
        };

        /// <summary>The runner's name; one that has none goes by its id.</summary>
        public string? Runner() => TryText("runner_name") is var name && string.IsNullOrWhiteSpace(name) && TryInt64("runner_id") is { } id and not 0
            ? string.Create(CultureInfo.InvariantCulture, $"#{id}")
            : name;

        /// <summary>
        /// GitHub names the runner of a job by id and name: null until one has it, and 0 and "" in jobs that ended without one. Times
        /// stand there all the same. Of a file without these fields, only a job that succeeded had one for sure.
        /// </summary>
        public bool NeverHadRunner() => string.IsNullOrWhiteSpace(Runner())
            && (Has("runner_id") || Has("runner_name") || TryText("conclusion") != "success");

        /// <summary>From the payload's repository, else from the run's address: https://HOST/repos/OWNER/NAME/actions/...</summary>
        public (string Host, string Repository) Repository(JsonElement? envelope)
        {
            var address = TryText("run_url") ?? TryText("url");
            var uri = address is null || !Uri.TryCreate(address, UriKind.Absolute, out var parsed) ? null : parsed;
            var host = uri is null || uri.Host == "api.github.com" ? "github.com" : uri.Host;
            if (envelope is { } payload && payload.TryGetProperty("repository", out var repository)
                && repository.ValueKind == JsonValueKind.Object && repository.TryGetProperty("full_name", out var name)
                && name.ValueKind == JsonValueKind.String && TextOf(name) is { } fullName)
            {
                return (host, fullName);
            }

            var parts = uri?.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [];
            var at = Array.IndexOf(parts, "repos");
            return at >= 0 && at + 2 < parts.Length
                ? (host, $"{parts[at + 1]}/{parts[at + 2]}")
                : throw Missing("run_url", "an address with /repos/OWNER/NAME/, or a repository in the payload");
        }

        /// <summary>Null where the text is not Unicode: JSON that parses may still hold such bytes and half of a surrogate pair.</summary>
        private static string? TextOf(JsonElement text)
        {
            try
            {
                return text.GetString();
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }

        private bool Has(string name) => job.ValueKind == JsonValueKind.Object && job.TryGetProperty(name, out _);

        private JsonElement? Field(string name) =>
            job.ValueKind == JsonValueKind.Object && job.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
                ? value
                : null;

        private DeliveryRejectedException Missing(string name, string what) => Rejected(file, row, name, "bad-field",
            Field(name) is { } value ? Cut(RawOf(value)) : "", $"The job has no {name} that is {what}. Deliver it as GitHub sends it.");
    }
}
