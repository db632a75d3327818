using System.Globalization;
using System.Text.Json;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Cli.Hosting;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;

namespace CiCost.Cli.Tests.Demo;

/// <summary>Figures of both calculators under one name each. A figure that is 0 and one that is missing are the same.</summary>
internal static class Figures
{
    /// <summary>Rows of a document: the texts of some fields name a figure, another field is its amount.</summary>
    public static SortedDictionary<string, decimal> Rows(JsonElement rows, string[] keys, params string[] amounts) => Of(
        from row in rows.EnumerateArray()
        from amount in amounts
        select (string.Join(" / ", keys.Select(k => Text(row, k)).Append(amounts.Length > 1 ? amount : "").Where(t => t.Length > 0)),
            Number(row.GetProperty(amount))));

    /// <summary>The numbers of an object by name.</summary>
    public static SortedDictionary<string, decimal> Numbers(JsonElement item) => Of(
        item.EnumerateObject().Select(p => (p.Name, Number(p.Value))));

    public static SortedDictionary<string, decimal> Bridges(JsonElement ours) => Of(
        from bridge in ours.GetProperty("bridges").EnumerateArray()
        from step in bridge.GetProperty("steps").EnumerateObject()
        select ($"{Text(bridge, "source")} / {Text(bridge, "currency")} / {step.Name}", Number(step.Value)));

    public static SortedDictionary<string, decimal> BridgesOfTheirs(JsonElement theirs) => Rows(theirs.GetProperty("bridges"),
        ["source", "currency"], "listUsage", "discounts", "unpricedUsage", "corrections", "otherCharges",
        "consumption", "credits", "freeTerms", "borneOutside", "accrued", "timing", "payable");

    /// <summary>What each organisation gave by kind, paid ahead, used, kept, shared and has net, and the pools.</summary>
    public static SortedDictionary<string, decimal> Statement(JsonElement ours)
    {
        (string Theirs, string Ours)[] columns =
        [
            ("totalGiven", "given"), ("paidAhead", "paidAhead"), ("used", "used"), ("excluded", "excluded"), ("directed", "directed"),
            ("shared", "shared"), ("net", "net"),
        ];
        var rows = ours.GetProperty("rows").EnumerateArray().ToList();
        var pool = ours.GetProperty("pool");
        return Of(
        [
            .. rows.SelectMany(r => columns.Select(c => ($"{Text(r, "organisation")} / {c.Theirs}", Amount(r.GetProperty(c.Ours))))),
            .. rows.SelectMany(r => r.GetProperty("givenByKind").EnumerateObject()
                .Select(k => ($"{Text(r, "organisation")} / given / {k.Name}", Amount(k.Value)))),
            ("commonDirect", Amount(pool.GetProperty("commonDirect"))),
            ("commonOverhead", Amount(pool.GetProperty("commonOverhead"))),
            ("unusedReservations", Amount(pool.GetProperty("unusedReservations"))),
            ("freeTerms", Amount(pool.GetProperty("freeTerms"))),
            .. ours.GetProperty("excluded").EnumerateArray().Select(e => ($"excluded / {Text(e, "id")}", Amount(e.GetProperty("amount")))),
        ]);
    }

    /// <summary>The same of the other calculator.</summary>
    public static SortedDictionary<string, decimal> StatementOfTheirs(JsonElement theirs)
    {
        var figures = Rows(theirs.GetProperty("rows"), ["organisation"], "totalGiven", "paidAhead", "used", "excluded", "directed",
            "shared", "net");
        var given = theirs.GetProperty("rows").EnumerateArray().SelectMany(r => Numbers(r.GetProperty("given"))
            .Select(k => ($"{Text(r, "organisation")} / given / {k.Key}", k.Value)));
        var pools = new[] { "commonDirect", "commonOverhead", "unusedReservations", "freeTerms" }.Select(p => (p, Number(theirs.GetProperty(p))));
        var excluded = Numbers(theirs.GetProperty("excluded")).Select(e => ($"excluded / {e.Key}", e.Value));
        return Of(figures.Select(f => (f.Key, f.Value)).Concat(given).Concat(pools).Concat(excluded));
    }

