using System.Text;
using CiCost.CostIngest.Formats.MappedCsv;
using CiCost.CostIngest.Tests.Formats.GcpBilling;
using CiCost.CostIngest.Tests.Formats.Native;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>
/// Tags that cannot be read are no reason to lose a month: refused by name without a profile, and with it every amount is booked, the pairs
/// that are whole are kept, and the rest is named with its row and counted.
/// </summary>
public sealed class MalformedTagsTests
{
    private static readonly DimensionOptions Listed = new([], ["team"]);

    /// <summary>Text of Tags, the team that must be read of it, the other tags, what must be named.</summary>
    private static readonly object?[][] Texts =
    [
        ["""{"team": "b"}:""", "b", "", ":"],
        ["""{"team":"b",}""", "b", "", "a comma or the end"],
        ["""{"team":"b","c":"d""", "b", "", "\"c\":\"d"],
        ["""{"team":"b","c":1""", "b", "", "\"c\":1"],
        ["""{"team":"b" """, "b", "", "a comma or the end"],
        ["""{"team":"b"c","env":"d"}""", null, """{"env":"d"}""", "\"team\":\"b\"c\""],
        ["""{"note":"x "team":"b" y","env":"d"}""", null, """{"env":"d"}""", "\"note\":\"x \"team\":\"b\" y\""],
        ["{\"a\":\"x\ny\",\"team\":\"b\"}", "b", "", "\"a\":\"x y\""],
        ["null", null, "", "null"],
        ["""{"a":NaN,"team":"b"}""", "b", "", "\"a\":NaN"],
        ["NaN", null, "", "NaN"],
        ["""{"team":"b"}{"team":"c"}""", null, "", "\"team\":\"b\"}{\"team\":\"c\""],
        ["""[{"Key":"team","Value":"b"}]""", null, "", "[{\"Key\":\"team\",\"Value\":\"b\"}]"],
        ["""{"team":"\ud800","env":"d"}""", null, """{"env":"d"}""", "\"team\":\"\\ud800\""],
        ["""{"team":"b","env":{"x":NaN,"y":"z"}}""", "b", "", "\"env\":{\"x\":NaN,\"y\":\"z\""],
        ["""{team:"b","env":"d"}""", null, """{"env":"d"}""", "team:\"b\""],
        ["""{'team':'b'}""", null, "", "'team':'b'"],
    ];

    [TestCaseSource(nameof(Texts))]
    public void Focus_MalformedTags_LoseOnlyWhatIsMalformed(string tags, string? team, string rest, string named)
    {
        var text = FocusText.WithRow(("Tags", """{"team":"a"}""")).Row(("Tags", tags)).Row(("Tags", tags)).ToString();
        AssertKept(profile => Reading.Of(text, profile, Listed), "test.csv", team, rest, named);
    }

    [TestCaseSource(nameof(Texts))]
    public void Azure_MalformedTags_LoseOnlyWhatIsMalformed(string tags, string? team, string rest, string named) =>
        AssertKept(profile => Read(Rows("azure-ea", "native/azure-ea/charge-types.csv", "Tags", tags), "azure-ea", profile), "bill.csv", team, rest,
            named);

    [TestCaseSource(nameof(Texts))]
    public void Cur2_MalformedTags_LoseOnlyWhatIsMalformed(string tags, string? team, string rest, string named) =>
        AssertKept(profile => Read(Rows("aws-cur2", "native/aws-cur2/export.csv", "resource_tags", tags), "aws-cur2", profile), "bill.csv", team,
            rest, named);

    [Test]
    public void MappedCsv_MalformedTags_LoseOnlyWhatIsMalformed()
    {
        const string yaml = """
            format: mapped-csv/1
            name: Lab
            columns:
              BillingAccountId: {constant: lab-1}
              BillingCurrency: {constant: USD}
              ChargePeriodStart: {column: day, date: YYYY-MM-DD}
              ChargeCategory: {constant: Usage}
              ServiceName: {constant: Machines}
              ServiceProviderName: {constant: Lab}
              BilledCost: {column: net}
              Tags: {column: tags}
            """;
        const string csv = "day,net,tags\n2026-07-01,1.5,\"{\"\"team\"\":\"\"a\"\"}\"\n2026-07-02,1.5,\"{\"\"team\"\":\"\"b\"\",\"\n"
            + "2026-07-03,1.5,\"{\"\"team\"\":\"\"b\"\",\"\n";
        AssertKept(
            profile => Reading.Of([TestFiles.Content("lab.yaml", Encoding.UTF8.GetBytes(yaml)), TestFiles.Content("lab.csv", Encoding.UTF8
                .GetBytes(csv))], profile, Listed, format: new MappedCsvFormat()),
            "lab.csv", "b", "", "a comma or the end");
    }

