using System.Globalization;
using CiCost.Accounting.Jobs;
using CiCost.Domain.Checks;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Ledger.Jobs;

namespace CiCost.Accounting.Checks;

/// <summary>No job hour is silently worth nothing.</summary>
public sealed class JobHoursHaveAValue() : Check(
    "JobHoursHaveAValue", "Every hour of a job run is of a fleet with a bill, or has a rate.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var month in context.Scopes.Select(s => s.BillingMonth).Distinct().Order())
        {
            foreach (var unvalued in ValueJobs.Unvalued(context.Policy.Set, context.HoursOf(month)))
            {
                var message = unvalued.Reason == "no-fleet"
                    ? "No rule says whose machine this label is. Add a rule to policy/attribution/labels.yaml."
                    : "No rate covers this label. Add one to policy/rates.yaml, then 'cicost value'.";
                yield return Failure($"{month}, {unvalued.Label}", message, "a bill or a rate",
                    $"{CheckWords.Hours(unvalued.Seconds)} of {CheckWords.Number(unvalued.RunCount)} {(unvalued.RunCount == 1 ? "run" : "runs")} without one");
            }
        }
    }
}

/// <summary>Payable has no estimate in it.</summary>
public sealed class ValuesBillNobody() : Check(
    "ValuesBillNobody", "No line that values job runs has a BilledCost: nobody bills these books for them.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var valued = context.Policy.Set.CoverageEntries.Where(e => e.IsValuedFromJobs).Select(e => e.LedgerSource)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var scope in context.Scopes.Where(s => valued.Contains(s.SourceKey)))
        {
            foreach (var total in context.Audit.Totals(scope.DeliveryId).Where(t => t.CostColumn == "BilledCost" && ExactText.Of(t.Exact) != default))
            {
                yield return Failure(Where(scope), $"The values of job runs are billed here. Run 'cicost value --month {scope.BillingMonth}'.",
                    "0", $"{DecimalText.OfNanos(ExactText.Of(total.Exact).RoundHalfEven())} {total.Currency}");
            }
        }
    }
}

/// <summary>No job's end is missing.</summary>
public sealed class JobsAreFinished() : Check(
    "JobsAreFinished", "No job run is queued, waiting or running for more than a day after it was created: its end was told.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var month in new ListUnfinishedJobs(context.Books).Run(context.Month)
            .GroupBy(j => BillingMonth.Of(DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(j.CreatedSeconds).UtcDateTime))))
        {
            var oldest = month.First();
            var states = month.GroupBy(j => j.Status).OrderBy(g => g.Key).Select(g => $"{g.Count()} {UnfinishedJob.Text(g.Key)}");
            yield return Failure($"jobs created in {month.Key}",
                "Their end was never told, and the hours that they ran are missing. 'cicost jobs --unfinished' lists them; fetch their source again.",
                "every job ended",
                $"{string.Join(", ", states)}, the oldest job {oldest.NativeId ?? oldest.JobId.ToString(CultureInfo.InvariantCulture)} of "
                    + $"{oldest.Repository}");
        }
    }
}

/// <summary>No received event waits for somebody to look at it.</summary>
public sealed class EventsAreBooked() : Check(
    "EventsAreBooked", "Every event that was received is in the books or waits to be booked; none was set aside.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new EventsAside(context.Books.Path).List()
            .Where(e => context.Month is not { } month || BillingMonth.Of(e.Day) == month)
            .Select(e => Failure($"event {e.Id} of {e.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
                $"It was received, cannot be booked, and was set aside: {e.Reason} 'cicost events release {e.Id}' books it again, as after an update; "
                    + "'cicost events drop' removes it.", "booked", $"{CheckWords.Number(e.Bytes)} bytes set aside"));
    }

    /// <inheritdoc/>
    public override bool HasAnything(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Directory.Exists(EventsAside.InboxOf(context.Books.Path));
    }
}
