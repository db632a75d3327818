using System.Text.Json;

namespace CiCost.Cli.Tests.Demo;

/// <summary>
/// Every figure of demonstration months against tests/independent/recompute.py, to the nano. Six months: a refund of an earlier month,
/// a commitment that is used a month after it was paid, a restated bill, late job events, unknown labels, unclassified credits.
/// </summary>
[TestFixture("2026-02")]
[TestFixture("2026-03")]
[TestFixture("2026-04")]
[TestFixture("2026-05")]
[TestFixture("2026-06")]
[TestFixture("2026-07")]
internal sealed class IndependentTests(string month)
{
    private IndependentDemo _demo = null!;
    private JsonElement _theirs;

    [OneTimeSetUp]
    public async Task MakeBooks()
    {
        var (demo, recomputed) = await DemoMonths.RecomputedAsync();
        _demo = demo;
        _theirs = recomputed[Array.IndexOf(DemoMonths.Months, month)];
        Assert.That(Figures.Text(_theirs, "month"), Is.EqualTo(month));
    }

    [Test]
    public async Task Bridge_OfEverySource_IsTheRecomputedOne()
    {
        var ours = await _demo.AskAsync("bridge", month);
        Assert.That(Figures.Bridges(ours), Is.EqualTo(Figures.BridgesOfTheirs(_theirs)).And.Count.GreaterThan(30));
    }

    [Test]
    public async Task Invoice_OfEverySourceThatHasThemAll_IsTheRecomputedOne()
    {
        var ours = (await _demo.AskAsync("bridge", month)).GetProperty("bridges").EnumerateArray()
            .Where(b => b.GetProperty("invoice").ValueKind == JsonValueKind.Object)
            .Select(b => (Figures.Text(b, "source"), Figures.Text(b, "currency"), Figures.Number(b.GetProperty("invoice").GetProperty("amount")))).ToList();
        var theirs = _theirs.GetProperty("invoices").EnumerateArray()
            .Select(i => (Figures.Text(i, "source"), Figures.Text(i, "currency"), Figures.Number(i.GetProperty("invoice"))));
        Assert.That(ours, Is.EquivalentTo(theirs).And.Count.EqualTo(3), "AWS, Azure and Google; GitHub sends none");
    }

    [TestCase("architecture", "consumption")]
    [TestCase("component", "components")]
    public async Task Costs_BySourceAndMeaning_AreTheRecomputedOnes(string dimension, string name)
    {
        var ours = await _demo.AskAsync("costs", month, "--group-by", $"source,{dimension}");
        string[] keys = ["source", dimension, "currency"];
        var theirs = Figures.Rows(_theirs.GetProperty(name), keys, "amount");
        Assert.That(Figures.Rows(ours.GetProperty("rows"), keys, "amount"), Is.EqualTo(theirs).And.Count.GreaterThan(10));
    }

    [Test]
    public async Task Jobs_SecondsByArchitecture_AreTheRecomputedOnes()
    {
        var ours = await _demo.AskAsync("jobs", month);
        var theirs = _theirs.GetProperty("hours").GetProperty(month);
        Assert.Multiple(() =>
        {
            Assert.That(Figures.Rows(ours.GetProperty("rows"), ["key"], "seconds"),
                Is.EqualTo(Figures.Numbers(theirs.GetProperty("seconds"))).And.Count.GreaterThan(8));
            Assert.That(ours.GetProperty("totalSeconds").GetInt64(), Is.EqualTo(theirs.GetProperty("total").GetInt64()));
        });
    }

    /// <summary>Valuing again says what has no value. Hours are printed to nine places; seconds are whole.</summary>
    [Test]
    public async Task Value_OfFleetsWithoutABill_IsTheRecomputedOne()
    {
        var ours = await _demo.AskAsync("value", month);
        var booked = ours.GetProperty("booked").EnumerateArray().ToDictionary(b => Figures.Text(b, "source"), b =>
            Figures.Number(b.GetProperty("totals").GetProperty("USD").GetProperty("effective")));
        var valued = _theirs.GetProperty("valuation").EnumerateArray().GroupBy(v => Figures.Text(v, "source"))
            .ToDictionary(g => g.Key, g => g.Sum(v => Figures.Number(v.GetProperty("amount"))));
        var unvalued = Figures.Rows(ours.GetProperty("unvalued"), ["label", "reason"], "hours");
        var without = Figures.Rows(_theirs.GetProperty("unvalued"), ["label", "reason"], "seconds");
        Assert.Multiple(() =>
        {
            Assert.That(booked.ToDictionary(b => b.Key, b => decimal.Round(b.Value, 9, MidpointRounding.ToEven)), Is.EquivalentTo(valued));
            Assert.That(booked, Has.Count.EqualTo(6));
            Assert.That(unvalued.ToDictionary(u => u.Key, u => decimal.Round(u.Value * 3_600)), Is.EquivalentTo(without).And.Not.Empty);
            Assert.That(decimal.Round(Figures.Number(ours.GetProperty("evidenceHours")) * 3_600),
                Is.EqualTo(Figures.Number(_theirs.GetProperty("evidenceSeconds"))).And.Positive);
        });
    }