    [TestCase("""[{"key":"team","value":"a"},{"key":"team","value":"b"}]""", "b", "duplicate-tag-keys")]
    [TestCase("""[{"key":"team","value":"b"},5,{"key":{},"value":"x"},{"key":"k","value":"\ud800"}]""", "b", "malformed-tags")]
    [TestCase("\"team=a\"", null, "malformed-tags")]
    [TestCase("""{"team":"a"}""", null, "malformed-tags")]
    [TestCase("""[{"key":"compute.googleapis.com/cores","value":"8"},{"key":"team","value":"b"}]""", "b", "duplicate-tag-keys")]
    public void Gcp_MalformedLabels_KeepCostAndCredits(string json, string? team, string tolerance)
    {
        var row = GcpFile.Row(
            ("labels", "[]"), ("system_labels", """[{"key":"compute.googleapis.com/cores","value":"4"}]"""));
        var text = row + row.Replace("\"labels\":[],\"system", $"\"labels\":{json},\"system", StringComparison.Ordinal);
        Assert.That(text, Does.Contain(json), "the test writes the labels as they stand");
        Reading Read(string? profile) => Reading.Of(
            [TestFiles.Content("july.jsonl", Encoding.UTF8.GetBytes(text))], profile, Listed, format: new CostIngest.Formats.GcpBilling
                .GcpBillingFormat());
        var refusal = Assert.Throws<DeliveryRejectedException>(() => Read(null))!.Errors.Single();
        Assert.That(refusal.Message, Does.Contain("--profile malformed-tags or lenient"));
        foreach (var profile in new[] { "malformed-tags", "lenient" })
        {
            var reading = Read(profile);
            var half = reading.Lines.Count / 2;
            Assert.That(reading.Lines.Skip(half).Select(Costs), Is.EqualTo(reading.Lines.Take(half).Select(Costs)), "cost and credits");
            Assert.That(reading.Lines.Skip(half).Select(l => l.Set.Extras.GetValueOrDefault("tags.team")), Is.All.EqualTo(team));
            Assert.That(reading.Report.Tolerances.Select(t => (t.Name, t.Count, t.FirstRowNumber)), Is.EqualTo(new[] { (tolerance, 1L, half + 1L) }));
        }
    }

    [Test]
    public void Gcp_SystemLabelOfTheSameKey_GivesWayToTheOwnersLabel()
    {
        var row = GcpFile.Row(
            ("labels", """[{"key":"team","value":"owner"}]"""), ("system_labels", """[{"key":"team","value":"system"}]"""));
        Assert.That(GcpFile.Refusal(row).Errors.Single().Rule, Is.EqualTo("tags-duplicate-key"));
        var line = Reading.Of([TestFiles.Content("july.jsonl", Encoding.UTF8.GetBytes(row))], "malformed-tags", Listed, format: new CostIngest
            .Formats.GcpBilling.GcpBillingFormat()).Lines[0];
        Assert.That(line.Set.Extras["tags.team"], Is.EqualTo("owner"));
    }

    [Test]
    public void Gcp_MalformedLabelsSetAside_KeepTheNumbersOfTheRowsLines()
    {
        var good = GcpFile.Row();
        var bad = good.Replace("\"labels\":[{\"key\":\"Cluster\"", "\"labels\":[5,{\"key\":\"Cluster\"", StringComparison.Ordinal);
        Assert.That(bad, Is.Not.EqualTo(good));
        var content = TestFiles.Content("july.jsonl", Encoding.UTF8.GetBytes(bad + good));
        var format = new CostIngest.Formats.GcpBilling.GcpBillingFormat();
        var reading = Reading.Of([content], quarantine: true, format: format);
        Assert.That(reading.Report.Quarantined, Has.Count.EqualTo(1));
        Assert.That(reading.Lines.Select(l => format.ReadRows(content, [l.Number], CancellationToken.None)[0].RowNumber), Is.All.EqualTo(2));
    }

