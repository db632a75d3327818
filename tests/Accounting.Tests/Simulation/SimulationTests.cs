using System.Globalization;
using System.Security.Cryptography;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Simulation;

/// <summary>
/// At least 10,000 random events, each of which asserts every property of the ledger: totals are those of a plain model now and as of any
/// earlier event, payable = consumption + credits + timing, attributed + unattributed = total, rollup = lines, a repetition or a refusal
/// changes nothing, a policy that returns gives the same answers, a rule that changes in mid-month conserves the total, and the order in
/// which independent scopes came in means nothing (the model has none).
/// </summary>
public sealed class SimulationTests
{
    private const string ReplayVariable = "CICOST_REPLAY";
    private const int Lanes = 2;
    private const int BookCount = 50;
    private const int EventsPerBook = 201;

    [Test]
    public async Task RandomEvents_InMemory_BooksSayWhatTheModelSays()
    {
        var histogram = new Histogram();
        var seed = Seed();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
        {
            for (var book = lane; book < BookCount; book += Lanes)
            {
                using var books = await BookFixture.OpenAsync();
                using var simulation = new Simulation(books, seed + book, histogram, alwaysThroughFiles: false);
                await simulation.RunAsync(EventsPerBook);
            }
        })));

        histogram.AssertEachAtLeast(5, 10_000);
    }

    [Test]
    public async Task RandomEvents_OnDiskAndThroughFiles_BooksSayWhatTheModelSays()
    {
        var histogram = new Histogram();
        using var books = await BookFixture.OpenAsync(place: BookPlace.Disk);
        using var simulation = new Simulation(books, Seed(), histogram, alwaysThroughFiles: true);
        await simulation.RunAsync(220);

        histogram.AssertEachAtLeast(2, 200);
    }

    private static int Seed()
    {
        var given = Environment.GetEnvironmentVariable(ReplayVariable);
        var seed = string.IsNullOrEmpty(given) ? RandomNumberGenerator.GetInt32(int.MaxValue / 2)
            : int.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"replay with {ReplayVariable}={seed}; a failure names the seed of its book");
        return seed;
    }
}
