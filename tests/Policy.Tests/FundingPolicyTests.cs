using CiCost.Domain.Funding;
using CiCost.Domain.Periods;

namespace CiCost.Policy.Tests;

/// <summary>What funding.yaml says of commitments, and which orders of rules are right.</summary>
public sealed class FundingPolicyTests
{
    [Test]
    public void OpeningBalance_IsRead_WithItsFunders()
    {
        var prepaid = APolicy.Parse(("funding.yaml", """
            grants: [{id: credits, name: Credits, donor: aws, kind: credits}]
            rules: []
            openingBalances:
              - commitment: plan
                account: aws-meta
                currency: USD
                amount: "1200.5"
                asOf: 2026-07-01
                funders: [{grant: credits, amount: "300.5"}, {organisation: meta, kind: member-paid, amount: "900"}]
                evidence: invoice of June
                approver: A. Person
            commitmentEnds:
              - {commitment: plan, to: 2027-07-01, evidence: order form}
            """)).Prepaid;
        var opening = prepaid.Openings.Single();
        Assert.Multiple(() =>
        {
            Assert.That((opening.CommitmentId, opening.PayerAccount, opening.Currency, opening.MonthIndex),
                Is.EqualTo(("plan", "aws-meta", "USD", BillingMonth.Parse("2026-07").Index)));
            Assert.That(opening.Parts, Is.EqualTo(new[]
            {
                (new Funder("aws", FundingKind.Credits, "credits"), (Int128)300_500_000_000),
                (new Funder("meta", FundingKind.MemberPaid), (Int128)900_000_000_000),
            }));
            Assert.That(prepaid.LastMonths["plan"], Is.EqualTo(BillingMonth.Parse("2027-06").Index));
        });
    }

    /// <summary>A rule that looks at what the credit is called may stand before the grants, and one that takes the rest behind them.</summary>
    [Test]
    public void Corrections_BehindTheGrants_AreRight() => Assert.That(APolicy.Mistakes(("funding.yaml", """
        grants: [{id: credits, name: Credits, donor: aws, kind: credits}]
        rules:
          - id: refund
            when: {ChargeCategory: Credit, ChargeClass: Correction, ChargeDescription: {matches: refund}}
            then: {role: charge}
          - id: draw
            when: {ChargeCategory: Credit, ChargeDescription: {matches: open source}}
            then: {grant: credits}
          - id: correction
            when: {ChargeCategory: Credit, ChargeClass: Correction}
            then: {role: charge}
        """)), Is.Empty);
}