    [Test]
    public async Task Funding_ByOrganisationKindAndBasis_IsTheRecomputedOne()
    {
        var ours = await _demo.AskAsync("funding", month);
        Assert.Multiple(() =>
        {
            Assert.That(Figures.Funding(ours), Is.EqualTo(Figures.FundingOfTheirs(_theirs)).And.Count.GreaterThan(8));
            Assert.That(Entries(ours, "draws", "subject"), Is.EqualTo(Entries(_theirs, "draws", "grant")).And.Count.EqualTo(2));
            Assert.That(Entries(ours, "unappliedCredits", "subject"), Is.EqualTo(Entries(_theirs, "unappliedCredits", "grant")));
        });

        SortedDictionary<string, decimal> Entries(JsonElement document, string list, string subject) =>
            Figures.Rows(document.GetProperty(list), ["payerAccount", subject, "currency"], "amount");
    }

    /// <summary>A draw that pays a purchase beside consumption is cut by largest remainder: each part may be one nano off.</summary>
    [Test]
    public async Task PaidAhead_ByCommitmentAndOrganisation_IsTheRecomputedOneToANano()
    {
        var ours = await _demo.AskAsync("funding", month);
        string[] keys = ["subject", "organisation", "kind", "currency"];
        AssertWithin(1, Figures.Rows(ours.GetProperty("paidAhead"), keys, "amount"),
            Figures.Rows(_theirs.GetProperty("paidAhead"), keys, "amount"));
    }

    /// <summary>To the nano, but for what was paid ahead (one nano per commitment) and what a pool is made of: free terms pay cells pro rata,
    /// each cut to whole nanos.</summary>
    [Test]
    public async Task Statement_OfTheDefaultSplit_IsTheRecomputedOne()
    {
        var ours = await _demo.AskAsync("statements", month);
        var theirs = _theirs.GetProperty("statement");
        Assert.That(ours.GetProperty("split").GetProperty("id").GetString(), Is.EqualTo(Figures.Text(theirs, "split")));
        Figures.AssertSame(Figures.Statement(ours), Figures.StatementOfTheirs(theirs), atLeast: 30);
    }

    /// <summary>At the ends of the ranges each funded cell is cut to whole nanos: a net position may be off by one per cell.</summary>
    [TestCase("low")]
    [TestCase("high")]
    public async Task Statement_AtTheEndsOfTheRanges_IsTheRecomputedOneToANanoPerCell(string end)
    {
        const int cells = 100;
        var ours = await _demo.AskAsync("statements", month);
        var (low, high) = (Nets("low"), Nets("high"));
        var theirs = low.Keys.Union(high.Keys).Select(k => (k, Low: low.GetValueOrDefault(k), High: high.GetValueOrDefault(k)))
            .Select(n => KeyValuePair.Create(n.k, end == "low" ? Math.Min(n.Low, n.High) : Math.Max(n.Low, n.High)))
            .Where(n => n.Value != 0).ToDictionary();
        AssertWithin(cells, Figures.NetEnd(ours, end), new SortedDictionary<string, decimal>(theirs, StringComparer.Ordinal));

        SortedDictionary<string, decimal> Nets(string scenario) =>
            Figures.Rows(_theirs.GetProperty(scenario).GetProperty("rows"), ["organisation"], "net");
    }

    [Test]
    public async Task Cents_OfThePublishedGrain_AreTheRecomputedOnes()
    {
        var ours = await Figures.CentsAsync(_demo.Cicost.Books, month);
        Assert.That(ours, Is.EqualTo(Figures.CentsOfTheirs(_theirs)).And.Count.GreaterThan(35));
    }

    private static void AssertWithin(int nanos, SortedDictionary<string, decimal> ours, SortedDictionary<string, decimal> theirs)
    {
        Assert.That(ours.Keys, Is.EqualTo(theirs.Keys));
        Assert.Multiple(() =>
        {
            foreach (var (name, amount) in ours)
            {
                Assert.That(amount, Is.EqualTo(theirs[name]).Within(nanos * 0.000000001m), name);
            }
        });
    }
}