    /// <summary>Every figure is the other calculator's: to the nano, but within three of those that are cut from funded cells.</summary>
    public static void AssertSame(SortedDictionary<string, decimal> ours, SortedDictionary<string, decimal> theirs, int atLeast)
    {
        string[] cut = [" / paidAhead", " / shared", " / net", "commonDirect", "commonOverhead"];
        Assert.That(ours, Has.Count.GreaterThan(atLeast));
        Assert.Multiple(() =>
        {
            foreach (var name in ours.Keys.Union(theirs.Keys))
            {
                var nanos = cut.Any(c => name.EndsWith(c, StringComparison.Ordinal)) ? 3 : 0;
                Assert.That(ours.GetValueOrDefault(name), Is.EqualTo(theirs.GetValueOrDefault(name)).Within(nanos * 0.000000001m), name);
            }
        });
    }

    /// <summary>The lower or the higher end of each net position.</summary>
    public static SortedDictionary<string, decimal> NetEnd(JsonElement ours, string end) => Of(ours.GetProperty("rows").EnumerateArray()
        .Select(r => (Text(r, "organisation"), Number(r.GetProperty("netRange").GetProperty(end)))));

    /// <summary>Funding by organisation, kind and grant, over all bases.</summary>
    public static SortedDictionary<string, decimal> Parts(JsonElement ours) => Of(
        from funder in ours.GetProperty("funders").EnumerateArray()
        from part in funder.GetProperty("parts").EnumerateArray()
        group Number(part.GetProperty("amount")) by string.Join(" / ", new[]
        {
            Text(funder, "organisation"), Text(funder, "kind"), Text(funder, "currency"), Text(part, "grant"),
        }.Where(t => t.Length > 0)) into parts
        select (parts.Key, parts.Sum()));

    /// <summary>Funding by organisation and kind: by basis, and by grant.</summary>
    public static SortedDictionary<string, decimal> Funding(JsonElement ours) => Of(
        ours.GetProperty("funders").EnumerateArray().SelectMany(f => new[] { "basis", "grants" }
            .SelectMany(by => f.GetProperty(by).EnumerateObject().Select(p => (
                $"{Text(f, "organisation")} / {Text(f, "kind")} / {Text(f, "currency")} / {p.Name}", Number(p.Value))))));

    /// <summary>The same of the other calculator.</summary>
    public static SortedDictionary<string, decimal> FundingOfTheirs(JsonElement theirs) => Of(
        theirs.GetProperty("funding").EnumerateArray().SelectMany(f => new[] { "basis", "grant" }
            .Where(by => Text(f, by).Length > 0)
            .Select(by => (Name: $"{Text(f, "organisation")} / {Text(f, "kind")} / {Text(f, "currency")} / {Text(f, by)}",
                Amount: Number(f.GetProperty("amount")))))
        .GroupBy(f => f.Name).Select(g => (g.Key, g.Sum(f => f.Amount))));

    private static decimal Amount(JsonElement money) => money.ValueKind == JsonValueKind.Null ? 0 : Number(money.GetProperty("amount"));

    /// <summary>The presentation cube's cents, read from the books of the program.</summary>
    public static async Task<SortedDictionary<string, decimal>> CentsAsync(string books, string month)
    {
        using var session = await Session.OpenAsync(books, null, mayCreate: false, CancellationToken.None);
        var asked = BillingMonth.Parse(month);
        var funded = new FundConsumption(session.Costs).Run(asked, asked, null);
        return Of(PresentationCube.Of(funded.Cells).SelectMany(c => new[]
            {
                (Of: $"{c.Organisation} / {c.Kind.ToText()} / {c.Grant}", c), (Of: c.Architecture, c),
            })
            .GroupBy(f => $"{f.c.Source} / {CostCube.BasisText(f.c.Basis)} / {f.c.Currency} / {f.Of}")
            .Select(g => (g.Key, (decimal)g.Sum(f => f.c.Cents))));
    }

    public static SortedDictionary<string, decimal> CentsOfTheirs(JsonElement theirs) =>
        Rows(theirs.GetProperty("cents"), ["source", "basis", "currency", "of"], "cents");

    public static string Text(JsonElement item, string name)
    {
        var value = item.TryGetProperty(name, out var own) ? own : item.GetProperty("keys").GetProperty(name);
        return value.ValueKind == JsonValueKind.Null ? "" : value.ToString();
    }

    public static decimal Number(JsonElement value) => decimal.Parse(value.ToString(), NumberStyles.Number, CultureInfo.InvariantCulture);

    private static SortedDictionary<string, decimal> Of(IEnumerable<(string Name, decimal Amount)> figures)
    {
        SortedDictionary<string, decimal> sums = new(StringComparer.Ordinal);
        foreach (var (name, amount) in figures)
        {
            if (amount != 0 && !sums.TryAdd(name, amount))
            {
                throw new InvalidOperationException($"Two figures are named '{name}'.");
            }
        }

        return sums;
    }
}
