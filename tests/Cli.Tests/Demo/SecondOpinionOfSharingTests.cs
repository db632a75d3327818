using System.Text.Json;

namespace CiCost.Cli.Tests.Demo;

/// <summary>
/// Statements against tests/independent/opinion.py: every split that holds all month, and the split of each day. The hardened months have
/// exclusions, a beneficiary, participants and acceptances of a part of a month, a split that changes on a 16th.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class SecondOpinionOfSharingTests(bool isHardened)
{
    /// <summary>Weights and shares are sums of cells that are cut to whole nanos; the script keeps fractions.</summary>
    private const decimal Tolerance = 0.00000001m;

    private static readonly string[] Columns = ["given", "paidAhead", "used", "excluded", "directed", "shared", "net"];
    private static readonly string[] Pools = ["commonDirect", "commonOverhead", "unusedReservations", "directed", "excluded", "freeTerms", "consumption"];

    private IndependentDemo _demo = null!;
    private IReadOnlyList<JsonElement> _opinions = null!;

    [OneTimeSetUp]
    public async Task MakeBooks() => (_demo, _opinions) = await DemoMonths.OpinionAsync(isHardened);

    [Test]
    public async Task Statement_OfEverySplit_IsTheSecondOpinion()
    {
        var compared = 0;
        foreach (var opinion in _opinions)
        {
            foreach (var statement in opinion.GetProperty("statements").EnumerateArray())
            {
                var split = Figures.Text(statement, "split");
                var ours = await _demo.AskAsync("statements", Figures.Text(opinion, "month"), split.Length > 0 ? ["--split", split] : []);
                AssertSame(Ours(ours), Theirs(statement), $"{Figures.Text(opinion, "month")} {split}");
                compared++;
            }
        }

        Assert.That(compared, Is.EqualTo(isHardened ? 5 : 3 * _opinions.Count), "every split of a whole month, and that of each day");
    }

    private static Dictionary<string, decimal> Ours(JsonElement ours)
    {
        var rows =
            from row in ours.GetProperty("rows").EnumerateArray()
            from column in Columns
            select ($"{Figures.Text(row, "organisation")} / {column}", Amount(row.GetProperty(column)));
        var pools = Pools.Select(p => (p, Amount(ours.GetProperty("pool").GetProperty(p))));
        var exclusions = ours.GetProperty("excluded").EnumerateArray().Select(e => ($"excluded / {Figures.Text(e, "id")}", Amount(e.GetProperty("amount"))));
        return rows.Concat(pools).Concat(exclusions).ToDictionary();
    }

    private static Dictionary<string, decimal> Theirs(JsonElement statement)
    {
        var rows = Figures.Rows(statement.GetProperty("rows"), ["organisation"], Columns).Select(r => (r.Key, r.Value));
        var pools = Pools.Select(p => (p, Figures.Number(statement.GetProperty(p))));
        var exclusions = Figures.Numbers(statement.GetProperty("exclusions")).Select(e => ($"excluded / {e.Key}", e.Value));
        return rows.Concat(pools).Concat(exclusions).ToDictionary();
    }

    private static decimal Amount(JsonElement money) => money.ValueKind == JsonValueKind.Null ? 0 : Figures.Number(money.GetProperty("amount"));

    private static void AssertSame(Dictionary<string, decimal> ours, Dictionary<string, decimal> theirs, string what) => Assert.Multiple(() =>
    {
        foreach (var name in ours.Keys.Union(theirs.Keys))
        {
            Assert.That(ours.GetValueOrDefault(name), Is.EqualTo(theirs.GetValueOrDefault(name)).Within(Tolerance), $"{what}: {name}");
        }
    });
}
