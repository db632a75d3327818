namespace CiCost.Policy.Tests;

/// <summary>Attribution rules with a mistake in what they decide, and what is said of each.</summary>
internal static class BadRules
{
    public static readonly BadPolicy[] All =
    [
        new("UnknownOrganisation", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {operator: mata}
            """,
            "attribution/rules.yaml:4:22: There is no organisation 'mata'. Did you mean 'meta'? Correct it, or declare it in "
            + "organisations.yaml. [unknown-reference]"),
        new("NotAnOperator", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {operator: aws}
            """,
            "attribution/rules.yaml:4:22: The organisation 'aws' does not have the role operator. Add the role in "
            + "organisations.yaml, or name another. [missing-role]"),
        new("NotAChipVendor", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {chip-vendor: meta}
            """,
            "attribution/rules.yaml:4:25: The organisation 'meta' does not have the role chip-vendor. Add the role in "
            + "organisations.yaml, or name another. [missing-role]"),
        new("UnknownProject", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {project: vllm}
            """,
            "attribution/rules.yaml:4:21: There is no project 'vllm'. Correct it, or declare it in projects.yaml. "
            + "[unknown-reference]"),
        new("OrganisationAsProject", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {project: meta}
            """,
            "attribution/rules.yaml:4:21: 'meta' is an organisation, not a project. Name a project of projects.yaml. "
            + "[unknown-reference]"),
        new("UnknownArchitecture", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {architecture: CUDA}
            """,
            "attribution/rules.yaml:4:26: There is no architecture 'CUDA'. Did you mean 'cuda'? Correct it, or declare it in "
            + "architectures.yaml. [unknown-reference]"),
        new("UnknownComponent", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {component: storrage}
            """,
            "attribution/rules.yaml:4:23: There is no component 'storrage'. Did you mean 'storage'? Correct it, or declare "
            + "it in components.yaml. [unknown-reference]"),
        new("UnknownAccount", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {account: aws-mata}
                then: {payer-account: aws-mata}
            """,
            "attribution/rules.yaml:3:21: There is no account 'aws-mata'. Did you mean 'aws-meta'? Correct it, or declare it "
            + "in accounts.yaml. [unknown-reference]",
            "attribution/rules.yaml:4:27: There is no account 'aws-mata'. Did you mean 'aws-meta'? Correct it, or declare it "
            + "in accounts.yaml. [unknown-reference]"),
        new("UnknownDomain", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {domain: aws}
            """,
            "attribution/rules.yaml:4:20: There is no domain 'aws'. Correct it, or declare it in coverage.yaml. "
            + "[unknown-reference]"),
        new("UnknownBeneficiary", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {beneficiary: nobody}
            """,
            "attribution/rules.yaml:4:25: There is no organisation or project 'nobody'. Correct it, or declare it in "
            + "organisations.yaml or projects.yaml. [unknown-reference]"),
        new("UnknownThen", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {funder: aws}
            """,
            "attribution/rules.yaml:4:12: 'funder' is not a key here. The keys are: project, architecture, component, "
            + "operator, payer-account, domain, beneficiary, chip-vendor. [unknown-key]"),
        new("EmptyThen", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: A}
                then: {}
            """,
            "attribution/rules.yaml:4:11: The rule decides nothing. Set at least one of: project, architecture, component, "
            + "operator, payer-account, domain, beneficiary, chip-vendor. [empty-value]"),
        new("NoWhen", "attribution/rules.yaml",
            """
            rules:
              - id: a
                then: {component: compute}
            """,
            "attribution/rules.yaml:2:5: The key 'when' is missing. Add it here. [missing-key]"),
        new("EmptyWhen", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:11: Rule 'a' holds for every line, and would hide what no rule knows. Add a condition "
            + "that sets its lines apart. [catch-all]"),
        new("EveryCategory", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ChargeCategory: [Usage, Purchase, Tax, Credit, Adjustment]}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:11: Rule 'a' holds for every line, and would hide what no rule knows. Add a condition "
            + "that sets its lines apart. [catch-all]"),
        new("EitherOr", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {anyOf: [{ChargeCategory: Usage}, {ChargeCategory: {not: Usage}}]}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:11: Rule 'a' holds for every line, and would hide what no rule knows. Add a condition "
            + "that sets its lines apart. [catch-all]"),
        new("NotNonsense", "attribution/rules.yaml",
            """
            rules:
              - id: a
                when: {ServiceName: {not: nonsense}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:11: Rule 'a' holds for every line, and would hide what no rule knows. Add a condition "
            + "that sets its lines apart. [catch-all]"),
    ];
}
