using System.Collections.Concurrent;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Kills;

/// <summary>All kills of a test run. Bills and books are made here; nothing is read but the policy that the program ships.</summary>
/// <param name="root">Where the books go.</param>
/// <param name="seed">Of the random moments.</param>
internal sealed class KillCampaign(string root, int seed)
{
    /// <summary>Kills at each named fail point: at least one in every run.</summary>
    public static readonly int KillsPerPoint = Counts.Of(5);

    /// <summary>Kills at random moments.</summary>
    public static readonly int RandomKills = Counts.Of(25);

    private const int SmallRows = 2_000;
    private const int LargeRows = 60_000;

    /// <summary>Every fail point with the scenarios that reach it, and whether a transaction with writes is open there.</summary>
    private static readonly (string Point, string[] Scenarios, bool IsInside)[] Points =
    [
        ("object.after-rename", ["first", "restated", "empty"], false),
        ("booking.begun", ["first", "restated", "empty"], true),
        ("booking.mid-rows", ["large-first", "large-restated"], true),
        ("booking.before-commit", ["first", "restated", "empty"], true),
        ("booking.after-commit", ["first", "restated", "empty"], false),
        ("checkpoint.before", ["first", "restated"], false),
        ("checkpoint.after", ["first", "restated"], false),
        ("prune.mid", ["large-restated"], true),
        ("prune.done", ["restated", "large-restated"], false),
        ("rules.before-commit", ["rules", "empty"], true),
        ("rules.after-commit", ["rules", "empty"], false),
    ];

    private readonly ConcurrentDictionary<string, KillScenario> _scenarios = [];

    /// <summary>The names of the fail points.</summary>
    public static IEnumerable<string> PointNames => Points.Select(p => p.Point);

    /// <summary>The fewest kills of a campaign: those at the named points, while the log is moved, and at random.</summary>
    public static int LeastKills => ((Points.Length + 1) * KillsPerPoint) + RandomKills;

    /// <summary>Runs it, two kills at a time.</summary>
    public async Task<IReadOnlyList<KillOutcome>> RunAsync()
    {
        await PrepareAsync();
        List<Func<Task<KillOutcome>>> kills = [];
        foreach (var (index, (point, scenarios, isInside)) in Points.Index())
        {
            var countsUp = point is "booking.mid-rows" or "prune.mid";
            kills.AddRange(Enumerable.Range(0, KillsPerPoint).Select(i => (Func<Task<KillOutcome>>)(() =>
                _scenarios[scenarios[(index + i) % scenarios.Length]].KillAsync(KillMoment.AtFailPoint(point, countsUp ? (i % 4) + 1 : 1),
                    isInside))));
        }

        kills.AddRange(Enumerable.Range(0, KillsPerPoint).Select(i => (Func<Task<KillOutcome>>)(() =>
            _scenarios[i % 2 == 0 ? "large-first" : "large-restated"].KillAsync(KillMoment.WhileCheckpointing(), false))));
        var outcomes = new List<KillOutcome>(await TwoAtATimeAsync(kills));

        // A run may end before its random moment: on a busy machine its length varies. Such a run is no kill, and another one takes its
        // place, whose moment is earlier than this run's end.
        var random = new Random(seed);
        for (var round = 0; round < 12 && Random(outcomes) < RandomKills; round++)
        {
            outcomes.AddRange(await TwoAtATimeAsync([.. Enumerable.Range(0, RandomKills - Random(outcomes)).Select(_
                => RandomKill(random))]));
        }

        return [.. outcomes.Where(o => o.Place != "random" || o.ExitCode == RunResult.Killed)];
    }

    private static int Random(IEnumerable<KillOutcome> outcomes)
        => outcomes.Count(o => o.Place == "random" && o.ExitCode == RunResult.Killed);

    private Func<Task<KillOutcome>> RandomKill(Random random)
    {
        string[] names = ["large-first", "large-restated", "first", "restated", "empty"];
        var scenario = _scenarios[names[random.Next(names.Length)]];
        var delay = scenario.Duration * (0.15 + (0.85 * random.NextDouble()));
        return async () =>
        {
            var outcome = await scenario.KillAsync(KillMoment.After(delay), false);
            if (outcome.ExitCode != RunResult.Killed)
            {
                scenario.EndsWithin(delay);
            }

            return outcome;
        };
    }

    private static async Task<IReadOnlyList<KillOutcome>> TwoAtATimeAsync(IReadOnlyList<Func<Task<KillOutcome>>> kills)
    {
        var outcomes = new KillOutcome[kills.Count];
        await Parallel.ForAsync(0, kills.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (i, _)
            => outcomes[i] = await kills[i]());
        return outcomes;
    }

    private async Task PrepareAsync()
    {
        var other = Bill.Write(Path.Combine(root, "other.csv"), SmallRows, 3);
        Bill[] small = [.. Enumerable.Range(1, 2).Select(e => Bill.Write(Path.Combine(root, $"small-{e}.csv"), SmallRows, e))];
        Bill[] large = [.. Enumerable.Range(1, 2).Select(e => Bill.Write(Path.Combine(root, $"large-{e}.csv"), LargeRows, e))];
        WritePolicy("policy", "compute");
        WritePolicy("policy-changed", "other");
        string[] attribute = ["attribute", "--policy", Path.Combine(root, "policy-changed")];
        var before = Directory.CreateDirectory(Path.Combine(root, "before")).FullName;
        (await new Cicost(before).RunAsync(Ingest("other", other))).Expect(0);
        await Task.WhenAll(
            AddAsync("empty", null, Ingest(BooksState.Source, small[0]), small[..1]),
            AddAsync("first", before, Ingest(BooksState.Source, small[0]), small[..1]),
            AddAsync("large-first", before, Ingest(BooksState.Source, large[0]), large[..1]));
        await Task.WhenAll(
            AddAsync("restated", _scenarios["first"].After, Ingest(BooksState.Source, small[1]), small),
            AddAsync("rules", _scenarios["first"].After, attribute, small[..1]),
            AddAsync("large-restated", _scenarios["large-first"].After, Ingest(BooksState.Source, large[1]), large));
    }

    private async Task AddAsync(string name, string? template, string[] command, Bill[] editions) =>
        _scenarios[name] = await KillScenario.PrepareAsync(name, root, template, command, editions);

    private string[] Ingest(string source, Bill bill) =>
    [
        "ingest", "--json", "--policy", Path.Combine(root, "policy"), "--source", source, "--kind", "focus-csv",
        "--month", Bill.Month, "--file", bill.Path,
    ];

    /// <summary>A policy with few rules: reading all of the shipped ones would be most of the time of every run.</summary>
    private void WritePolicy(string name, string component)
    {
        var target = Path.Combine(root, name);
        PolicyFolder.CopyTo(target);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(target, "attribution")))
        {
            File.Delete(file);
        }

        File.WriteAllText(
            Path.Combine(target, "attribution", "components.yaml"),
            $$"""
            rules:
              - id: component-test-hours
                when:
                  ChargeDescription: c7i.xlarge hours 7
                then: {component: {{component}}}

            """);
    }
}
