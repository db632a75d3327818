using System.Text.Json;

namespace CiCost.Cli.Tests.Demo;

/// <summary>
/// Where recompute.py repeats a rule of the program: commitments, prepaid mix, several grants, repositories. Every figure of demonstration
/// months against tests/independent/opinion.py, which was written from the law; and of the same months with what the demonstration lacks
/// added by tests/independent/harden.py: refunds, use before its purchase, restricted grants, openings, ends.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class SecondOpinionTests(bool isHardened)
{
    private static readonly string[] Steps = ["opening", "purchases", "applied", "refunded", "expired", "closing"];

    private IndependentDemo _demo = null!;
    private IReadOnlyList<JsonElement> _opinions = null!;

    /// <summary>Where several funders pay a need, amounts are cut to whole nanos by largest remainder; the script keeps fractions.</summary>
    private decimal Tolerance => isHardened ? 0.000000002m : 0;

    [OneTimeSetUp]
    public async Task MakeBooks() => (_demo, _opinions) = await DemoMonths.OpinionAsync(isHardened);

    [Test]
    public async Task RollForward_OfEveryCommitment_IsTheSecondOpinion()
    {
        string[] keys = ["payerAccount", "commitment", "currency"];
        foreach (var opinion in _opinions)
        {
            var ours =
                from roll in (await _demo.AskAsync("funding", Month(opinion))).GetProperty("prepaid").EnumerateArray()
                from step in Steps
                let amount = Figures.Number(roll.GetProperty(step).GetProperty("amount"))
                where amount != 0
                select KeyValuePair.Create($"{string.Join(" / ", keys.Select(k => Figures.Text(roll, k)))} / {step}", amount);
            Assert.That(ours.ToDictionary(), Is.EquivalentTo(Figures.Rows(opinion.GetProperty("prepaid"), keys, Steps)).And.Not.Empty, Month(opinion));
        }
    }

    [Test]
    public async Task Funding_ByOrganisationKindAndGrant_IsTheSecondOpinion()
    {
        foreach (var opinion in _opinions)
        {
            var ours = await _demo.AskAsync("funding", Month(opinion));
            var given = Figures.Rows(opinion.GetProperty("funding"), ["organisation", "kind", "currency", "grant"], "amount");
            AssertSame(Figures.Parts(ours), given, Month(opinion));
            AssertRows(ours, opinion, "paidAhead", "payerAccount", "subject", "organisation", "kind");
            AssertRows(ours, opinion, "draws", "payerAccount", "subject");
            AssertRows(ours, opinion, "unappliedCredits", "payerAccount", "subject");
        }

        void AssertRows(JsonElement ours, JsonElement opinion, string list, params string[] keys) => AssertSame(
            Figures.Rows(ours.GetProperty(list), keys, "amount"), Figures.Rows(opinion.GetProperty(list), keys, "amount"), $"{Month(opinion)} {list}");
    }

    [TestCase("consumption")]
    [TestCase("payable")]
    public async Task Costs_OfEveryPayer_AreTheSecondOpinion(string metric)
    {
        foreach (var opinion in _opinions)
        {
            var ours = await _demo.AskAsync("costs", Month(opinion), "--group-by", "payer-account", "--metric", metric);
            Assert.That(Figures.Rows(ours.GetProperty("rows"), ["payer-account", "currency"], "amount"),
                Is.EqualTo(Figures.Rows(opinion.GetProperty("payers"), ["payerAccount", "currency"], metric)), Month(opinion));
        }
    }

    [Test]
    public async Task Costs_OfGitHubByProject_AreTheSecondOpinion()
    {
        string[] keys = ["source", "project", "currency"];
        foreach (var opinion in _opinions)
        {
            var ours = await _demo.AskAsync("costs", Month(opinion), "--group-by", "source,project", "--where", "source=github-billing");
            Assert.That(Figures.Rows(ours.GetProperty("rows"), keys, "amount"),
                Is.EqualTo(Figures.Rows(opinion.GetProperty("projects"), keys, "amount")).And.Count.GreaterThan(2), Month(opinion));
        }
    }

    private static string Month(JsonElement opinion) => Figures.Text(opinion, "month");

    private void AssertSame(SortedDictionary<string, decimal> ours, SortedDictionary<string, decimal> theirs, string what) => Assert.Multiple(() =>
    {
        foreach (var name in ours.Keys.Union(theirs.Keys))
        {
            Assert.That(ours.GetValueOrDefault(name), Is.EqualTo(theirs.GetValueOrDefault(name)).Within(Tolerance), $"{what}: {name}");
        }
    });
}
