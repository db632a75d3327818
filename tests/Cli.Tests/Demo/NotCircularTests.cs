namespace CiCost.Cli.Tests.Demo;

/// <summary>The demonstration is not circular: its figures hang on what a bill says and on rules, on nothing else.</summary>
internal sealed class NotCircularTests
{
    private const string Month = "2026-07";

    private IndependentDemo _demo = null!;

    [OneTimeSetUp]
    public async Task MakeBooks() => _demo = await IndependentDemo.MakeAsync(Month, Month);

    [OneTimeTearDown]
    public void RemoveBooks() => _demo.Dispose();

    [Test]
    public async Task Figures_OfRenamedResources_AreTheSame()
    {
        using var renamed = await IndependentDemo.AlteredAsync(_demo, "rename");
        var (before, after) = (await FiguresOf(_demo), await FiguresOf(renamed));
        Assert.That(after, Is.EqualTo(before).And.Count.GreaterThan(100));
    }

    /// <summary>A row of the bill that costs a cent more: both calculators add the cent to the same figures.</summary>
    [Test]
    public async Task Figures_OfARawLineWithACentMore_ChangeAlike()
    {
        using var altered = await IndependentDemo.AlteredAsync(_demo, "add", "aws-foundation", "0.01");
        var (before, after) = (await FiguresOf(_demo), await FiguresOf(altered));
        var theirs = (await altered.RecomputeAsync(Month))[0];
        var changed = after.Where(f => before.GetValueOrDefault(f.Key) != f.Value && f.Key.StartsWith("bridge", StringComparison.Ordinal))
            .ToDictionary(f => f.Key["bridge / aws-foundation / USD / ".Length..], f => f.Value - before[f.Key]);
        Assert.Multiple(() =>
        {
            Assert.That(changed, Is.EquivalentTo(new Dictionary<string, decimal>
            {
                ["listUsage"] = 0.01m,
                ["consumption"] = 0.01m,
                ["payable"] = 0.01m,
            }));
            Figures.AssertSame(after, Named(
                ("bridge", Figures.BridgesOfTheirs(theirs)),
                ("costs", Figures.Rows(theirs.GetProperty("consumption"), ["source", "architecture", "currency"], "amount")),
                ("funding", Figures.FundingOfTheirs(theirs)),
                ("statement", Figures.StatementOfTheirs(theirs.GetProperty("statement")))), atLeast: 100);
        });
    }

    [Test]
    public async Task Costs_WithoutARule_MoveItsAmountToUnattributed()
    {
        using var altered = await IndependentDemo.AlteredAsync(_demo, "without-rule", "arch-graviton");
        var (before, after) = (await CostsOf(_demo), await CostsOf(altered));
        const string rule = "aws-foundation / arm64-graviton / USD";
        const string rest = "aws-foundation / Unattributed / USD";
        var theirs = (await altered.RecomputeAsync(Month))[0];
        var expected = new SortedDictionary<string, decimal>(before, StringComparer.Ordinal);
        expected[rest] = expected.GetValueOrDefault(rest) + expected[rule];
        expected.Remove(rule);
        Assert.Multiple(() =>
        {
            Assert.That(decimal.Round(before[rule], 2), Is.EqualTo(Published()["ARM64 (AWS Graviton)"]));
            Assert.That(after, Is.EqualTo(expected));
            Assert.That(after, Is.EqualTo(
                Figures.Rows(theirs.GetProperty("consumption"), ["source", "architecture", "currency"], "amount")));
        });
    }

    /// <summary>Another seed: other machines, jobs and mixes, the same sums where there are public facts.</summary>
    [Test]
    public async Task Figures_OfAnotherSeed_HaveTheCalibratedSumsAndOtherMixes()
    {
        using var other = await IndependentDemo.MakeAsync(Month, Month, seed: 20_260_811);
        var theirs = (await other.RecomputeAsync(Month))[0];
        var (before, after) = (await FiguresOf(_demo), await FiguresOf(other));
        Assert.Multiple(async () =>
        {
            Assert.That(await HoursOf(other), Is.EqualTo(await HoursOf(_demo)).And.Count.GreaterThan(10));
            foreach (var step in new[] { "listUsage", "otherCharges", "consumption", "credits", "payable" })
            {
                var name = $"bridge / aws-foundation / USD / {step}";
                Assert.That(decimal.Round(after[name], 2), Is.EqualTo(decimal.Round(before[name], 2)), name);
            }

            Assert.That(decimal.Round(after["bridge / aws-foundation / USD / listUsage"], 2), Is.EqualTo(Published().Values.Sum()));
            foreach (var name in before.Keys.Where(k => k.StartsWith("costs / aws-foundation / ", StringComparison.Ordinal)
                && !k.Contains("rounding", StringComparison.Ordinal)))
            {
                Assert.That(decimal.Round(after[name], 2), Is.EqualTo(decimal.Round(before[name], 2)), name);
            }

            Assert.That(after["bridge / meta-fleet-estimate / USD / consumption"],
                Is.Not.EqualTo(before["bridge / meta-fleet-estimate / USD / consumption"]), "an invented mix follows the seed");
            Assert.That(after.Where(f => f.Key.StartsWith("bridge", StringComparison.Ordinal)).ToDictionary(),
                Is.EquivalentTo(Named(("bridge", Figures.BridgesOfTheirs(theirs)))));
        });
    }

    private static Dictionary<string, decimal> Published() => DemoRun.Fact("foundation_aws_cost_by_architecture_2026-07.csv")
        .Where(r => r["architecture"].Length > 0).ToDictionary(r => r["architecture"], r => decimal.Parse(r.Values.ElementAt(1)));

    private static async Task<SortedDictionary<string, decimal>> CostsOf(IndependentDemo demo) => Figures.Rows(
        (await demo.AskAsync("costs", Month, "--group-by", "source,architecture")).GetProperty("rows"),
        ["source", "architecture", "currency"], "amount");

    private static async Task<SortedDictionary<string, decimal>> HoursOf(IndependentDemo demo) =>
        Figures.Rows((await demo.AskAsync("jobs", Month)).GetProperty("rows"), ["key"], "seconds");

    private static async Task<SortedDictionary<string, decimal>> FiguresOf(IndependentDemo demo) => Named(
        ("bridge", Figures.Bridges(await demo.AskAsync("bridge", Month))),
        ("costs", await CostsOf(demo)),
        ("funding", Figures.Funding(await demo.AskAsync("funding", Month))),
        ("statement", Figures.Statement(await demo.AskAsync("statements", Month))));

    private static SortedDictionary<string, decimal> Named(params (string Name, SortedDictionary<string, decimal> Figures)[] groups) => new(
        groups.SelectMany(g => g.Figures.Select(f => ($"{g.Name} / {f.Key}", f.Value))).ToDictionary(f => f.Item1, f => f.Value),
        StringComparer.Ordinal);
}
