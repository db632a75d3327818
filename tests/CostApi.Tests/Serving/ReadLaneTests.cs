using CiCost.CostApi.Hosting;
using CiCost.Ledger;

namespace CiCost.CostApi.Tests.Serving;

/// <summary>A few readers at a time, a queue of fixed length, and lanes beside it for who must not wait.</summary>
public sealed class ReadLaneTests
{
    private const int MostWaiting = 128;
    private static readonly string[] OtherLanes =
        ["/health/live", "/health/ready", "/v1/hooks/github", "/v1/schedule/bill/runs", "/cicost.css", "/reports/board-2026-07.pdf"];

    private static readonly int Readers = Math.Max(2, Environment.ProcessorCount);

    [Test]
    public async Task Answers_BeyondTheQueue_AreToldToComeBack_AndOthersPass()
    {
        using var lane = new ReadLane();
        var held = new TaskCompletionSource();
        var running = 0;
        var most = 0;
        using var begun = new SemaphoreSlim(0);
        Task Answer(HttpContext _)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            begun.Release();
            return held.Task.ContinueWith(_ => Interlocked.Decrement(ref running), TaskScheduler.Default);
        }

        var waiting = Enumerable.Range(0, Readers + MostWaiting).Select(_ => lane.RunAsync(Ask("/v1/costs"), Answer)).ToList();
        for (var reader = 0; reader < Readers; reader++)
        {
            await begun.WaitAsync();
        }

        var refused = Ask("/v1/explain");
        var refusal = Assert.ThrowsAsync<BooksException>(() => lane.RunAsync(refused, Answer));
        foreach (var path in OtherLanes)
        {
            await lane.RunAsync(Ask(path), _ => Task.CompletedTask).WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Multiple(() =>
        {
            Assert.That(refusal!.Code, Is.EqualTo("server-busy"));
            Assert.That(refused.Response.Headers.RetryAfter.ToString(), Is.EqualTo("2"));
            Assert.That(lane.Busy, Is.EqualTo(Readers + MostWaiting));
        });
        held.SetResult();
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.That((most, lane.Busy), Is.EqualTo((Readers, 0L)));
    }

    [Test]
    public async Task Caller_WhoLeavesWhileWaiting_GivesItsPlaceBack()
    {
        using var lane = new ReadLane();
        var held = new TaskCompletionSource();
        var busy = Enumerable.Range(0, Readers).Select(_ => lane.RunAsync(Ask("/"), _ => held.Task)).ToList();
        using var leaves = new CancellationTokenSource();
        var gone = Ask("/v1/costs");
        gone.RequestAborted = leaves.Token;
        var waiting = lane.RunAsync(gone, _ => Task.CompletedTask);
        await leaves.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(lane.Busy, Is.EqualTo(Readers));
        held.SetResult();
        await Task.WhenAll(busy);
    }

    private static DefaultHttpContext Ask(string path) => new() { Request = { Path = path } };
}
