namespace CiCost.Cli.Demo;

/// <summary>
/// Writes a month of job runs. One demonstration row stands for many real jobs by being longer; a GitHub job may run five days, so a row
/// has at most 120 hours: https://docs.github.com/en/actions/reference/limits
/// </summary>
internal sealed class JobFiles(FleetPlan plan, DemoOptions options, GitHubUsage usage, DemoSums sums)
{
    public const string Source = "github-jobs";

    /// <summary>A label of no public list, in one month: 12 hours that the published table does not have.</summary>
    public const string UnlistedLabel = "demonstration-unlisted-label";
    public static readonly DemoMonth UnlistedMonth = new(2026, 5);
    public const long UnlistedSeconds = 12 * 3_600;
    private const long MeanSeconds = 110 * 3_600;
    private const long ShortestSeconds = 600;
    private const long JobsPerMonthLimit = 10_000_000_000;

    private static readonly string[] Conclusions = ["success", "failure", "cancelled", "timed_out"];
    private static readonly int[] ConclusionWeights = [820, 110, 60, 10];
    private static readonly string[] Repositories =
    [
        "pytorch/pytorch", "pytorch/executorch", "pytorch/vision", "pytorch/ao", "pytorch/helion", "pytorch/audio", "pytorch/test-infra",
        "vllm-project/vllm",
    ];
    private static readonly int[] RepositoryWeights = [860, 40, 30, 20, 20, 10, 10, 10];
    private static readonly string[] Workflows =
        ["pull", "trunk", "inductor", "periodic", "linux-binary-manywheel", "unstable", "slow", "inductor-perf-nightly"];
    private static readonly int[] WorkflowWeights = [380, 260, 120, 90, 60, 40, 30, 20];
    private static readonly string[] Suites = ["default", "distributed", "inductor", "dynamo_wrapped", "build", "smoke", "jit_legacy"];

    private Dice _dice = Dice.For(0);
    private long _nextId;
    private JobRun? _run;
    private long _jobsLeftInRun;

    /// <summary>Writes the month's file, and where events came late a second one.</summary>
    public void Write(DemoFolder folder, DemoMonth month)
    {
        _dice = Dice.For(options.Seed, Source, month.ToString());
        _nextId = 40_000_000_000 + (month.Index * JobsPerMonthLimit);
        _jobsLeftInRun = 0;
        sums.JobRuns[month.ToString()] = 0;
        var late = new List<JobRun>();
        var path = $"{Source}/workflow_job/{month}/workflow_job-{month}.jsonl.gz";
        long rows;
        using (var events = new JobEvents(folder.CreateGzip(path)))
        {
            foreach (var cell in CellsOf(month))
            {
                WriteCell(events, cell, month, late);
            }

            rows = events.Events;
        }

        Deliver(folder, month, path, month.End.AddDays(1).AddHours(3), $"{rows} events of {month}; some repeated, some unfinished.");
        if (late.Count > 0)
        {
            var latePath = $"{Source}/workflow_job/{month}/workflow_job-{month}-late.jsonl.gz";
            using (var events = new JobEvents(folder.CreateGzip(latePath)))
            {
                late.ForEach(events.Completed);
            }

            Deliver(folder, month, latePath, month.End.AddDays(3).AddHours(3),
                "Events that were delivered again: jobs that were unfinished before, and completed ones once more.");
        }
    }

    private static void Deliver(DemoFolder folder, DemoMonth month, string path, DateTime receivedAt, string note) =>
        folder.Add(new DemoDelivery(0, Source, DemoDelivery.Jobs, null, "append", month.ToString(), Path.GetFileName(path),
            [path], receivedAt, note));

    private IEnumerable<JobCell> CellsOf(DemoMonth month) => month == UnlistedMonth
        ? plan.Cells(month).Append(new JobCell("", "unknown", UnlistedLabel, UnlistedSeconds, month.Start, month.End))
        : plan.Cells(month);

