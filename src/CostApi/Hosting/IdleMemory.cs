using Microsoft.Extensions.Hosting;

namespace CiCost.CostApi.Hosting;

/// <summary>Gives memory back to the system once a burst of answers is over: the collector keeps what it had for the next one, which may never
/// come.</summary>
internal sealed class IdleMemory(ReadLane lane, ApiHostOptions options) : BackgroundService
{
    private const long WorthGivingBackBytes = 64L * 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, options.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            var memory = GC.GetGCMemoryInfo();
            if (lane.Busy == 0 && memory.TotalCommittedBytes - GC.GetTotalMemory(forceFullCollection: false) > WorthGivingBackBytes)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }
}
