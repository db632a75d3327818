using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;
using CiCost.CostIngest.Sources.Paging;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Buildkite;

/// <summary>
/// An offer is a day of builds by their creation: https://buildkite.com/docs/apis/rest-api/builds. The list without jobs says whether a
/// day changed; the builds with all their jobs, retried ones included, are fetched then. Job events join in any order and may repeat.
/// </summary>
internal sealed class BuildkiteSource(
    Func<SourceHttp> open, string organization, IReadOnlyList<string> pipelines, TimeProvider time) : ISource
{
    // A build of a large pipeline has hundreds of jobs of a few KB each, and a page is held in memory.
    private const int PerPageWithJobs = 20;
    private const int PerPage = 100;

    // Free text and variables that people set: they may hold what must not be kept.
    private static readonly HashSet<string> LeftOut = new(StringComparer.Ordinal) { "env", "meta_data" };

    private static readonly JsonWriterOptions Compact = new() { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private SourceHttp? _http;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var http = open();
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var last = months.Last.LastDay < today ? months.Last.LastDay : today;
        _http = http;
        try
        {
            for (var day = months.First.FirstDay; day <= last; day = day.AddDays(1))
            {
                foreach (var pipeline in pipelines.Count == 0 ? [null] : pipelines.Cast<string?>())
                {
                    if (await FindDayAsync(http, pipeline, day, now, cancellationToken).ConfigureAwait(false) is { } offer)
                    {
                        yield return offer;
                    }
                }
            }
        }
        finally
        {
            _http = null;
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        var day = (BuildDayOffer)offer;
        using var own = _http is null ? open() : null;
        var builds = await ListAsync(_http ?? own!, day.Address, day.From, day.To, withJobs: true, cancellationToken).ConfigureAwait(false);
        if (day.Builds.Except(builds.Select(b => b.Id), StringComparer.Ordinal).FirstOrDefault() is { } missing)
        {
            throw new SourceException("offer-changed",
                $"{day.Description}: build {missing} was listed a moment ago and is not there any more. Nothing was taken; the next run "
                + "lists the day anew.");
        }

        var path = Path.Combine(folder, $"buildkite-{day.Part.Replace('/', '~')}.jsonl.gz");
        var gzip = new GZipStream(new FileStream(path, FileMode.CreateNew, FileAccess.Write), CompressionLevel.Optimal);
        await using (gzip.ConfigureAwait(false))
        {
            foreach (var build in builds.OrderBy(b => b.Id, StringComparer.Ordinal))
            {
                await gzip.WriteAsync(build.Line, cancellationToken).ConfigureAwait(false);
                await gzip.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            }
        }

        return new FetchedDelivery([path]);
    }

    private async Task<BuildDayOffer?> FindDayAsync(
        SourceHttp http, string? pipeline, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var address = pipeline is null
            ? $"v2/organizations/{organization}/builds"
            : $"v2/organizations/{organization}/pipelines/{pipeline}/builds";
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

        // A day that goes on ends at this instant, so that new builds do not shift the pages.
        var to = from.AddDays(1) < now ? from.AddDays(1) : now;
        var builds = await ListAsync(http, address, from, to, withJobs: false, cancellationToken).ConfigureAwait(false);
        var name = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return builds.Count == 0 ? null : new BuildDayOffer
        {
            Month = BillingMonth.Of(day),
            Part = pipeline is null ? name : $"{pipeline}/{name}",
            Version = BuildDayOffer.VersionOf(builds),
            Description = $"Buildkite builds of {organization}{(pipeline is null ? "" : "/" + pipeline)}, {name}",
            Address = address,
            From = from,
            To = to,
            Builds = [.. builds.Select(b => b.Id)],
        };
    }

    private static async Task<IReadOnlyList<ListedBuild>> ListAsync(
        SourceHttp http, string address, DateTimeOffset from, DateTimeOffset to, bool withJobs, CancellationToken cancellationToken)
    {
        const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        var perPage = withJobs ? PerPageWithJobs : PerPage;
        var query = string.Create(CultureInfo.InvariantCulture,
            $"created_from={from.UtcDateTime.ToString(Format)}&created_to={to.UtcDateTime.ToString(Format)}&per_page={perPage}");
        var list = await PagedReading.ReadAsync(
            $"{address}?{query}&{(withJobs ? "include_retried_jobs=true" : "exclude_jobs=true&exclude_pipeline=true")}",
            async (page, _, cancel) =>
            {
                var answer = await http.GetAsync(page, cancel).ConfigureAwait(false);
                return (new PageItems<ListedBuild>(Read(answer, withJobs), null), LinkHeader.Next(answer, http.BaseAddress));
            },
            new PagedListRules<ListedBuild> { Subject = $"The list of builds at {address}", KeyOf = b => b.Id, PerPage = perPage },
            cancellationToken).ConfigureAwait(false);
        return list.Items;
    }

    private static List<ListedBuild> Read(HttpAnswer answer, bool withJobs)
    {
        using var document = answer.ReadJson();
        List<ListedBuild> builds = [];
        foreach (var build in JsonParts.Objects(answer, document.RootElement, null))
        {
            if (withJobs)
            {
                _ = JsonParts.Objects(answer, build, "jobs");
            }

            builds.Add(new ListedBuild(
                JsonParts.Text(answer, build, "id"),
                JsonParts.Text(answer, build, "state"),
                JsonParts.TryText(build, "finished_at"),
                withJobs ? OneLine(build) : []));
        }

        return builds;
    }

    private static byte[] OneLine(JsonElement build)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory, Compact))
        {
            writer.WriteStartObject();
            foreach (var field in build.EnumerateObject().Where(f => !LeftOut.Contains(f.Name)))
            {
                field.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return memory.ToArray();
    }
}
