using CiCost.CostApi.Scheduling;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostApi.Tests.Scheduling;

/// <summary>One pull that a fake was asked for.</summary>
internal sealed record FakeRun(string SourceKey, PullCause Cause, DateTimeOffset At, MonthRange? Months, string? ErrorCode);

/// <summary>Pulls that a test decides the outcome of: null is a success, else the code of a failure.</summary>
internal sealed class FakePulls(TimeProvider time, params string[] sources) : IPulls
{
    private readonly Lock _lock = new();
    private readonly List<FakeRun> _runs = [];
    private readonly HashSet<string> _running = [];

    public IReadOnlyList<SourceEntry> Entries { get; } =
        sources.Length == 0 ? [] : SourcesFile.Parse("sources.yaml", "sources:\n" + string.Concat(sources)).Entries;

    /// <summary>What becomes of a run: asked with the source and how many runs it had before.</summary>
    public Func<string, int, CancellationToken, Task<string?>> Outcome { get; set; } = (_, _, _) => Task.FromResult<string?>(null);

    /// <summary>Is a failure with this code worth a repetition?</summary>
    public Func<string, bool> IsRetriable { get; set; } = code => code != "access-denied";

    public bool Overlapped { get; private set; }

    public IReadOnlyList<FakeRun> Runs
    {
        get
        {
            lock (_lock)
            {
                return [.. _runs];
            }
        }
    }

    /// <summary>An entry of sources.yaml.</summary>
    public static string Source(string key, string? schedule, int jitterMinutes = 0, int retries = 3) => $"""
          - key: {key}
            connector: fake
        {(schedule is null ? "" : $"    schedule: '{schedule}'\n")}    jitterMinutes: {jitterMinutes}
            retries: {retries}

        """;

    public IReadOnlyList<FakeRun> Of(string source) => [.. Runs.Where(r => r.SourceKey == source)];

    public async Task<PullResult> RunAsync(string sourceKey, MonthRange? months, PullCause cause, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        int before;
        lock (_lock)
        {
            Overlapped |= !_running.Add(sourceKey);
            before = _runs.Count(r => r.SourceKey == sourceKey);
        }

        var code = await Outcome(sourceKey, before, cancellationToken);
        lock (_lock)
        {
            _running.Remove(sourceKey);
            _runs.Add(new FakeRun(sourceKey, cause, at, months, code));
            return new PullResult
            {
                RunId = _runs.Count,
                SourceKey = sourceKey,
                Months = months ?? MonthRange.Until(at, 1),
                Counts = default,
                Offers = [],
                Failures = code is null ? [] : [new PullFailure(sourceKey, code, "It failed, as the test says.", IsRetriable(code))],
            };
        }
    }
}
