using System.Collections.Immutable;
using CiCost.Accounting.Policies;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Jobs;
using CiCost.Policy;

namespace CiCost.Accounting.Jobs;

/// <summary>The seconds that job runs of one label and repository held runners on a charge day, with what the rules say of them.</summary>
/// <param name="ChargeDay">Days since 1970-01-01, UTC; a run over midnight counts on both days.</param>
/// <param name="Label">The label that decides: the first that a rule gives a domain, else the first that any rule knows, else all.</param>
/// <param name="Repository">The repository as <c>owner/name</c>.</param>
/// <param name="Seconds">Seconds.</param>
/// <param name="RunCount">Runs that held a runner on the day.</param>
/// <param name="Attribution">What the rules say on that day.</param>
public sealed record JobHours(int ChargeDay, string Label, string Repository, long Seconds, int RunCount, AttributionResult Attribution);

/// <summary>Adds up the job runs of a month by day, label and repository. What a label means is kept from month to month: one reader for many
/// months, and one thread at a time.</summary>
public sealed class ReadJobHours(Books books, PolicyShelf policies)
{
    private readonly Dictionary<(string Labels, string Repository), (string Label, IReadOnlyList<DatedAttribution> Dated)> _meanings = [];
    private long _ruleSetId;

    /// <summary>The hours of a charge month, in order of day, label and repository.</summary>
    public IReadOnlyList<JobHours> Run(BillingMonth month)
    {
        var (ruleSetId, policy) = policies.Current();
        if (ruleSetId != _ruleSetId)
        {
            _meanings.Clear();
            _ruleSetId = ruleSetId;
        }

        var (first, last) = (ChargeDay.Of(month.FirstDay), ChargeDay.Of(month.LastDay));
        Dictionary<(int Day, string Label, string Repository), (long Seconds, int Runs, AttributionResult Result)> sums = [];
        foreach (var run in new JobRunReader(books).Overlapping(month))
        {
            if (!_meanings.TryGetValue((run.Labels, run.Repository), out var meaning))
            {
                _meanings.Add((run.Labels, run.Repository), meaning = MeaningOf(run, policy));
            }

            foreach (var (day, seconds) in DaysOf(run, first, last))
            {
                var key = (day, meaning.Label, run.Repository);
                var sum = sums.GetValueOrDefault(key);
                sums[key] = (sum.Seconds + seconds, sum.Runs + 1, sum.Result ?? On(meaning.Dated, day));
            }
        }

        return
        [
            .. sums.OrderBy(s => s.Key.Day).ThenBy(s => s.Key.Label, StringComparer.Ordinal)
                .ThenBy(s => s.Key.Repository, StringComparer.Ordinal)
                .Select(s => new JobHours(s.Key.Day, s.Key.Label, s.Key.Repository, s.Value.Seconds, s.Value.Runs, s.Value.Result)),
        ];
    }

    private static IEnumerable<(int Day, long Seconds)> DaysOf(JobRun run, int first, int last)
    {
        for (var day = Math.Max(first, (int)(run.StartedSeconds / ChargeDay.SecondsPerDay)); day <= last; day++)
        {
            var begin = (long)day * ChargeDay.SecondsPerDay;
            var seconds = Math.Min(run.CompletedSeconds, begin + ChargeDay.SecondsPerDay) - Math.Max(run.StartedSeconds, begin);
            if (seconds <= 0)
            {
                yield break;
            }

            yield return (day, seconds);
        }
    }

    private static (string Label, IReadOnlyList<DatedAttribution> Dated) MeaningOf(JobRun run, PolicySet policy)
    {
        var labels = run.Labels.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var candidates = labels.Select(l => (Label: l, Dated: policy.Attributor.Attribute(JobDimensions.Of(l, run.Repository, policy)))).ToArray();
        var best = candidates.FirstOrDefault(c => c.Dated.Any(d => d.Result[AttributeName.Domain] is not null));
        if (best.Dated is null)
        {
            best = candidates.FirstOrDefault(c => c.Dated.Any(d => d.Result[AttributeName.Architecture] is not null));
        }

        if (best.Dated is null)
        {
            var all = labels.Length == 0 ? "(no label)" : string.Join(',', labels);
            best = (all, policy.Attributor.Attribute(JobDimensions.Of(all, run.Repository, policy)));
        }

        return best;
    }

    private static AttributionResult On(IReadOnlyList<DatedAttribution> dated, int day) =>
        dated.First(d => d.ValidFromDay <= day && day < d.ValidToDay).Result;
}
