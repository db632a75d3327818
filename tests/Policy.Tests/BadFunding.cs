namespace CiCost.Policy.Tests;

/// <summary>Funding rules and opening balances with a mistake, and what is said of each.</summary>
internal static class BadFunding
{
    private const string Grants = "grants: [{id: credits, name: Credits, donor: aws, kind: credits}]\n";

    public static readonly BadPolicy[] All =
    [
        new("CorrectionsBeforeGrant", "funding.yaml",
            Grants + """
            rules:
              - id: correction
                when: {ChargeCategory: Credit, ChargeClass: Correction}
                then: {role: charge}
              - id: draw
                when: {ChargeCategory: Credit, ServiceProviderName: AWS, ChargeDescription: {matches: open source}}
                then: {grant: credits}
            """,
            "funding.yaml:3:5: Rule 'correction' takes corrections before rule 'draw' (line 6) can map them to its grant: a Credit that "
            + "matches a grant is funding also with ChargeClass Correction. Move 'correction' behind the rules of grants. "
            + "[grant-without-corrections]"),
        new("CorrectionsOfTheProviderBeforeGrant", "funding.yaml",
            Grants + """
            rules:
              - id: correction
                when:
                  ChargeCategory: Credit
                  ServiceProviderName: AWS
                  anyOf: [{ChargeClass: Correction}, {ChargeDescription: corrected}]
                then: {role: charge}
              - id: draw
                when: {ChargeCategory: Credit, ServiceProviderName: AWS, ChargeDescription: {matches: open source}}
                then: {grant: credits}
            """,
            "funding.yaml:3:5: Rule 'correction' takes corrections before rule 'draw' (line 9) can map them to its grant: a Credit that "
            + "matches a grant is funding also with ChargeClass Correction. Move 'correction' behind the rules of grants. "
            + "[grant-without-corrections]"),
        new("GrantWithoutCorrections", "funding.yaml",
            Grants + """
            rules:
              - id: draw
                when: {ChargeCategory: Credit, ChargeClass: {isNull: true}, ChargeDescription: {matches: open source}}
                then: {grant: credits}
            """,
            "funding.yaml:3:5: Rule 'draw' keeps corrections from its grant: a Credit that matches a grant is funding also with ChargeClass "
            + "Correction; a positive one is a reversal. Remove the condition on ChargeClass. [grant-without-corrections]"),
        new("EveryCredit", "funding.yaml",
            Grants + """
            rules:
              - id: all
                when: {ChargeCategory: Credit, ChargeDescription: {not: {isNull: true}}}
                then: {role: charge}
            """,
            "funding.yaml:3:5: Rule 'all' holds for every Credit, and would hide one that no rule knows. Say what these credits are called. "
            + "[catch-all]"),
        new("EveryLineHasAService", APolicy.Rules,
            """
            rules:
              - id: all
                when: {ServiceName: {not: {isNull: true}}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:11: Rule 'all' holds for every line, and would hide what no rule knows. Add a condition that sets its lines "
            + "apart. [catch-all]"),
        new("EveryLineHasAnAccount", APolicy.Rules,
            """
            rules:
              - id: all
                when: {BillingAccountId: {not: {isNull: true}}}
                then: {component: compute}
            """,
            "attribution/rules.yaml:3:11: Rule 'all' holds for every line, and would hide what no rule knows. Add a condition that sets its lines "
            + "apart. [catch-all]"),
        Balance("BalanceInMidMonth", "asOf: 2026-07-15, funders: [{grant: credits, amount: \"5\"}]",
            "funding.yaml:5:12: A balance is that of the beginning of a month. Write its first day, such as 2026-07-01. [bad-date]"),
        Balance("BalanceThatIsNotItsParts", "asOf: 2026-07-01, funders: [{grant: credits, amount: \"4\"}]",
            "funding.yaml:5:33: The funders' amounts are not the amount together. Correct one, so that every part of the balance has its "
            + "funder. [bad-amount]"),
        Balance("BalanceOfGrantAndOrganisation", "asOf: 2026-07-01, funders: [{grant: credits, organisation: meta, kind: member-paid, amount: \"5\"}]",
            "funding.yaml:5:34: A funder is one of the two: grant: ID, or organisation: ID with kind. [bad-choice]"),
        Balance("BalanceWithoutKind", "asOf: 2026-07-01, funders: [{organisation: meta, amount: \"5\"}]",
            "funding.yaml:5:34: A funder that is no grant has both keys: organisation and kind. Add the other. [missing-key]"),
        Balance("BalanceOfAnUnknownGrant", "asOf: 2026-07-01, funders: [{grant: credit, amount: \"5\"}]",
            "funding.yaml:5:42: There is no grant 'credit'. Did you mean 'credits'? Correct it, or declare it in funding.yaml. [unknown-reference]"),
        new("BalanceBelowZero", "funding.yaml",
            Grants + """
            rules: []
            openingBalances:
              - {commitment: plan, account: aws-meta, currency: USD, amount: "-5", asOf: 2026-07-01, funders: [{grant: credits, amount: "5"}],
                 evidence: invoice, approver: A}
            """,
            "funding.yaml:4:66: What was paid ahead is above zero. Correct the amount, or remove the entry. [bad-amount]"),
        new("BalanceTwice", "funding.yaml",
            Grants + """
            rules: []
            openingBalances:
              - {commitment: plan, account: aws-meta, currency: USD, amount: "5", asOf: 2026-07-01, funders: [{grant: credits, amount: "5"}],
                 evidence: invoice, approver: A}
              - {commitment: plan, account: aws-meta, currency: USD, amount: "5", asOf: 2026-08-01, funders: [{grant: credits, amount: "5"}],
                 evidence: invoice, approver: A}
            """,
            "funding.yaml:6:18: 'plan' has two opening balances in USD. Remove one, or add them up. [duplicate-id]"),
        new("EndTwice", "funding.yaml",
            Grants + """
            rules: []
            commitmentEnds:
              - {commitment: plan, to: 2026-07-01, evidence: invoice}
              - {commitment: plan, to: 2027-07-01, evidence: invoice}
            """,
            "funding.yaml:5:18: 'plan' ends twice. Remove one. [duplicate-id]"),
    ];

    private static BadPolicy Balance(string name, string rest, string mistake) => new(name, "funding.yaml",
        Grants + "rules: []\nopeningBalances:\n  - {commitment: plan, account: aws-meta, currency: USD, amount: \"5\", evidence: i, "
        + "approver: A,\n     " + rest + "}\n", mistake);
}