    private void WriteCell(JobEvents events, JobCell cell, DemoMonth month, List<JobRun> late)
    {
        var count = (((cell.Seconds - 1) / MeanSeconds) + 1) * options.Scale;
        count = Math.Clamp(cell.Seconds / ShortestSeconds, 1, count);
        // The longest stays below 120 hours even if all others are shortest: 110 x 104 / 96 = 119.2.
        var parts = Shares.Split(cell.Seconds, [.. Enumerable.Range(0, (int)count).Select(_ => _dice.Between(96, 104))]);
        sums.JobRuns[month.ToString()] += parts.Length;
        foreach (var seconds in parts)
        {
            var run = Draw(cell, seconds);
            usage.Add(cell, run);
            WriteRun(events, run, month, late);
            if (_dice.Permille(20))
            {
                WriteWithoutTime(events, run);
            }
        }
    }

    private void WriteRun(JobEvents events, JobRun run, DemoMonth month, List<JobRun> late)
    {
        if (_dice.Permille(30))
        {
            events.Queued(run);
            if (_dice.Permille(200))
            {
                events.Waiting(run);
            }
        }

        if (_dice.Permille(30))
        {
            events.InProgress(run);
        }

        if (month == UnlistedMonth && _dice.Permille(5))
        {
            events.InProgress(run);
            late.Add(run);
            return;
        }

        events.Completed(run);
        if (_dice.Permille(10))
        {
            events.Completed(run);
            if (month == UnlistedMonth)
            {
                late.Add(run);
            }
        }
    }

    /// <summary>Jobs that used no machine, or of which the end was never told: they have no hours.</summary>
    private void WriteWithoutTime(JobEvents events, JobRun like)
    {
        var run = like with { Id = NextId(), Attempt = 1 };
        switch (_dice.Below(4))
        {
            case 0:
                events.Completed(run with { Conclusion = "skipped", CompletedAt = run.StartedAt });
                break;
            case 1:
                // GitHub's skipped jobs sometimes end a second before they start.
                events.Completed(run with { Conclusion = "skipped", CompletedAt = run.StartedAt.AddSeconds(-1) });
                break;
            case 2:
                events.InProgress(run);
                break;
            default:
                events.CompletedAtEpoch(run with { Conclusion = "cancelled" });
                break;
        }
    }

    private JobRun Draw(JobCell cell, long seconds)
    {
        if (_run is null || _jobsLeftInRun == 0)
        {
            _jobsLeftInRun = _dice.Between(1, 9);
            _run = DrawRun();
        }

        _jobsLeftInRun--;
        var room = (long)(cell.To - cell.From).TotalSeconds - seconds;
        var start = cell.From.AddSeconds(_dice.Between(0, room));
        var conclusion = Conclusions[_dice.Weighted(ConclusionWeights)];
        var label = cell.Label.Split(' ');
        return _run with
        {
            Id = NextId(),
            Attempt = _dice.Permille(40) ? 2 : 1,
            // The usage report is that of the organisation pytorch: minutes of another one would have no bill here.
            Repository = cell.Owner == "github" && !_run.Repository.StartsWith("pytorch/", StringComparison.Ordinal)
                ? Repositories[0]
                : _run.Repository,
            Name = $"{_run.Name} / test ({_dice.Pick(Suites)}, {_dice.Between(1, 9)}, 9, {label[0]})",
            Labels = label,
            RunnerGroup = cell.Owner == "github" ? "GitHub Actions" : "default",
            CreatedAt = start.AddSeconds(-_dice.Between(20, 3_000)),
            StartedAt = start,
            CompletedAt = start.AddSeconds(seconds),
            Conclusion = conclusion,
        };
    }

    private JobRun DrawRun()
    {
        var repository = Repositories[_dice.Weighted(RepositoryWeights)];
        var workflow = Workflows[_dice.Weighted(WorkflowWeights)];
        var pull = _dice.Between(150_000, 199_999);
        return new JobRun
        {
            Id = 0,
            RunId = NextId(),
            Attempt = 1,
            Repository = repository,
            WorkflowName = workflow,
            Name = "demo-jammy-py3." + _dice.Between(10, 14),
            HeadBranch = workflow == "pull" ? $"gh/demo/{pull}/head" : "main",
            HeadSha = _dice.Hex(40),
            Labels = [],
            RunnerGroup = "default",
            CreatedAt = default,
            StartedAt = default,
            CompletedAt = default,
            Conclusion = "success",
        };
    }

    private long NextId() => _nextId += _dice.Between(1, 40);
}