    [Test]
    public void Tolerance_ManyRows_NamesTheFirstFewAndCountsAll()
    {
        var text = new FocusText();
        for (var i = 1; i <= 9; i++)
        {
            text.Row(("Tags", i % 2 == 0 ? """{"a":"b"}""" : $"{{\"n\":{i}x}}"));
        }

        text.Row(("Tags", """{"n":1x}"""));
        var use = Reading.Of(text.ToString(), "malformed-tags").Report.Tolerances.Single(t => t.Name != "unread-columns");
        Assert.That((use.Count, use.FirstRowNumber), Is.EqualTo((6, 1)));
        Assert.That(use.Example, Is.EqualTo("""
            test.csv row 1: "n":1x; test.csv row 3: "n":3x; test.csv row 5: "n":5x; test.csv row 7: "n":7x; test.csv row 9: "n":9x; and so on
            """));
    }

    [Test]
    public void Focus_NullLiteralAsTags_IsLeftOutByTheProfileOfTags()
    {
        var reading = Reading.Of(FocusText.WithRow(("Tags", "NULL")).ToString(), "malformed-tags", Listed);
        Assert.That((reading.Lines.Single().Tags, reading.Uses("malformed-tags")), Is.EqualTo(("", 1)));
        Assert.That(Reading.Of(FocusText.WithRow(("Tags", "NULL")).ToString(), "lenient").Uses("null-literal"), Is.EqualTo(1));
    }

    [Test]
    public void Tags_OfAMegabyteOfNonsense_AreLeftOutInTime()
    {
        var nonsense = string.Concat(Enumerable.Repeat(",\"a\":[", 120_000));
        var reading = Reading.Of(FocusText.WithRow(("Tags", "{" + nonsense)).ToString(), "malformed-tags");
        Assert.That((reading.Lines.Count, reading.Uses("malformed-tags")), Is.EqualTo((1, 1)));
    }

    /// <summary>Of three rows, alike but for the tags, the last two have the malformed text.</summary>
    private static void AssertKept(Func<string?, Reading> read, string file, string? team, string rest, string named)
    {
        var refusal = Assert.Throws<DeliveryRejectedException>(() => read(null))!.Errors[0];
        Assert.That(refusal.Rule, Is.EqualTo("tags-json"));
        Assert.That(refusal.Message, Does.Contain("--profile malformed-tags"));
        Assert.That(refusal.RowNumber, Is.EqualTo(2));
        var reading = read("malformed-tags");
        Assert.Multiple(() =>
        {
            Assert.That(reading.Lines.Select(Costs).Distinct().Count(), Is.EqualTo(1), "every cent is booked");
            Assert.That(reading.Lines, Has.Count.EqualTo(3));
            Assert.That(reading.Lines.Select(l => l.Set.Extras.GetValueOrDefault("tags.team")), Is.EqualTo(new[] { "a", team, team }));
            Assert.That(reading.Lines.Select(l => l.Tags), Is.EqualTo(new[] { "", rest, rest }));
            var use = reading.Report.Tolerances.Single(t => t.Name != "unread-columns");
            Assert.That((use.Name, use.Count, use.FirstRowNumber), Is.EqualTo(("malformed-tags", 2, 2)));
            Assert.That(use.Example, Is.EqualTo($"{file} row 2: {named}; {file} row 3: {named}"));
        });
    }

    private static string Rows(string kind, string path, string column, string tags)
    {
        var file = new NativeFile(kind, path, null);
        var first = file.WithRow((column, """{"team":"a"}"""));
        var bad = file.WithRow((column, tags));
        bad = bad[(bad.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        return first + bad + bad;
    }

    private static Reading Read(string text, string kind, string? profile) => Reading.Of(
        [TestFiles.Content("bill.csv", Encoding.UTF8.GetBytes(text))], profile, Listed, format: NativeFile.FormatOf(kind));

    private static (long, long, long, long) Costs(ReadLine line) =>
        (line.Row.BilledNanos, line.Row.EffectiveNanos, line.Row.ListNanos, line.Row.ContractedNanos);
}
