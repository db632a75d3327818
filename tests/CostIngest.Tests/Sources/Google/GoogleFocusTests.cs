using System.IO.Compression;
using System.Text.Json.Nodes;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Google;
using CiCost.CostIngest.Tests.Formats;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.TestKit;
using static CiCost.CostIngest.Tests.Sources.Google.GoogleRig;
using static CiCost.CostIngest.Tests.Sources.Rig.SourceRig;

namespace CiCost.CostIngest.Tests.Sources.Google;

/// <summary>Google's FOCUS export with the layouts of tests/data/focus/layouts/gcp-focus-bq, whose README states the totals.</summary>
public sealed class GoogleFocusTests
{
    private static readonly string Layouts = Path.Combine(TestFiles.Focus, "layouts", "gcp-focus-bq");
    private FakeBigQuery _table = null!;
    private FakeGoogle _google = null!;
    private TempFolder _folder = null!;

    [SetUp]
    public async Task SetUp()
    {
        _table = Table("fixture/2026-05.json", "fixture/2026-06.json");
        _google = await FakeGoogle.StartAsync(GoogleBigQueryConnector.Scope, (c, r) => _table.AnswerAsync(c, r));
        _folder = new TempFolder();
        _folder.Write("key.json", _google.KeyJson());
    }

    [TearDown]
    public async Task TearDown()
    {
        _folder.Dispose();
        await _google.DisposeAsync();
    }

    [Test]
    public async Task Find_TokensAreThoseOfTheReadme() =>
        Assert.That((await FindAsync(Source(), "2026-05..2026-06")).Select(o => (o.Month.ToString(), o.Version)),
            Is.EqualTo(new[] { ("2026-05", "1778846400123456|2"), ("2026-06", "1781524800000003|3") }));

    [TestCase("2026-05", 2, "3.123456789012345678")]
    [TestCase("2026-06", 3, "15")]
    public async Task Fetch_TotalsAreThoseOfTheReadme(string month, int rows, string billed)
    {
        var reading = await ReadAsync(month);
        Assert.That((reading.Lines.Count, Billed(reading)), Is.EqualTo((rows, billed)));
    }

    [Test]
    public async Task Restated_June_IsOfferedAnewAndHasItsTotal()
    {
        var before = (await FindAsync(Source(), "2026-06")).Single().Version;
        _table = Table("fixture/2026-05.json", "restated/2026-06.json");
        var after = (await FindAsync(Source(), "2026-06")).Single();
        var reading = await ReadAsync("2026-06");
        Assert.Multiple(() =>
        {
            Assert.That(after.Version, Is.Not.EqualTo(before).And.EqualTo("1781611200000002|5"));
            Assert.That((reading.Lines.Count, Billed(reading)), Is.EqualTo((5, "13")));
            Assert.That(reading.Lines.Count(l => l.Set[DimensionColumn.ChargeClass] == "Correction"), Is.EqualTo(2));
        });
    }

    [Test]
    public Task Labels_BecomeTags_AndNoneIsNone() => Assert.MultipleAsync(async () =>
    {
        Assert.That((await ReadAsync("2026-05")).Lines.Select(l => l.Tags),
            Is.EqualTo(new[] { """{"env":"prod","team":"platform"}""", """{"cost-center":"finops"}""" }));
        Assert.That((await ReadAsync("2026-06")).Lines.Select(l => l.Tags), Is.EqualTo(new[] { """{"env":"prod"}""", "", """{"team":"finance"}""" }));
    });

    [Test]
    public async Task Credits_StayVisibleAndAreNoLines()
    {
        // Where they sit is an open question, so they are kept as they come and nothing is computed from them.
        var text = Unpacked((await FetchAsync(Source(), (await FindAsync(Source(), "2026-05")).Single())).Files.Single());
        Assert.That(text, Does.Contain("\"[{\"\"Id\"\":\"\"credit-1\"\",\"\"FullName\"\":\"\"Promotion\"\",\"\"Type\"\":\"\"PROMOTION\"\""));
    }

    [Test]
    public async Task Row_WithoutACost_IsRefusedByItsNumber()
    {
        _table.Rows[2]["BilledCost"] = null;
        var (source, offer) = (Source(), (await FindAsync(Source(), "2026-06")).Single());
        Assert.That(Refused(() => FetchAsync(source, offer), "row-incomplete").Message, Does.Contain("Row 1 of demo.focus.export has no BilledCost"));
    }

    [Test]
    public void Schema_ThatLostAColumn_IsRefused()
    {
        _table.Schema.RemoveAt(1);
        Assert.That(Refused(() => FindAsync(Source(), "2026-05..2026-06"), "bigquery-schema").Message, Does.Contain("no column BilledCost,"));
    }

    [Test]
    public void Setup_IsFocusWithGooglesDefects() => Assert.Multiple(() =>
    {
        var setup = Setup(new GoogleFocusConnector(), Settings());
        Assert.That((setup.Format, setup.Profile), Is.EqualTo(("focus-csv", "google-view")));
    });

    private async Task<Reading> ReadAsync(string month)
    {
        var source = Source();
        var offer = (await FindAsync(source, month)).Single();
        var (fetched, files) = await FetchAsync(source, offer);
        var text = Unpacked(files.Single());
        var reading = Reading.Of(text, "google-view");
        Assert.That(((FetchedDelivery)fetched).ExpectedRows, Is.EqualTo(reading.Lines.Count));
        return reading;
    }

    private static string Billed(Reading reading) =>
        DecimalText.OfAttos(reading.Delivery.Totals.Aggregate((Int128)0, (sum, t) => sum + t.ExactAttos(CostColumn.Billed)));

    private ISource Source() => Setup(new GoogleFocusConnector(Fast), Settings()).Source;

    private string Settings() => $"""
        project: demo
        dataset: focus
        table: export
        location: US
        rowsPerPage: 2
        endpoint: {_google.Server.Address}
        credentials: file:{_folder.File("key.json")}
        """;

    /// <summary>The recorded answers as one table: each has its columns and rows in BigQuery's own form.</summary>
    private static FakeBigQuery Table(params string[] files)
    {
        var answers = files.Select(f => JsonNode.Parse(File.ReadAllText(Path.Combine(Layouts, f)))!).ToList();
        var schema = answers[0]["schema"]!["fields"]!.AsArray();
        return new FakeBigQuery
        {
            Schema = schema.DeepClone().AsArray(),
            Rows = [.. answers.SelectMany(a => a["rows"]!.AsArray()).Select(r => Plain(schema, r!))],
            MonthOf = row => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse((string)row["BillingPeriodStart"]!, null) / 1000).ToString("yyyyMM", null),
            TokenOf = (month, rows) => [month, rows.Max(r => (string?)r["x_ExportTime"]), rows.Count.ToString(null, null), "0"],
        };
    }

    private static JsonObject Plain(JsonArray fields, JsonNode row) => new(fields.Select((f, i) => KeyValuePair.Create(
        (string)f!["name"]!, Value(f, row["f"]![i]!["v"]))));

    private static JsonNode? Value(JsonNode field, JsonNode? value) => value is JsonArray list
        ? new JsonArray([.. list.Select(v => (JsonNode)Plain(field["fields"]!.AsArray(), v!["v"]!))])
        : value?.DeepClone();

    private static string Unpacked(byte[] gzip)
    {
        using var stream = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
