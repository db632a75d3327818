using System.Collections.Immutable;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Lines;
using CiCost.Domain.Sharing;

namespace CiCost.Policy;

/// <summary>One version of the policy, checked and ready to use.</summary>
public sealed class PolicySet
{
    /// <summary>Organisations that pay for, run or equip CI.</summary>
    public required ImmutableArray<Organisation> Organisations { get; init; }

    /// <summary>Accounts that invoices are addressed to.</summary>
    public required ImmutableArray<Account> Accounts { get; init; }

    /// <summary>Projects whose software is built and tested.</summary>
    public required ImmutableArray<Project> Projects { get; init; }

    /// <summary>Parts of a bill.</summary>
    public required ImmutableArray<Component> Components { get; init; }

    /// <summary>Architectures with their label in each published table.</summary>
    public required ImmutableArray<Architecture> Architectures { get; init; }

    /// <summary>Spend domains.</summary>
    public required ImmutableArray<SpendDomain> Domains { get; init; }

    /// <summary>Grants that funding rules map lines to.</summary>
    public required ImmutableArray<Grant> Grants { get; init; }

    /// <summary>Balances of commitments that were bought before the books begin, and when commitments end.</summary>
    public PrepaidTerms Prepaid { get; init; } = PrepaidTerms.None;

    /// <summary>What every page and answer says of these books, such as that they are demonstration data; null for nothing.</summary>
    public string? BooksNotice { get; init; }

    /// <summary>Rates for jobs without a bill, in their order: the first that covers a label and day decides.</summary>
    public required ImmutableArray<RateCard> Rates { get; init; }

    /// <summary>Policies that divide consumption, agreed ones and proposals.</summary>
    public required ImmutableArray<SplitPolicy> Splits { get; init; }

    /// <summary>The custom columns and tag keys that join a dimension set.</summary>
    public required DimensionOptions DimensionOptions { get; init; }

    /// <summary>A line is attributed when it has all of these and the question names no other.</summary>
    public required ImmutableArray<AttributeName> RequiredAttributes { get; init; }

    /// <summary>All rules in their order.</summary>
    public required RuleSet RuleSet { get; init; }

    /// <summary>The entries of the coverage table.</summary>
    public required ImmutableArray<CoverageEntry> CoverageEntries { get; init; }

    /// <summary>The engine for <see cref="RuleSet"/>.</summary>
    public required IAttributor Attributor { get; init; }

    /// <summary>The coverage table.</summary>
    public required ICoverage Coverage { get; init; }

    /// <summary>What is allowed but wants attention, such as an account whose id is not set. Shown wherever the policy is loaded.</summary>
    public required ImmutableArray<PolicyNotice> Notices { get; init; }

    /// <summary>SHA-256 over the files' names and their texts with LF line ends, in lower-case hex: the policy's version.</summary>
    public required string ContentHash { get; init; }

    /// <summary>The files, by name in ordinal order: enough to read this version again.</summary>
    public required ImmutableArray<PolicyFile> Files { get; init; }
}
