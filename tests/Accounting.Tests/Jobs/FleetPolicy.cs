using CiCost.Policy;

namespace CiCost.Accounting.Tests.Jobs;

/// <summary>
/// A small policy of fleets: <c>bill.*</c> has a bill, <c>gpu.*</c> is AMD's own (in-kind, valued from jobs), <c>cloud.*</c> is Meta's
/// (member-paid, valued from jobs). Everything else has no fleet.
/// </summary>
internal sealed record FleetPolicy
{
    private const string Organisations = """
        organisations:
          - {id: acme, name: Acme, slug: Acme, roles: [donor, operator]}
          - {id: amd, name: AMD, slug: AMD, roles: [donor, operator, chip-vendor]}
          - {id: meta, name: Meta, slug: Meta, roles: [operator]}
        """;

    private const string Accounts = """
        accounts:
          - {id: main, name: Main, owner: acme, paysWith: foundation-cash, provider: aws, match: [{BillingAccountId: acct-1}]}
          - {id: gpus, name: GPUs of AMD, owner: amd, paysWith: in-kind, provider: amd, match: [{BillingAccountId: gpus}]}
          - {id: cloud, name: Cloud of Meta, owner: meta, paysWith: member-paid, provider: aws, match: [{BillingAccountId: cloud}]}
        """;

    private const string Coverage = """
        domains:
          - {id: main, name: Main, account: main, coverage: [{ledger: bill, basis: billed}]}
          - id: gpus
            name: GPUs of AMD
            account: gpus
            range: {low: "0.5", high: "2"}
            coverage: [{ledger: gpus-in-kind, basis: donor-stated, valuedFrom: jobs}]
          - {id: cloud, name: Cloud of Meta, account: cloud, coverage: [{ledger: cloud-estimate, basis: estimated, valuedFrom: jobs}]}
        """;

    private const string Labels = """
        rules:
          - id: main
            when: {x_RunnerLabel: {startsWith: "bill."}}
            then: {operator: acme, payer-account: main, domain: main, component: compute}
          - id: main-bill
            when: {account: main}
            then: {payer-account: main, domain: main, component: compute}
          - id: gpus
            when: {x_RunnerLabel: {startsWith: "gpu."}}
            then: {operator: amd, payer-account: gpus, domain: gpus, component: compute, chip-vendor: amd}
          - id: cloud
            when: {x_RunnerLabel: {startsWith: "cloud."}}
            then: {operator: meta, payer-account: cloud, domain: cloud, component: compute}
        """;

    /// <summary>The rates of rates.yaml.</summary>
    public string Rates { get; init; } = """
        rates:
          - {id: mi300-dpx, labels: 'mi300[.]dpx', unit: gpu-hour, gpus: "0.5", rate: "2.25", currency: USD, method: donor-stated,
             evidence: test, donor: amd, approver: tac, referenceRate: {rate: "2.25", source: test}}
          - {id: mi300, labels: 'mi300(?:[.](?<gpus>[0-9]+))?', unit: gpu-hour, rate: "2.25", currency: USD, method: donor-stated,
             evidence: test, donor: amd, approver: tac, referenceRate: {rate: "2.25", source: test}}
          - {id: cloud-before, labels: 'cloud[.]small', to: 2026-07-16, unit: job-hour, rate: "0.10", currency: USD,
             method: list-equivalent, evidence: test}
          - {id: cloud-after, labels: 'cloud[.]small', from: 2026-07-16, unit: job-hour, rate: "0.20", currency: USD,
             method: list-equivalent, evidence: test}
        """;

    /// <summary>The splits of splits.yaml.</summary>
    public string Splits { get; init; } = """
        splits:
          - id: even
            name: Even
            status: proposed
            currency: USD
            method: even
            fallback: unallocated
            participants: [{organisation: acme}, {organisation: amd}]
        """;

    /// <summary>What funding.yaml says of commitments.</summary>
    public string Prepaid { get; init; } = "";

    public PolicySet Read() => PolicyLoader.Parse(
    [
        new PolicyFile("organisations.yaml", Organisations),
        new PolicyFile("accounts.yaml", Accounts),
        new PolicyFile("projects.yaml", "projects:\n  - {id: app, name: App, repository: acme/app}\n"),
        new PolicyFile("components.yaml", "components:\n  - {id: compute, name: Compute}\n"),
        new PolicyFile("architectures.yaml", "architectures:\n  - {id: x86, name: x86, labels: {costTable: x86, hoursTable: x86}}\n"),
        new PolicyFile("dimensions.yaml",
            "customColumns: [x_RunnerLabel, x_Repository]\ntagKeys: []\nrequiredAttributes: [payer-account]\n"),
        new PolicyFile("coverage.yaml", Coverage),
        new PolicyFile("funding.yaml", """
            grants:
              - {id: gift, name: Gift, donor: acme, kind: credits}
            rules:
              - id: credit-gift
                when: {ChargeCategory: Credit, ChargeDescription: gift}
                then: {grant: gift}
              - id: credit-correction
                when: {ChargeCategory: Credit, ChargeClass: Correction}
                then: {role: charge}
            """ + "\n" + Prepaid),
        new PolicyFile("rates.yaml", Rates),
        new PolicyFile("splits.yaml", Splits),
        new PolicyFile("attribution/labels.yaml", Labels),
    ]);
}
