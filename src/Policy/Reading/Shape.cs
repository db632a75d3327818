using System.Collections.Immutable;

namespace CiCost.Policy.Reading;

/// <summary>The keys of one kind of mapping in policy files. The JSON Schemas say the same; a test compares them.</summary>
/// <param name="Name">What it is called in errors, and under <c>$defs</c> in the schema.</param>
/// <param name="Required">Keys that must be there.</param>
/// <param name="Optional">Keys that may be there.</param>
internal sealed record Shape(string Name, ImmutableArray<string> Required, ImmutableArray<string> Optional)
{
    public static readonly Shape OrganisationsFile = new("organisationsFile", ["organisations"], []);
    public static readonly Shape Organisation = new("organisation", ["id", "name", "slug", "roles"], []);
    public static readonly Shape AccountsFile = new("accountsFile", ["accounts"], []);
    public static readonly Shape Account = new("account", ["id", "name", "owner", "provider", "match"], ["paysWith", "part", "invoiceIssuer"]);
    public static readonly Shape ProjectsFile = new("projectsFile", ["projects"], []);
    public static readonly Shape Project = new("project", ["id", "name", "repository"], []);
    public static readonly Shape ComponentsFile = new("componentsFile", ["components"], []);
    public static readonly Shape Component = new("component", ["id", "name"], []);
    public static readonly Shape ArchitecturesFile = new("architecturesFile", ["architectures"], []);
    public static readonly Shape Architecture = new("architecture", ["id", "name", "labels"], []);
    public static readonly Shape Labels = new("labels", ["costTable", "hoursTable"], []);
    public static readonly Shape DimensionsFile = new("dimensionsFile", ["customColumns", "tagKeys", "requiredAttributes"], []);
    public static readonly Shape CoverageFile = new("coverageFile", ["domains"], []);
    public static readonly Shape Domain = new("domain", ["id", "name", "coverage"], ["account", "range"]);
    public static readonly Shape Range = new("range", ["low", "high"], []);

    public static readonly Shape CoverageEntry = new("coverageEntry", ["ledger", "basis"],
        ["from", "to", "evidence", "valuedFrom", "cadence", "finalAfterDays"]);

    public static readonly Shape Evidence = new("evidence", ["source", "basis"], []);
    public static readonly Shape FundingFile = new("fundingFile", ["grants", "rules"], ["openingBalances", "commitmentEnds"]);
    public static readonly Shape Grant = new("grant", ["id", "name", "donor", "kind"], ["notFor"]);
    public static readonly Shape FundingRule = new("fundingRule", ["id", "when", "then"], ["from", "to"]);
    public static readonly Shape FundingThen = new("fundingThen", [], ["grant", "role", "as"]);

    public static readonly Shape OpeningBalance = new("openingBalance",
        ["commitment", "account", "currency", "amount", "asOf", "funders", "evidence", "approver"], []);

    public static readonly Shape BalanceFunder = new("balanceFunder", ["amount"], ["grant", "organisation", "kind"]);
    public static readonly Shape CommitmentEnd = new("commitmentEnd", ["commitment", "to", "evidence"], []);
    public static readonly Shape NoticeFile = new("noticeFile", ["notice"], []);
    public static readonly Shape RatesFile = new("ratesFile", ["rates"], []);

    public static readonly Shape Rate = new("rate", ["id", "labels", "unit", "rate", "currency", "method", "evidence"],
        ["from", "to", "gpus", "donor", "approver", "referenceRate"]);

    public static readonly Shape ReferenceRate = new("referenceRate", ["rate", "source"], []);

    public static readonly Shape SplitsFile = new("splitsFile", ["splits"], []);

    public static readonly Shape Split = new("split", ["id", "name", "status", "currency", "method", "fallback", "participants"],
        ["from", "to", "proportionalTo", "excluded", "overhead", "inKind"]);

    public static readonly Shape Participant = new("participant", ["organisation"], ["from", "to", "percent"]);
    public static readonly Shape Exclusion = new("exclusion", ["id", "reason", "attribute", "values"], []);
    public static readonly Shape Overhead = new("overhead", ["components"], ["base"]);
    public static readonly Shape InKindAcceptance = new("inKindAcceptance", ["organisation", "acceptedPerMonth"], ["from", "to"]);
    public static readonly Shape AttributionFile = new("attributionFile", ["rules"], []);
    public static readonly Shape Rule = new("rule", ["id", "when", "then"], ["from", "to"]);
    public static readonly Shape Then = new("then", [], CiCost.Domain.Attribution.AttributeNames.All);
    public static readonly Shape Test = new("test", [], ["equals", "in", "startsWith", "matches", "isNull", "not"]);

    /// <summary>All keys.</summary>
    public IEnumerable<string> Keys => Required.Concat(Optional);

    /// <summary>Is it a key of this mapping?</summary>
    public bool Has(string key) => Required.Contains(key) || Optional.Contains(key);
}
