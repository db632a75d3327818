using System.Collections.Immutable;
using CiCost.Domain.JobCosting;

namespace CiCost.Policy;

/// <summary>Whether the machines of a fleet may enter a pool with their value.</summary>
/// <param name="IsAcceptable">Every rate that names the fleet's owner as donor has an approver and a reference rate, and there is one.</param>
/// <param name="Refusals">What stands against it, one text per rate, such as <c>demo-061: no-approver</c>.</param>
public sealed record FleetAcceptance(bool IsAcceptable, ImmutableArray<string> Refusals);

/// <summary>What a policy says of the value of donated machines (accounting.md, 13).</summary>
public static class PolicyPools
{
    /// <summary>The rate of a label on a charge day: the first that covers it; null where none does.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="label">The runner label.</param>
    /// <param name="day">The charge day, in days since 1970-01-01.</param>
    public static RateCard? RateOf(this PolicySet policy, string label, int day)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Rates.FirstOrDefault(r => r.Covers(label, day));
    }

    /// <summary>What of the value of a label's hours may enter a pool, and at which rate.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="label">The runner label of the line (x_RunnerLabel).</param>
    /// <param name="day">The charge day, in days since 1970-01-01.</param>
    /// <param name="owner">The organisation whose machines they are: the owner of the payer account.</param>
    public static PoolValue PoolValueOf(this PolicySet policy, string label, int day, string owner)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return PoolValue.Of(policy.RateOf(label, day), policy.Organisations.First(o => o.Id == owner));
    }

    /// <summary>Whether a fleet's value may enter a pool on the days from one up to, not including, another.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="domain">The fleet's spend domain.</param>
    /// <param name="fromDay">The first charge day, in days since 1970-01-01.</param>
    /// <param name="toDay">The first charge day that is no longer meant.</param>
    public static FleetAcceptance AcceptanceOf(this PolicySet policy, string domain, int fromDay, int toDay)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var account = policy.Domains.FirstOrDefault(d => d.Id == domain)?.Account;
        var owner = policy.Organisations.FirstOrDefault(o => o.Id == policy.Accounts.FirstOrDefault(a => a.Id == account)?.Owner);
        if (owner is null)
        {
            return new FleetAcceptance(false, [$"{domain}: no-owner"]);
        }

        var rates = policy.Rates.Where(r => r.Donor == owner.Id && r.FromDay < toDay && fromDay < r.ToDay).ToArray();
        ImmutableArray<string> refusals = rates.Length == 0
            ? [$"{domain}: no-rate"]
            : [.. rates.Select(r => (r.Id, PoolValue.Of(r, owner).Refusal)).Where(r => r.Refusal is not null).Select(r => $"{r.Id}: {r.Refusal}")];
        return new FleetAcceptance(refusals.Length == 0, refusals);
    }
}
