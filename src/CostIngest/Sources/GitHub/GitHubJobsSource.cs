using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>
/// An offer is a repository's day: the jobs of all runs that were created on it. Its version is what the list says of those runs, so a
/// day is fetched again when one of them went on, ended or was run again; the jobs of runs that had ended before come from the shelf.
/// Job events join in any order and may repeat, so a day that goes on is taken as far as it is.
/// </summary>
internal sealed class GitHubJobsSource(
    GitHubAccess access, IReadOnlyList<string> repositories, string? organization, int settledAfterDays, SourceServices services) : ISource
{
    // What is true of the repository, and not of GitHub as a whole; a renamed one is redirected.
    private static readonly HashSet<string> OfOneRepository = new(StringComparer.Ordinal)
    {
        "access-denied", "not-found-at-provider", "redirect-refused", "request-refused",
    };

    private readonly JobShelf _shelf = new(Path.Combine(services.StateFolder, "jobs"));
    private readonly SettledDays _settled = new(Path.Combine(services.StateFolder, "settled"));
    private GitHubSession? _session;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var session = access.Open();
        session.PruneCache();
        var now = services.Time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        _shelf.Prune(Earlier(today.AddDays(-settledAfterDays - 62), months.First.FirstDay));
        _session = session;
        try
        {
            var names = organization is null
                ? repositories
                : await RepositoryList.ReadAsync(session, organization, cancellationToken).ConfigureAwait(false);
            HashSet<string> refused = new(StringComparer.Ordinal);
            for (var day = months.First.FirstDay; day <= Earlier(months.Last.LastDay, today); day = day.AddDays(1))
            {
                foreach (var repository in names.Where(n => !refused.Contains(n)))
                {
                    var offer = await FindDayAsync(session, repository, day, now, cancellationToken).ConfigureAwait(false);
                    if (offer?.Refusal is { } refusal && OfOneRepository.Contains(refusal.Code))
                    {
                        refused.Add(repository);
                    }

                    if (offer is not null)
                    {
                        yield return offer;
                    }
                }
            }
        }
        finally
        {
            _session = null;
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        var day = (JobDayOffer)offer;
        if (day.Refusal is { } refusal)
        {
            throw new SourceException(refusal.Code, refusal.Message, refusal);
        }

        using var own = _session is null ? access.Open() : null;
        var jobs = new RunJobs(_session ?? own!, day.Repository);
        var shelf = _shelf.Open(day.Repository, day.Day);
        var name = $"{day.Repository.Replace('/', '~')}-{day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.jsonl.gz";
        var path = Path.Combine(folder, name);
        var rows = 0L;
        var gzip = new GZipStream(new FileStream(path, FileMode.CreateNew, FileAccess.Write), CompressionLevel.Optimal);
        await using (gzip.ConfigureAwait(false))
        {
            foreach (var run in day.Runs.OrderBy(r => r.Id))
            {
                var lines = run.IsCompleted ? shelf.Find(run) : null;
                lines ??= await AskAsync(jobs, shelf, run, cancellationToken).ConfigureAwait(false);
                foreach (var line in lines)
                {
                    await gzip.WriteAsync(line, cancellationToken).ConfigureAwait(false);
                    await gzip.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
                    rows++;
                }
            }
        }

        return new FetchedDelivery([path], rows);
    }

    private static async Task<IReadOnlyList<byte[]>> AskAsync(
        RunJobs jobs, JobShelf.ShelfDay shelf, WorkflowRun run, CancellationToken cancellationToken)
    {
        IReadOnlyList<RunJob> read;
        try
        {
            read = await jobs.ReadAsync(run, cancellationToken).ConfigureAwait(false);
        }
        catch (SourceException exception) when (exception.Code == "not-found-at-provider")
        {
            throw new SourceException("offer-changed",
                $"Run {run.Id} was listed a moment ago and is not there any more. Nothing was taken of its day; the next run lists "
                + "it anew.", exception);
        }

        byte[][] lines = [.. read.OrderBy(j => j.Id).Select(j => j.Line)];
        if (run.IsCompleted && read.All(j => j.IsCompleted))
        {
            shelf.Store(run, lines);
        }

        return lines;
    }

    private async Task<JobDayOffer?> FindDayAsync(
        GitHubSession session, string repository, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var empty = new JobDayOffer
        {
            Repository = repository,
            Day = day,
            Month = BillingMonth.Of(day),
            Part = $"{repository}/{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
            Version = "refused",
            Description = $"GitHub jobs of {repository}, {day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
        };
        try
        {
            var isSettled = day.AddDays(settledAfterDays) < today;
            var runs = (isSettled ? _settled.Find(repository, day) : null)
                ?? await new RunListing(session, repository).ReadAsync(day, day == today ? now : null, cancellationToken)
                    .ConfigureAwait(false);
            if (isSettled && runs.All(r => r.IsCompleted))
            {
                _settled.Store(repository, day, runs);
            }

            return runs.Count == 0 ? null : empty with { Version = WorkflowRun.VersionOf(runs, now), Runs = runs };
        }
        catch (SourceException exception) when (exception.Code == "slice-full" || OfOneRepository.Contains(exception.Code))
        {
            return empty with { Refusal = exception };
        }
    }

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;
}
