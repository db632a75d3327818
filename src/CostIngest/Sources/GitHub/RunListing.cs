using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CiCost.CostIngest.Sources.Http;
using CiCost.CostIngest.Sources.Paging;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>
/// Lists the workflow runs that were created on a day. GitHub lists at most 1,000 for a filter and says nothing of the others
/// (https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository), so a day of that many is read by hours.
/// </summary>
internal sealed class RunListing(GitHubSession session, string repository)
{
    private const int PerPage = 100;
    private const int Cap = 1_000;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>All runs of a day.</summary>
    /// <param name="day">The day, UTC.</param>
    /// <param name="now">When the day goes on: the last instant to list, so that new runs do not shift the pages. Null for past
    /// days.</param>
    /// <exception cref="SourceException">An hour is full, or the pages do not fit together.</exception>
    public async Task<IReadOnlyList<WorkflowRun>> ReadAsync(DateOnly day, DateTimeOffset? now, CancellationToken cancellationToken)
    {
        var start = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var filter = now is { } last ? Between(start, last) : day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (await ListAsync(filter, isOpen: now is not null, mayDivide: true, cancellationToken).ConfigureAwait(false) is { } whole)
        {
            return whole;
        }

        List<WorkflowRun> runs = [];
        for (var hour = 0; hour < 24 && (now is null || start.AddHours(hour) <= now); hour++)
        {
            var from = start.AddHours(hour);
            var isOpen = now is { } until && until < from.AddHours(1);
            var to = isOpen ? now!.Value : from.AddHours(1).AddSeconds(-1);
            runs.AddRange(await ListAsync(Between(from, to), isOpen, mayDivide: false, cancellationToken).ConfigureAwait(false)
                ?? throw new SourceException("slice-full",
                    $"GitHub lists only {Cap} workflow runs of {repository} for the hour from "
                    + $"{from.ToString(TimeFormat, CultureInfo.InvariantCulture)}, and there may be more. Take this repository's jobs from webhooks instead."));
        }

        return runs;
    }

    private static string Between(DateTimeOffset from, DateTimeOffset to) =>
        string.Create(CultureInfo.InvariantCulture, $"{from.UtcDateTime.ToString(TimeFormat)}..{to.UtcDateTime.ToString(TimeFormat)}");

    /// <summary>The runs of a filter; null when there may be more than GitHub lists. A stated total is only believed where dividing
    /// costs no more than requests: it is not exact (above 2,500, says GitHub).</summary>
    private async Task<IReadOnlyList<WorkflowRun>?> ListAsync(
        string created, bool isOpen, bool mayDivide, CancellationToken cancellationToken)
    {
        var list = await PagedReading.ReadAsync(
            $"repos/{repository}/actions/runs?created={created}&per_page={PerPage}",
            async (address, isFresh, cancel) =>
            {
                // The address of an open slice never comes again, so its pages are not kept.
                var page = isOpen
                    ? await ReadOnceAsync(address, cancel).ConfigureAwait(false)
                    : await session.GetAsync(address, isFresh, a => JsonSerializer.SerializeToUtf8Bytes(Read(a)), cancel)
                        .ConfigureAwait(false);
                var kept = JsonSerializer.Deserialize<KeptPage>(page.Body.Span)!;
                return (new PageItems<WorkflowRun>(kept.Runs, kept.TotalCount), page.Next);
            },
            new PagedListRules<WorkflowRun>
            {
                Subject = $"The list of workflow runs of {repository} created {created}",
                KeyOf = r => r.Id.ToString(CultureInfo.InvariantCulture),
                PerPage = PerPage,
                Cap = Cap,
                StopsWhenStatedAboveCap = mayDivide,
            },
            cancellationToken).ConfigureAwait(false);
        return list.Items.Count >= Cap || (mayDivide && list.StatedTotal > Cap) ? null : list.Items;
    }

    private async Task<CachedPage> ReadOnceAsync(string address, CancellationToken cancellationToken)
    {
        var answer = await session.GetAsync(address, cancellationToken).ConfigureAwait(false);
        return new CachedPage("", LinkHeader.Next(answer, session.Endpoint), JsonSerializer.SerializeToUtf8Bytes(Read(answer)));
    }

    private static KeptPage Read(HttpAnswer answer)
    {
        using var document = answer.ReadJson();
        var runs = JsonParts.Objects(answer, document.RootElement, "workflow_runs").Select(r => new WorkflowRun(
            JsonParts.Number(answer, r, "id"),
            (int)Math.Clamp(JsonParts.TryNumber(r, "run_attempt") ?? 1, 1, int.MaxValue),
            JsonParts.TryText(r, "status") ?? "unknown",
            JsonParts.Text(answer, r, "updated_at")));
        return new KeptPage([.. runs], (int)Math.Clamp(JsonParts.TryNumber(document.RootElement, "total_count") ?? 0, 0, int.MaxValue));
    }

    private sealed record KeptPage(
        [property: JsonPropertyName("runs")] IReadOnlyList<WorkflowRun> Runs, [property: JsonPropertyName("total_count")] int TotalCount);
}
