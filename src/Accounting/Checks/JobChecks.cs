using CiCost.Accounting.Jobs;
using CiCost.Domain.Checks;

namespace CiCost.Accounting.Checks;

/// <summary>No job hour is silently worth nothing.</summary>
public sealed class JobHoursHaveAValue() : Check(
    "JobHoursHaveAValue", "Every hour of a job run is of a fleet with a bill, or has a rate.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var reader = new ReadJobHours(context.Books, context.Policies);
        foreach (var month in context.Scopes.Select(s => s.BillingMonth).Distinct().Order())
        {
            var hours = reader.Run(month);
            foreach (var unvalued in ValueJobs.Unvalued(context.Policy.Set, hours))
            {
                var message = unvalued.Reason == "no-fleet"
                    ? "No rule says whose machine this label is. Add a rule to policy/attribution/labels.yaml."
                    : "No rate covers this label. Add one to policy/rates.yaml, then 'cicost value'.";
                yield return Failure($"{month}, {unvalued.Label}", message, "a bill or a rate",
                    $"{unvalued.Seconds} seconds of {unvalued.RunCount} runs without one");
            }
        }
    }
}
