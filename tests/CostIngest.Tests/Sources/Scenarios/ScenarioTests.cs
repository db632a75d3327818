using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Sources.Scenarios;

/// <summary>
/// Seeded stories, 210 in the long run, of a provider that changes and of pulls that fail: after each run the books are whole, and when the provider has
/// settled one clean run makes them say exactly what books say that were never disturbed.
/// </summary>
public sealed class ScenarioTests
{
    private const int SeedsOfADecade = 10;

    [Test]
    public async Task Pull_AnyTrouble_LeavesBooksWholeAndConverges([Range(0, 20)] int decade)
    {
        HashSet<string> codes = new(StringComparer.Ordinal);
        for (var i = 0; i < Counts.Of(SeedsOfADecade); i++)
        {
            codes.UnionWith(await TellAsync((decade * SeedsOfADecade) + ((decade + i) % SeedsOfADecade)));
        }

        // One story may go well; not all of ten do.
        if (Counts.AreLong)
        {
            Assert.That(codes, Has.Count.AtLeast(4), string.Join(", ", codes));
        }
    }

    /// <summary>The stories are not about a provider that always behaves.</summary>
    [Test]
    public async Task Stories_OfFewSeeds_MeetManyTroubles()
    {
        HashSet<string> codes = new(StringComparer.Ordinal);
        for (var seed = 0; seed < SeedsOfADecade && codes.Count < 4; seed++)
        {
            codes.UnionWith(await TellAsync(seed));
        }

        Assert.That(codes, Has.Count.AtLeast(4), string.Join(", ", codes));
    }

    private static async Task<IReadOnlySet<string>> TellAsync(int seed)
    {
        var random = new Random(seed);
        await using IWorld world = (seed % 3) switch
        {
            0 => new BillWorld(SourceMode.Replace),
            1 => new BillWorld(SourceMode.Append),
            _ => await GitHubWorld.StartAsync(),
        };
        using var books = await BookFixture.OpenAsync();
        var scripted = new ScriptedSource(world.NewSource(), random) { Restate = () => world.Move(random) };
        var pulling = Pulling(books, scripted, world);
        HashSet<string> codes = new(StringComparer.Ordinal);
        for (var run = random.Next(3, 7); run >= 0; run--)
        {
            for (var moves = random.Next(1, 6); moves > 0; moves--)
            {
                world.Move(random);
            }

            world.Misbehave(true, random);
            scripted.Misbehaves = true;
            codes.UnionWith(await RunAsync(pulling, scripted, Months(world), together: random.Next(5) == 0));
            RequireWhole(books, world, seed);
            books.Time.Advance(TimeSpan.FromHours(1));
        }

        world.Misbehave(false, random);
        scripted.Misbehaves = false;
        var clean = await pulling.RunAsync("bill", Months(world), PullCause.Command, CancellationToken.None);
        Assert.That(clean.Failures.Select(f => f.Message), Is.Empty, $"seed {seed}");
        RequireWhole(books, world, seed);

        using var undisturbed = await BookFixture.OpenAsync();
        var once = await Pulling(undisturbed, world.NewSource(), world).RunAsync("bill", Months(world), PullCause.Command, CancellationToken.None);
        Assert.That(once.Failures.Select(f => f.Message), Is.Empty, $"seed {seed}");
        Assert.That(new BooksDigest(books.Books).OfNow(), Is.EqualTo(new BooksDigest(undisturbed.Books).OfNow()), $"seed {seed}");
        return codes;
    }

    private static PullSources Pulling(BookFixture books, ISource source, IWorld world)
    {
        var connector = new ScriptedConnector(source, world.Format, world.Mode);
        return SourceRig.Pulling(books, SourceRig.Catalogue(connector, "", new SourceServices(books.Time, Path.GetTempPath())));
    }

    private static MonthRange Months(IWorld world) => SourceRig.Range(world is BillWorld ? "2026-03..2026-05" : "2026-07");

    private static async Task<IEnumerable<string>> RunAsync(PullSources pulling, ScriptedSource scripted, MonthRange months, bool together)
    {
        using var stop = new CancellationTokenSource();
        scripted.Run = stop;
        if (!together)
        {
            return (await pulling.RunAsync("bill", months, PullCause.Command, stop.Token)).Failures.Select(f => f.Code);
        }

        var reached = new TaskCompletionSource();
        var released = new TaskCompletionSource();
        scripted.BeforeFetch = () =>
        {
            reached.TrySetResult();
            return released.Task;
        };
        var first = pulling.RunAsync("bill", months, PullCause.Command, stop.Token);
        List<string> codes = [];
        if (await Task.WhenAny(first, reached.Task) == reached.Task)
        {
            var refusal = Assert.ThrowsAsync<BooksException>(() => pulling.RunAsync("bill", months, PullCause.Command, CancellationToken.None))!;
            codes.Add(refusal.Code);
            Assert.That(refusal.Code, Is.EqualTo("source-busy"));
        }

        released.SetResult();
        scripted.BeforeFetch = null;
        return codes.Concat((await first).Failures.Select(f => f.Code));
    }

    private static void RequireWhole(BookFixture books, IWorld world, int seed)
    {
        // The policy has no rates, so hours of jobs are worth nothing: that is not about pulling.
        Assert.That(books.FailingChecks().Except(["JobHoursHaveAValue"]), Is.Empty, $"seed {seed}");
        var directory = new DeliveryDirectory(books.Books);
        foreach (var delivery in directory.List().Where(d => d.SupersededBy is null))
        {
            Assert.That(world.EverHeld(delivery.BillingMonth, delivery.Part, delivery.RowCount), Is.True,
                $"seed {seed}: {delivery.BillingMonth} {delivery.Part} with {delivery.RowCount} rows was never at the provider");
        }
    }
}
