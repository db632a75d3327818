using System.Collections.Immutable;
using CiCost.Domain.Attribution;

namespace CiCost.Policy.Reading;

/// <summary>Whose machines are valued from job runs, and how sure coverage.yaml says that their values are.</summary>
internal sealed class Fleets(ImmutableArray<SpendDomain> domains, ImmutableArray<Account> accounts, ImmutableArray<CoverageEntry> entries)
{
    /// <summary>A domain of this owner that is said to be donor-stated on one of these days; null for none.</summary>
    public string? DonorStated(string owner, int fromDay, int toDay)
    {
        var owned = accounts.Where(a => a.Owner == owner).Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        var of = domains.Where(d => d.Account is { } account && owned.Contains(account)).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        return entries.FirstOrDefault(e => e.IsValuedFromJobs && e.LedgerBasis == CostBasis.DonorStated && of.Contains(e.Domain)
            && e.FromDay < toDay && fromDay < e.ToDay)?.Domain;
    }
}
