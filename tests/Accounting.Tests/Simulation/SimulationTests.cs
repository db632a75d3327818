using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Simulation;

/// <summary>
/// Random events, in the long run more than 10,000, each of which asserts every property of the ledger: totals are those of a plain model now and as of any
/// earlier event, payable = consumption + credits + timing, attributed + unattributed = total, rollup = lines, a repetition or a refusal
/// changes nothing, a policy that returns gives the same answers, a rule that changes in mid-month conserves the total, and the order in
/// which independent scopes came in means nothing (the model has none).
/// </summary>
public sealed class SimulationTests
{
    private const int Lanes = 2;
    private const int EventsPerBook = 201;
    private static readonly int BookCount = Counts.Of(50);

    [Test]
    public async Task RandomEvents_InMemory_BooksSayWhatTheModelSays()
    {
        var histogram = new Histogram();
        var seed = Counts.Seed();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
        {
            for (var book = lane; book < BookCount; book += Lanes)
            {
                using var books = await BookFixture.OpenAsync();
                using var simulation = new Simulation(books, seed + book, histogram, alwaysThroughFiles: false);
                await simulation.RunAsync(EventsPerBook);
            }
        })));

        histogram.AssertEachAtLeast(5, BookCount * (EventsPerBook - 1));
    }

    /// <summary>On a disk at least 200 in every run.</summary>
    [Test]
    public async Task RandomEvents_OnDiskAndThroughFiles_BooksSayWhatTheModelSays()
    {
        var histogram = new Histogram();
        using var books = await BookFixture.OpenAsync(place: BookPlace.Disk);
        using var simulation = new Simulation(books, Counts.Seed(), histogram, alwaysThroughFiles: true);
        await simulation.RunAsync(220);

        histogram.AssertEachAtLeast(2, 200);
    }
}
