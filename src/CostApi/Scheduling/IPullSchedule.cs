using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;

namespace CiCost.CostApi.Scheduling;

/// <summary>The schedule of pulls as endpoints and commands see it. All of it is in one file and survives a restart.</summary>
public interface IPullSchedule : IAsyncDisposable
{
    /// <summary>Every configured source and when it runs next.</summary>
    Task<IReadOnlyList<ScheduledSource>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Asks for a run as soon as the scheduler is free, also of a paused source. The same question again, while it waits, adds
    /// nothing.</summary>
    /// <param name="sourceKey">The source.</param>
    /// <param name="months">The months; null takes those of a scheduled run.</param>
    /// <param name="cause">Who asks.</param>
    /// <param name="cancellationToken">Ends the question, not the run.</param>
    /// <exception cref="BooksException">There is no such source.</exception>
    Task RequestRunAsync(string sourceKey, MonthRange? months, PullCause cause, CancellationToken cancellationToken);

    /// <summary>Keeps a source from running by its schedule; a run that goes on ends as it would.</summary>
    /// <exception cref="BooksException">There is no such source.</exception>
    Task PauseAsync(string sourceKey, CancellationToken cancellationToken);

    /// <summary>Lets a source run by its schedule again; what it missed is made up for by one run.</summary>
    /// <exception cref="BooksException">There is no such source.</exception>
    Task ResumeAsync(string sourceKey, CancellationToken cancellationToken);
}

/// <summary>A source in the schedule.</summary>
/// <param name="Key">The source.</param>
/// <param name="Connector">How it is pulled.</param>
/// <param name="Cron">When, as a cron expression with seconds in UTC; null for on request only.</param>
/// <param name="JitterMinutes">A run starts up to so many minutes later.</param>
/// <param name="NextRunAt">When it runs next; null when it is paused, or not scheduled.</param>
/// <param name="IsPaused">Is it kept from running by its schedule?</param>
/// <param name="IsRunning">Does the scheduler run it now?</param>
public sealed record ScheduledSource(
    string Key, string Connector, string? Cron, int JitterMinutes, DateTimeOffset? NextRunAt, bool IsPaused, bool IsRunning);
