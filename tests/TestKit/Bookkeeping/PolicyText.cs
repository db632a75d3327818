using CiCost.Policy;

namespace CiCost.TestKit.Bookkeeping;

/// <summary>
/// A small policy with boring defaults: one organisation, the accounts <c>main</c> (acct-1) and <c>second</c> (acct-2) with a domain of
/// the same name each, a grant <c>gift</c>, and the service Machines as component <c>compute</c>. Everything else is Unattributed.
/// </summary>
public sealed record PolicyText
{
    /// <summary>The ledger source of both domains.</summary>
    public const string Ledger = "bill";

    /// <summary>The evidence source of the domain main.</summary>
    public const string Evidence = "estimate";

    private const string Vocabulary = """
        organisations:
          - {id: acme, name: Acme, slug: Acme, roles: [donor, operator, chip-vendor]}
        """;

    private const string Components = """
        components:
          - {id: compute, name: Compute}
          - {id: storage, name: Storage}
          - {id: support, name: Support}
          - {id: tax, name: Tax}
        """;

    private const string Architectures = """
        architectures:
          - {id: x86, name: x86, labels: {costTable: x86, hoursTable: x86}}
        """;

    private const string AccountRules = """
        rules:
          - id: account-main
            when: {account: main}
            then: {payer-account: main, domain: main}
          - id: account-second
            when: {account: second}
            then: {payer-account: second, domain: second}
        """;

    /// <summary>All of accounts.yaml.</summary>
    public string Accounts { get; init; } = """
        accounts:
          - {id: main, name: Main, owner: acme, provider: aws, match: [{BillingAccountId: acct-1}]}
          - {id: second, name: Second, owner: acme, provider: aws, match: [{BillingAccountId: acct-2}]}
        """;

    /// <summary>Domains beside main and second, a YAML list.</summary>
    public string MoreDomains { get; init; } = "";

    /// <summary>Rules beside those of the accounts main and second, a YAML list.</summary>
    public string MoreAccountRules { get; init; } = "";

    /// <summary>Grants beside the gift, a YAML list.</summary>
    public string MoreGrants { get; init; } = "";

    /// <summary>Rules of attribution/components.yaml, without the key <c>rules:</c>.</summary>
    public string Rules { get; init; } = """
          - id: machines
            when: {ServiceName: Machines}
            then: {component: compute}
        """;

    /// <summary>The coverage of the domain main, a YAML list.</summary>
    public string MainCoverage { get; init; } = """
              - ledger: bill
                basis: billed
                evidence:
                  - {source: estimate, basis: estimated}
        """;

    /// <summary>The coverage of the domain second, a YAML list.</summary>
    public string SecondCoverage { get; init; } = "      - {ledger: bill, basis: billed}";

    /// <summary>Rules of funding.yaml, without the key <c>rules:</c>.</summary>
    public string FundingRules { get; init; } = """
          - id: credit-discount
            when: {ChargeCategory: Credit, ChargeDescription: discount}
            then: {role: charge}
          - id: credit-gift
            when: {ChargeCategory: Credit, ChargeDescription: gift}
            then: {grant: gift}
          - id: credit-correction
            when: {ChargeCategory: Credit, ChargeClass: Correction}
            then: {role: charge}
        """;

    /// <summary>The policy as it is.</summary>
    public static PolicyText Boring { get; } = new();

    /// <summary>Reads and checks it.</summary>
    public PolicySet Read() => PolicyLoader.Parse(
    [
        new PolicyFile("organisations.yaml", Vocabulary),
        new PolicyFile("accounts.yaml", Accounts),
        new PolicyFile("projects.yaml", "projects:\n  - {id: app, name: App, repository: acme/app}\n"),
        new PolicyFile("components.yaml", Components),
        new PolicyFile("architectures.yaml", Architectures),
        new PolicyFile("dimensions.yaml", "customColumns: []\ntagKeys: []\nrequiredAttributes: [component, payer-account]\n"),
        new PolicyFile("coverage.yaml", $$"""
            domains:
              - id: main
                name: Main
                account: main
                coverage:
            {{MainCoverage}}
              - id: second
                name: Second
                account: second
                coverage:
            {{SecondCoverage}}
            {{MoreDomains}}
            """),
        new PolicyFile("funding.yaml", $$"""
            grants:
              - {id: gift, name: Gift, donor: acme, kind: credits}
            {{MoreGrants}}
            rules:
            {{FundingRules}}
            """),
        new PolicyFile("attribution/accounts.yaml", $"{AccountRules}\n{MoreAccountRules}\n"),
        new PolicyFile("attribution/components.yaml", "rules:\n" + Rules + "\n"),
    ]);
}
