using Microsoft.Extensions.Hosting;

namespace CiCost.CostApi.Hosting;

/// <summary>Gives memory back to the system once a burst of answers is over: the collector keeps what it had for the next one, which may never
/// come. Once after each burst; a server that answers now and then is left alone.</summary>
internal sealed class IdleMemory(ReadLane lane, ApiHostOptions options) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, options.Time);
        var (seen, collected) = (0L, 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            var answered = lane.Answered;
            if (lane.Busy == 0 && answered == seen && answered != collected)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                collected = answered;
            }

            seen = answered;
        }
    }
}
