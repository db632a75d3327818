namespace CiCost.Policy.Tests;

/// <summary>Accounts, dimensions, coverage and funding with a mistake, and what is said of each.</summary>
internal static class BadAccounting
{
    public static readonly BadPolicy[] All =
    [
        new("BadRole", "organisations.yaml",
            """
            organisations:
              - {id: meta, name: Meta, slug: Meta, roles: [operater]}
              - {id: aws, name: AWS, slug: AWS, roles: [donor]}
            """,
            "organisations.yaml:2:48: 'operater' is not allowed here. Did you mean 'operator'? Use one of: donor, operator, "
            + "chip-vendor. [bad-choice]"),
        new("BadSlug", "organisations.yaml",
            """
            organisations:
              - {id: meta, name: Meta, slug: "Meta:X", roles: []}
              - {id: aws, name: AWS, slug: AWS, roles: [donor]}
            """,
            "organisations.yaml:2:34: 'Meta:X' is not a name for the journal. Begin with A-Z and use letters, digits and "
            + "hyphens only. [bad-id]"),
        new("DuplicateLabel", "architectures.yaml",
            """
            architectures:
              - {id: cuda, name: CUDA, labels: {costTable: CUDA, hoursTable: CUDA}}
              - {id: rocm, name: ROCm, labels: {costTable: CUDA, hoursTable: ROCM}}
            """,
            "architectures.yaml:3:48: The costTable label 'CUDA' is already used in line 2: two rows of one table would have "
            + "the same name. Change one. [duplicate-label]"),
        new("UnknownOwner", "accounts.yaml",
            """
            accounts:
              - {id: aws-meta, name: A, owner: mata, provider: aws, match: []}
            """,
            "accounts.yaml:2:36: There is no organisation 'mata'. Did you mean 'meta'? Correct it, or declare it in "
            + "organisations.yaml. [unknown-reference]"),
        new("AccountByService", "accounts.yaml",
            """
            accounts:
              - {id: aws-meta, name: A, owner: meta, provider: aws, match: [{ServiceName: AmazonEC2}]}
            """,
            "accounts.yaml:2:66: 'ServiceName' does not say whose bill a line is on. Use: BillingAccountId, "
            + "BillingAccountName, BillingAccountType, HostProviderName, InvoiceIssuerName, ServiceProviderName, SubAccountId, "
            + "SubAccountName, SubAccountType, x_ProviderName, x_PublisherName. [unknown-column]"),
        new("AccountTakesAll", "accounts.yaml",
            """
            accounts:
              - {id: aws-meta, name: A, owner: meta, provider: aws, match: [{}]}
            """,
            "accounts.yaml:2:65: Account 'aws-meta' would take every line. Name what sets its lines apart, such as "
            + "BillingAccountId. [catch-all]"),
        new("FocusColumnAsCustom", "dimensions.yaml",
            """
            customColumns: [ServiceName, x_UsageType]
            tagKeys: [Cluster, Cluster]
            requiredAttributes: [component]
            """,
            "dimensions.yaml:1:17: 'ServiceName' is not a custom column. List names such as x_ServiceCode; FOCUS columns "
            + "need no listing. [bad-column-name]",
            "dimensions.yaml:2:20: The tag key 'Cluster' is already listed in line 2. Remove one. [duplicate-id]"),
        new("NoRequiredAttribute", "dimensions.yaml",
            """
            customColumns: []
            tagKeys: []
            requiredAttributes: []
            """,
            "dimensions.yaml:3:21: Name at least one attribute: without one every line would count as attributed. [empty-value]"),
        new("UnknownAttribute", "dimensions.yaml",
            """
            customColumns: []
            tagKeys: []
            requiredAttributes: [payer]
            """,
            "dimensions.yaml:3:22: 'payer' is not allowed here. Use one of: project, architecture, component, operator, "
            + "payer-account, domain, beneficiary, chip-vendor. [bad-choice]"),
        new("NoLedger", "coverage.yaml",
            """
            domains:
              - {id: aws-meta, name: A, coverage: []}
            """,
            "coverage.yaml:2:39: Domain 'aws-meta' has no ledger source. Add - ledger: SOURCE with its basis. [empty-value]"),
        new("InvoicedBasis", "coverage.yaml",
            """
            domains:
              - {id: aws-meta, name: A, coverage: [{ledger: aws-meta, basis: invoiced}]}
            """,
            "coverage.yaml:2:66: 'invoiced' is not allowed here. Use one of: billed, estimated, donor-stated, "
            + "carried-forward. [bad-choice]"),
        new("TwoLedgers", "coverage.yaml",
            """
            domains:
              - id: aws-meta
                name: A
                coverage:
                  - {ledger: hud, basis: estimated, to: 2026-07-15}
                  - {ledger: aws-meta, basis: billed, from: 2026-07-01}
            """,
            "coverage.yaml:6:9: Domain 'aws-meta' has two ledger sources from 2026-07-01: 'hud' (line 5) and 'aws-meta'. End "
            + "the first with 'to' on the day that the second begins with 'from'. [overlapping-coverage]"),
        new("LedgerIsEvidence", "coverage.yaml",
            """
            domains:
              - id: aws-meta
                name: A
                coverage:
                  - {ledger: hud, basis: estimated, evidence: [{source: hud, basis: estimated}]}
            """,
            "coverage.yaml:5:61: The source 'hud' is already named in this entry. A source is the ledger or evidence, once. "
            + "Remove one. [duplicate-id]"),
        new("UnknownAccountOfDomain", "coverage.yaml",
            """
            domains:
              - {id: aws-meta, name: A, account: aws-mata, coverage: [{ledger: aws-meta, basis: billed}]}
            """,
            "coverage.yaml:2:38: There is no account 'aws-mata'. Did you mean 'aws-meta'? Correct it, or declare it in "
            + "accounts.yaml. [unknown-reference]"),
        new("DonorWithoutRole", "funding.yaml",
            """
            grants: [{id: credits, name: Credits, donor: meta, kind: credits}]
            rules: []
            """,
            "funding.yaml:1:46: The organisation 'meta' does not have the role donor. Add the role in organisations.yaml, or "
            + "name another. [missing-role]"),
        new("UnknownKind", "funding.yaml",
            """
            grants: [{id: credits, name: Credits, donor: aws, kind: cash}]
            rules: []
            """,
            "funding.yaml:1:57: 'cash' is not allowed here. Use one of: credits, free-tier. [bad-choice]"),
        new("GrantOfUsage", "funding.yaml",
            """
            grants: [{id: credits, name: Credits, donor: aws, kind: credits}]
            rules:
              - id: draw
                when: {ChargeDescription: {matches: Credit}}
                then: {grant: credits}
            """,
            "funding.yaml:4:11: Rule 'draw' maps lines to a grant that are perhaps no draws on it. Add ChargeCategory: "
            + "Credit. [grant-not-credit]"),
        new("UnknownGrant", "funding.yaml",
            """
            grants: []
            rules:
              - id: draw
                when: {ChargeCategory: Credit, ChargeDescription: gift}
                then: {grant: credits}
            """,
            "funding.yaml:5:19: There is no grant 'credits'. Correct it, or declare it in funding.yaml. [unknown-reference]"),
        new("GrantAndRole", "funding.yaml",
            """
            grants: [{id: credits, name: Credits, donor: aws, kind: credits}]
            rules:
              - id: draw
                when: {ChargeCategory: Credit, ChargeDescription: gift}
                then: {grant: credits, role: charge}
            """,
            "funding.yaml:5:11: A funding rule gives exactly one of the two: grant: ID, or role: charge. [bad-choice]"),
        new("UnknownRole", "funding.yaml",
            """
            grants: []
            rules:
              - id: draw
                when: {ChargeCategory: Credit, ChargeDescription: gift}
                then: {role: funding}
            """,
            "funding.yaml:5:18: 'funding' is not allowed here. Use one of: charge. [bad-choice]"),
    ];
}
