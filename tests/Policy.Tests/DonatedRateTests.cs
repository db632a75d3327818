using CiCost.Domain.JobCosting;

namespace CiCost.Policy.Tests;

/// <summary>How sure the value of donated machines is, and whether it may enter a pool (accounting.md, 13 and its amendment).</summary>
public sealed class DonatedRateTests
{
    private const int Day = 20_640, NextMonth = Day + 31;

    private static (string, string) Coverage(string basis) => ("coverage.yaml", $$"""
        domains:
          - id: fleet
            name: Fleet
            account: aws-meta
            coverage:
              - {ledger: before, basis: billed, to: 2026-07-01}
              - {ledger: values, basis: {{basis}}, valuedFrom: jobs, from: 2026-07-01}
        """);

    private static (string, string) Rates(params string[] rates) =>
        ("rates.yaml", "rates:\n" + string.Concat(rates.Select((r, i) =>
            $"  - {{id: r{i}, unit: job-hour, currency: USD, evidence: test, {r}}}\n")));

    [Test]
    public void BasisDonorStated_OfARateThatTheDonorDidNotState_IsAMistake()
    {
        const string list = "labels: a, rate: \"1\", donor: meta, method: list-equivalent";
        const string before = "labels: b, rate: \"1\", donor: meta, method: replacement, to: 2026-07-01";
        const string stated = "labels: c, rate: \"1\", donor: meta, method: donor-stated";
        const string other = "labels: d, rate: \"1\", donor: aws, method: list-equivalent";
        Assert.Multiple(() =>
        {
            Assert.That(APolicy.Mistakes(Coverage("donor-stated"), Rates(before, stated, other, list)), Is.EqualTo(new[]
            {
                "rates.yaml:5:104: 'meta' did not state this rate: its method is list-equivalent. But coverage.yaml gives domain 'fleet' the "
                + "basis donor-stated. Write estimated there, or the rate that the donor states here. [basis-against-method]",
            }));
            Assert.That(APolicy.Mistakes(Coverage("estimated"), Rates(before, stated, other, list)), Is.Empty);
        });
    }

    /// <summary>Books that took such a policy over before stay readable.</summary>
    [Test]
    public void BasisDonorStated_OfAKeptPolicy_IsRead() => Assert.That(
        PolicyLoader.ParseChecked(APolicy.With(Coverage("donor-stated"),
            Rates("labels: a, rate: \"1\", donor: meta, method: list-equivalent"))).Rates, Has.Length.EqualTo(1));

    [TestCase("", "no-approver", 0)]
    [TestCase("approver: tac", "no-reference", 0)]
    [TestCase("referenceRate: {rate: \"2\", source: list}", "no-approver", 0)]
    [TestCase("approver: Meta, referenceRate: {rate: \"2\", source: list}", "approved-by-donor", 0)]
    [TestCase("approver: tac, referenceRate: {rate: \"2\", source: list}", null, 2_000_000_000)]
    [TestCase("approver: tac, referenceRate: {rate: \"4\", source: list}", null, 3_000_000_000)]
    public void Value_MayEnterAPool_WithApproverAndReference_AtTheLowerRate(string keys, string? refusal, long lower)
    {
        var policy = APolicy.Parse(Coverage("estimated"),
            Rates("labels: gpu, rate: \"3\", method: donor-stated" + (keys.Length == 0 ? "" : ", " + keys)));
        var value = policy.PoolValueOf("My.GPU", Day, "meta");
        Assert.Multiple(() =>
        {
            Assert.That(value, Is.EqualTo(new PoolValue(refusal, 3_000_000_000, lower)));
            Assert.That(value.IsAcceptable, Is.EqualTo(refusal is null));
            Assert.That(value.Counting(9_000_000_000), Is.EqualTo((Int128)3 * lower));
            Assert.That(policy.PoolValueOf("cpu", Day, "meta").Refusal, Is.EqualTo("no-rate"));
        });
    }

    [TestCase(1, ExpectedResult = 1)]
    [TestCase(-1, ExpectedResult = -1)]
    [TestCase(3, ExpectedResult = 2)]
    [TestCase(-3, ExpectedResult = -2)]
    [TestCase(6, ExpectedResult = 4)]
    public int Counting_RoundsHalfEvenOnBothSidesOfZero(int value) => (int)new PoolValue(null, 3, 2).Counting(value);

    [TestCase(1, ExpectedResult = 0)]
    [TestCase(3, ExpectedResult = 2)]
    [TestCase(-3, ExpectedResult = -2)]
    [TestCase(-5, ExpectedResult = -2)]
    public int Counting_OfHalves_GoesToTheEvenOne(int value) => (int)new PoolValue(null, 2, 1).Counting(value);

    [Test]
    public void Fleet_IsAcceptable_WhenEveryRateOfItsOwnerIs()
    {
        const string good = "approver: tac, referenceRate: {rate: \"1\", source: list}, rate: \"1\", method: list-equivalent";
        var policy = APolicy.Parse(Coverage("estimated"), Rates($"labels: a, donor: meta, {good}", $"labels: b, donor: aws, {good}",
            "labels: c, donor: meta, rate: \"1\", method: list-equivalent, from: 2026-08-01"));
        var none = APolicy.Parse(Coverage("estimated"), Rates($"labels: b, {good}"));
        string Of(PolicySet set, string domain, int from, int to) =>
            set.AcceptanceOf(domain, from, to) is var a ? $"{a.IsAcceptable} {string.Join(", ", a.Refusals)}" : "";
        Assert.Multiple(() =>
        {
            Assert.That(Of(policy, "fleet", Day - 5, Day), Is.EqualTo("True "));
            Assert.That(Of(policy, "fleet", Day, NextMonth), Is.EqualTo("False r2: no-approver"), "a rate begins in these days");
            Assert.That(Of(none, "fleet", Day, NextMonth), Is.EqualTo("False fleet: no-rate"));
            Assert.That(Of(policy, "elsewhere", Day, NextMonth), Is.EqualTo("False elsewhere: no-owner"));
        });
    }
}
