using CiCost.Accounting.Jobs;
using CiCost.CostApi.Hosting;
using CiCost.CostApi.Webhooks;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Ledger;
using CiCost.Policy.Sources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace CiCost.CostApi.Scheduling;

/// <summary>Runs the schedule as long as the server runs.</summary>
internal sealed class ScheduleService(ApiHostOptions options, BooksAccess access, HookInbox inbox, WriteAccess writes, ILoggerFactory logging)
    : IHostedService, IAsyncDisposable
{
    private QuartzSchedule? _schedule;
    private FileStream? _lock;

    /// <summary>The schedule.</summary>
    /// <exception cref="BooksException">This server has none, or it is not running.</exception>
    public IPullSchedule Schedule => !options.HasSchedule
        ? throw new BooksException("schedule-missing",
            "This server pulls nothing: start 'cicost serve' with --sources FILE, or where a sources.yaml is.")
        : IsDown || _schedule is null
            ? throw new BooksException("schedule-down", "The schedule does not run. The server's log says why; start the server again.")
            : _schedule;

    /// <summary>Should it run, and does not?</summary>
    public bool IsDown => options.HasSchedule && _schedule?.Scheduler.Status != SchedulerStatus.Running;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.HasSchedule)
        {
            return;
        }

        RequireSecret();
        var open = await access.OpenAsync(cancellationToken, create: true).ConfigureAwait(false);
        _lock = await ScheduleFiles.LockAsync(options.Database, options.Time, cancellationToken).ConfigureAwait(false);
        try
        {
            writes.Prepare();
            var pulls = await PullsAsync(open, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<IRecurringTask> tasks =
                options.GitHubHook is { } hook ? [new BookHooks(inbox, new EventsAside(options.Database), open.BookDelivery(), hook)] : [];
            _schedule = await QuartzSchedule.OpenAsync(open.Books.Path, pulls, tasks, options.Time, logging, cancellationToken)
                .ConfigureAwait(false);
            await _schedule.StartAsync(tasks, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_schedule is { } schedule)
        {
            _schedule = null;
            await schedule.DisposeAsync().ConfigureAwait(false);
        }

        _lock?.Dispose();
        _lock = null;
    }

    /// <summary>For a server whose start failed after this one's: then nobody stops it.</summary>
    public ValueTask DisposeAsync() => new(StopAsync(CancellationToken.None));

    /// <summary>A secret that is not there is noticed now, and not at the first delivery.</summary>
    private void RequireSecret()
    {
        try
        {
            _ = options.GitHubHook?.Secret.Read();
        }
        catch (SecretException exception)
        {
            throw new BooksException("hook-secret", exception.Message);
        }
    }

    private async Task<IPulls> PullsAsync(OpenBooks open, CancellationToken cancellationToken)
    {
        if (options.Pulls is { } make)
        {
            return make(open.Books);
        }

        if (options.SourcesFile is not { } file)
        {
            return new NoPulls();
        }

        var pulls = PullSources.Open(open.Books, file, open.BookDelivery());
        await pulls.RegisterAsync(cancellationToken).ConfigureAwait(false);
        return new BookedPulls(pulls);
    }
}
