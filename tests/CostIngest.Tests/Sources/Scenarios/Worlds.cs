using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Runtime.CompilerServices;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Tests.Sources.GitHub;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Scenarios;

/// <summary>A provider, and what happens there.</summary>
internal interface IWorld : IAsyncDisposable
{
    string Format { get; }

    SourceMode Mode { get; }

    /// <summary>A source over it, with a state of its own.</summary>
    ISource NewSource();

    /// <summary>Something happens: new data, restated data.</summary>
    void Move(Random random);

    /// <summary>Its servers misbehave from now on, or no more.</summary>
    void Misbehave(bool on, Random random);

    /// <summary>Did it ever hold a delivery of so many rows there?</summary>
    bool EverHeld(BillingMonth month, string part, long rows);
}

/// <summary>Bills of three months, each one delivery or in parts.</summary>
internal sealed class BillWorld(SourceMode mode) : IWorld, ISource
{
    private readonly SortedDictionary<(BillingMonth Month, string Part), string> _bills = [];
    private readonly HashSet<(BillingMonth, string, long)> _history = [];

    public string Format => "focus-csv";

    public SourceMode Mode => mode;

    public ISource NewSource() => this;

    public void Move(Random random)
    {
        var month = BillingMonth.Parse("2026-03");
        for (var i = random.Next(3); i > 0; i--)
        {
            month = month.Next;
        }

        var part = mode == SourceMode.Replace ? "*" : "part-" + random.Next(3);
        var days = random.Next(1, 20);
        var lines = Enumerable.Range(0, random.Next(days, 60)).Select(i => BillLine.ALine()
            .On(month.FirstDay.AddDays(i % days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            .Costing(string.Create(CultureInfo.InvariantCulture, $"{random.Next(100)}.{random.NextInt64(1_000_000_000_000):000000000000}"))
            .From(random.Next(4) == 0 ? "acct-2" : "acct-1")).ToList();
        _bills[(month, part)] = BillLine.File(lines);
        _history.Add((month, part, lines.Count));
    }

    public void Misbehave(bool on, Random random)
    {
        // It has no servers.
    }

    public bool EverHeld(BillingMonth month, string part, long rows) => _history.Contains((month, part, rows));

    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var ((month, part), text) in _bills.ToList())
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Offer { Month = month, Part = part, Version = VersionOf(text), Description = $"bill {month} {part}" };
        }
    }

    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        var text = _bills[(offer.Month, offer.Part)];

        // Half of the sources refuse what changed since; the others take the new state, which the next run then finds unchanged.
        if (VersionOf(text) != offer.Version && mode == SourceMode.Replace)
        {
            throw new SourceException("offer-changed", $"{offer.Description} changed.");
        }

        var path = Path.Combine(folder, $"{offer.Month}-{offer.Part.Replace('*', 'x')}.csv");
        await File.WriteAllTextAsync(path, text, cancellationToken);
        return new FetchedDelivery([path], text.Count(c => c == '\n') - 1);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string VersionOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>GitHub over HTTP, with workflow runs that come, end and are run again, and answers that go wrong.</summary>
internal sealed class GitHubWorld : IWorld
{
    private static readonly Func<Fault>[] Faults =
    [
        () => Fault.Answer(500) with { Times = 3 },
        () => Fault.Answer(503) with { Times = 30 },
        () => Fault.Answer(429, "{}", headers: ("Retry-After", "20")),
        () => Fault.Answer(403, """{"message":"You have exceeded a secondary rate limit"}"""),
        () => Fault.Answer(403, """{"message":"Resource not accessible"}"""),
        () => Fault.Answer(401, """{"message":"Bad credentials"}"""),
        () => Fault.Answer(200, "<html>"),
        () => Fault.Answer(404, """{"message":"Not Found"}"""),
        () => Fault.CutOffAfter(25),
        () => Fault.CutOffAfter(25) with { Times = 30 },
    ];

    private readonly List<IDisposable> _owned = [];
    private readonly GitHubFixture _github;
    private long _lastId = 100;
    private bool _misbehaves;

    private GitHubWorld(GitHubFixture github) => _github = github;

    public string Format => "github-jobs";

    public SourceMode Mode => SourceMode.Append;

    public static async Task<GitHubWorld> StartAsync() => new(await GitHubFixture.StartAsync());

    public ISource NewSource()
    {
        var rig = new SourceRig();
        _owned.Add(rig);
        return rig.Setup("github-jobs", _github.Settings("repositories: [acme/app, acme/lib]")).Source;
    }

    public void Move(Random random)
    {
        foreach (var repository in new[] { "acme/app", "acme/lib" })
        {
            _github.Fake.Repositories.TryAdd(repository, []);
        }

        var name = random.Next(2) == 0 ? "acme/app" : "acme/lib";
        var runs = _github.Fake.Repositories[name];
        if (runs.Count == 0 || random.Next(2) == 0)
        {
            var day = new DateTimeOffset(2026, 7, random.Next(1, 6), random.Next(24), 0, 0, TimeSpan.Zero);
            _github.Fake.Add(name, _lastId++, day, random.Next(3) == 0 ? "in_progress" : "completed", random.Next(1, 4));
            return;
        }

        var run = runs[random.Next(runs.Count)];
        run.UpdatedAt = run.UpdatedAt.AddHours(1);
        if (run.Status == "completed")
        {
            (run.Attempt, run.Status) = (run.Attempt + 1, "in_progress");
            run.Jobs.Add(GitHubFake.Job(name, run, (run.Id * 1000) + run.Jobs.Count));
            return;
        }

        run.Status = "completed";
        foreach (var job in run.Jobs.Where(j => (string)j["status"]! != "completed"))
        {
            (job["status"], job["conclusion"], job["completed_at"]) = ("completed", "success", "2026-07-08T00:00:00Z");
        }
    }

    public void Misbehave(bool on, Random random)
    {
        _misbehaves = on;
        for (var i = on ? random.Next(3) : 0; i > 0; i--)
        {
            var fault = Faults[random.Next(Faults.Length)]();
            _github.Fake.Server.Misbehave(fault with { After = random.Next(60), When = _ => _misbehaves });
        }
    }

    public bool EverHeld(BillingMonth month, string part, long rows) => rows > 0;

    public async ValueTask DisposeAsync()
    {
        await _github.DisposeAsync();
        _owned.ForEach(o => o.Dispose());
    }
}
