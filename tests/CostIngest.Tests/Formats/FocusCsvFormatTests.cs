using System.Collections.Immutable;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>What a row becomes, and how the parts of a delivery go together.</summary>
public sealed class FocusCsvFormatTests
{
    [TestCase("layouts/focus-csv/focus-1.0.csv", "1.0")]
    [TestCase("layouts/focus-csv/focus-1.1.csv", "1.1")]
    [TestCase("layouts/focus-csv/focus-1.2.csv", "1.0", Description = "1.0 knows all 25 columns as well")]
    [TestCase("layouts/focus-csv/focus-1.3.csv", "1.3")]
    [TestCase("layouts/focus-csv/focus-1.4.csv", "1.4")]
    [TestCase("synthetic/focus-1.2/aws_1_2_cost_and_usage_rows100_seed42.csv", "1.2")]
    [TestCase("synthetic/focus-1.3/gcp_1_3_cost_and_usage_rows100_seed42.csv", "1.3")]
    [TestCase("synthetic/focus-1.3/consolidated_multi_provider_1_3.csv", "1.3")]
    [TestCase("synthetic/focus-1.4/azure/azure_synthetic_focus_1_4_cost_and_usage.csv", "1.4")]
    [TestCase("layouts/aws-focus-1.2/bom-export.csv.gz", "1.2")]
    public void FormatVersion_FollowsFromTheColumns(string file, string version) =>
        Assert.That(Reading.Of([TestFiles.Content(file)]).Report.FormatVersion, Is.EqualTo(version));

    [Test]
    public void Catalogue_OfEachVersion_HasAsManyColumnsAsTheSpecification() => Assert.Multiple(() =>
    {
        foreach (var (version, count) in new[] { ("1.0", 43), ("1.1", 50), ("1.2", 57), ("1.3", 65), ("1.4", 65) })
        {
            var columns = FocusCatalogue.Instance.Columns.Where(c =>
                string.CompareOrdinal(c.IntroducedIn, version) <= 0 && (c.RemovedIn is null || string.CompareOrdinal(version,
                    c.RemovedIn) < 0));
            Assert.That(columns.Count(), Is.EqualTo(count), version);
        }
    });

    [Test]
    public void Row_OfTheNewestVersion_IsTakenWhole()
    {
        var line = Reading.Of(FocusText.WithRow(
            ("PricingQuantity", "-2.5"), ("ConsumedQuantity", "9000000000000.000000001"), ("ListUnitPrice", "0.0000004"),
            ("ResourceId", "i-1"), ("ResourceName", "vm, \"one\""), ("Tags", """{ "b" : "x\"y", "a" : 1.50 , "c":null}"""),
            ("HostProviderName", "Google"), ("ChargeClass", "Correction"),
            ("BilledCost", "1.0000000005"), ("EffectiveCost", "-1E-7")).ToString()).Lines.Single();
        Assert.Multiple(() =>
        {
            Assert.That((line.Row.BilledNanos, line.Row.BilledResidueAttos), Is.EqualTo((1_000_000_000L, 500_000_000)));
            Assert.That((line.Row.EffectiveNanos, line.Row.ListNanos, line.Row.ContractedNanos), Is.EqualTo((-100L, 2_000_000_000L,
                1_750_000_000L)));
            Assert.That((line.Row.HasPricingQuantity, line.Row.PricingUnits, line.Row.PricingSubunitNanos), Is.EqualTo((true, -2L,
                -500_000_000)));
            Assert.That((line.Row.HasConsumedQuantity, line.Row.ConsumedUnits, line.Row.ConsumedSubunitNanos), Is.EqualTo((true,
                9_000_000_000_000L, 1)));
            Assert.That((line.Row.ChargeStartSeconds, line.Row.ChargeSeconds), Is.EqualTo((DateTimeOffset.Parse("2026-05-02T03:00:00Z")
                .ToUnixTimeSeconds(), 3600)));
            Assert.That(line.Row.BillingMonthIndex, Is.EqualTo(new Domain.Periods.BillingMonth(2026, 5).Index));
            Assert.That(line.UnitPrices, Is.EqualTo(("0.0000004", "")));
            Assert.That(line.Resource, Is.EqualTo(("i-1", "vm, \"one\"")));
            Assert.That(line.Tags, Is.EqualTo("""{"a":1.50,"b":"x\"y","c":null}"""));
            Assert.That(line.Set[DimensionColumn.HostProviderName], Is.EqualTo("Google"));
            Assert.That(line.Set[DimensionColumn.PricingCurrency], Is.EqualTo("USD"));
            Assert.That(line.Set[DimensionColumn.ChargeClass], Is.EqualTo("Correction"));
            Assert.That(line.Set[DimensionColumn.SubAccountId], Is.Null);
        });
    }

    [TestCase("AWS", "Amazon Web Services, Inc.", "AWS")]
    [TestCase("AWS", "Amazon Web Services EMEA SARL", "AWS")]
    [TestCase("AWS", "Amazon Web Services Canada, Inc.", "AWS")]
    [TestCase("AWS", "", "AWS")]
    [TestCase("AWS", "Red Hat Inc.", "Red Hat Inc.")]
    [TestCase("AWS", "Awsome Software", "Awsome Software")]
    [TestCase("Microsoft Azure", "Microsoft", "Microsoft Azure")]
    [TestCase("Google Cloud", "Google LLC", "Google Cloud")]
    [TestCase("OCI", "Oracle Corporation", "OCI")]
    [TestCase("OCI", "Acme Security", "Acme Security")]
    public void Provider_UntilVersion13_BecomesTheServiceProviderByMeaning(string provider, string publisher, string expected)
    {
        var set = Reading.Of(FocusText.WithRow(("ProviderName", provider), ("PublisherName", publisher)).Without("ServiceProviderName")
            .ToString()).Lines[0].Set;
        Assert.That(
            new[] { DimensionColumn.ServiceProviderName, DimensionColumn.HostProviderName, DimensionColumn.x_ProviderName,
                DimensionColumn.x_PublisherName }.Select(c => set[c]),
            Is.EqualTo(new[] { expected, expected, provider, publisher.Length == 0 ? null : publisher }));
    }

    [Test]
    public void Provider_ThatTheFileNamesItself_IsNotOverruledByThePublisher()
    {
        var set = Reading.Of([TestFiles.Content("layouts/focus-csv/focus-1.3.csv")]).Lines[0].Set;
        Assert.That(
            new[] { DimensionColumn.ServiceProviderName, DimensionColumn.HostProviderName, DimensionColumn.x_ProviderName,
                DimensionColumn.x_PublisherName }.Select(c => set[c]),
            Is.EqualTo(new[] { "Datadog", "Google Cloud", "Google Cloud", "Datadog via Marketplace" }));
    }

    [Test]
    public void Cost_ThatIsEmpty_CountsAsZeroAndIsCounted()
    {
        var reading = Reading.Of(FocusText.WithRow(("BilledCost", ""), ("ListCost", "")).Row(("ContractedCost", "")).ToString());
        Assert.That(reading.Report.EmptyCosts, Is.EqualTo(3));
        Assert.That(reading.Lines.Select(l => l.Row.BilledNanos), Is.EqualTo(new[] { 0L, 1_500_000_000L }));
    }

    [TestCase("0.0000000005", 0, 0)]
    [TestCase("0.0000000015", 0, 2)]
    [TestCase("-0.0000000025", 0, -2)]
    [TestCase("4.1666666666666669E-05", 0, 41_667)]
    [TestCase("0.12345678950000000000000000001", 0, 123_456_790)]
    [TestCase("9223372036854775807", 9_223_372_036_854_775_807, 0)]
    [TestCase("1E18", 1_000_000_000_000_000_000, 0)]
    [TestCase("0E9999", 0, 0)]
    [TestCase("1E-9999", 0, 0)]
    public void Quantity_OfAnyLength_IsRoundedHalfEvenToNanos(string text, long units, int nanos)
    {
        var row = Reading.Of(FocusText.WithRow(("PricingQuantity", text)).ToString()).Lines[0].Row;
        Assert.That((row.HasPricingQuantity, row.PricingUnits, row.PricingSubunitNanos), Is.EqualTo((true, units, nanos)));
    }

    [Test]
    public void Tags_WithListedKeys_SplitIntoDimensionsAndTheRest()
    {
        var text = FocusText
            .WithRow(("Tags", """{"team":"a","n":3,"rest":"1"}"""), ("x_Code", "c1"))
            .Row(("Tags", """{"rest":"2","team":"a","n":3}"""), ("x_Code", "c1"))
            .Row(("Tags", """{"t\u0065am":"b","empty":"","none":null}"""), ("x_Code", ""))
            .Row(("Tags", "{}")).ToString();
        var lines = Reading.Of(text, dimensions: new DimensionOptions(["x_Code", "x_Absent"], ["team", "n", "empty", "none"])).Lines;
        Assert.Multiple(() =>
        {
            Assert.That(lines[0].Set.Extras, Is.EqualTo(Extras(("tags.n", "3"), ("tags.team", "a"), ("x_Code", "c1"))));
            Assert.That(lines[1].Row.DimensionSet, Is.EqualTo(lines[0].Row.DimensionSet), "the rest makes no new dimension set");
            Assert.That(lines[2].Set.Extras, Is.EqualTo(Extras(("tags.team", "b"))));
            Assert.That(lines[3].Set.Extras, Is.Empty);
            Assert.That(lines.Select(l => l.Tags), Is.EqualTo(new[] { """{"rest":"1"}""", """{"rest":"2"}""", "", "" }));
        });
    }

    [TestCase("x")]
    [TestCase("[1]")]
    [TestCase("""{"a":1""")]
    [TestCase("""{"a":1} {}""")]
    [TestCase("""{"a":1,}""")]
    [TestCase("""{"\ud800":"x"}""")]
    [TestCase("""{"team":"\ud800"}""")]
    public void Tags_ThatAreNoObject_AreAnError(string tags)
    {
        var error = Reading.Refusal(FocusText.WithRow(("Tags", tags)).ToString(), "focus-sample", new DimensionOptions([], ["team"]))
            .Errors.Single();
        Assert.That((error.Rule, error.Column, error.Value), Is.EqualTo(("tags-json", "Tags", tags)));
    }

    [Test]
    public void Digests_SameLinesOtherwiseWritten_AreEqual()
    {
        var first = Reading.Of(FocusText.WithRow(("Tags", """{"a":"1","b":"2"}"""), ("ResourceId", "r")).ToString());
        var second = Reading.Of(FocusText.WithRow(("Tags", """{ "b":"2", "a":"1"}"""), ("ResourceId", "r")).ToString().Replace(",r\n",
            ",\"r\"\r\n", StringComparison.Ordinal));
        Assert.That(second.Delivery.Days.Select(d => d.Digest), Is.EqualTo(first.Delivery.Days.Select(d => d.Digest)));
    }

    [Test]
    public void Header_InAnyOrder_GivesTheSameLines()
    {
        var random = new Random(7);
        var text = Encoding.UTF8.GetString(TestFiles.Bytes("synthetic/focus-1.3/aws_1_3_cost_and_usage_rows100_seed42.csv"));
        var table = new List<string[]>();
        var tokenizer = new CostIngest.Formats.Csv.CsvTokenizer(new MemoryStream(Encoding.UTF8.GetBytes(text)), 1 << 20);
        while (tokenizer.Read())
        {
            table.Add([.. Enumerable.Range(0, tokenizer.FieldCount).Select(i => Encoding.UTF8.GetString(tokenizer.Raw(i)))]);
        }

        var expected = Reading.Of(text);
        for (var round = 0; round < 20; round++)
        {
            var order = Enumerable.Range(0, table[0].Length).ToArray();
            random.Shuffle(order);
            var actual = Reading.Of(string.Join('\n', table.Select(row => string.Join(',', order.Select(i => row[i])))));
            Assert.That(actual.Delivery.Days.Select(d => (d.ChargeDay, d.Digest)), Is.EqualTo(expected.Delivery.Days.Select(d =>
                (d.ChargeDay, d.Digest))));
            Assert.That(Exact(actual), Is.EqualTo(Exact(expected)));
        }
    }

    [Test]
    public void Parts_InOtherColumnOrder_AreOneDelivery()
    {
        var first = FocusText.WithRow(("SkuId", "s1")).Row(("SkuId", "s2"));
        var second = FocusText.WithRow(("SkuId", "s1")).InOrder(first.Columns.Reverse());
        var reading = Reading.Of([Part("p1", first), Part("p2", second)]);
        Assert.Multiple(() =>
        {
            Assert.That(reading.Lines.Select(l => l.Set[DimensionColumn.SkuId]), Is.EqualTo(new[] { "s1", "s2", "s1" }));
            Assert.That(reading.Lines.Select(l => l.Number), Is.EqualTo(new uint[] { 1, 2, 3 }));
            Assert.That(reading.Report.Objects.Select(o => (o.FirstRowNumber, o.RowCount)), Is.EqualTo(new[] { (1u, 2u), (3u, 1u) }));
            Assert.That(reading.Report.Objects[1].ContentBytes, Is.EqualTo(second.ToString().Length));
            Assert.That(reading.Lines[2].Set.Key.SequenceEqual(reading.Lines[0].Set.Key), Is.True);
        });
    }

    [Test]
    public void Parts_OfTheLayoutFixture_AreOneDelivery()
    {
        const string folder = "layouts/aws-focus-s3/fixture/demo/exports/costroid-demo/data/BILLING_PERIOD=2026-05/";
        var reading = Reading.Of([TestFiles.Content(folder + "costroid-demo-00001.csv.gz"), TestFiles.Content(folder
            + "costroid-demo-00002.csv.gz")]);
        Assert.That(reading.Report.Objects.Select(o => (o.FirstRowNumber, o.RowCount)), Is.EqualTo(new[] { (1u, 24u), (25u, 18u) }));
    }

    [Test]
    public void Currencies_InOneFile_StayApart()
    {
        // The figures are those of the fixture's own README.
        var reading = Reading.Of([TestFiles.Content("layouts/focus-csv-multicurrency/sample-export.csv")]);
        Assert.That(
            reading.Delivery.Totals.Select(t => (t.Currency.Code, DecimalText.OfAttos(t.ExactAttos(CostColumn.Billed)))),
            Is.EqualTo(new[] { ("EUR", "3.123456789012345679"), ("USD", "30.987654321098765434") }));
    }

    [Test]
    public void Checkpoints_OfALongObject_AreTheOffsetsOfEvery10000thRow()
    {
        var text = FocusText.WithRow().ToString();
        var header = text[..(text.IndexOf('\n') + 1)];
        var row = text[header.Length..];
        var bytes = Encoding.UTF8.GetBytes(header + string.Concat(Enumerable.Repeat(row, 20_001)));
        var report = Reading.Of([TestFiles.Content("long.csv", bytes)]).Report;
        Assert.That(report.Objects.Single().Checkpoints, Is.EqualTo(new[] { 0, 10_000, 20_000 }.Select(n => header.Length
            + ((long)n * row.Length))));
    }

    [Test]
    public void ReadRows_GivesTheRawFieldsByName()
    {
        var text = FocusText.WithRow(("Tags", """{"a":"1"}""")).Row(("ResourceId", "x,y")).Row().ToString() + "ragged,row\n";
        var content = TestFiles.Content("a.csv", Encoding.UTF8.GetBytes(text));
        var rows = new FocusCsvFormat().ReadRows(content, [1, 2, 4], CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(rows.Select(r => r.RowNumber), Is.EqualTo(new[] { 1L, 2L, 4L }));
            Assert.That(rows[0].Fields.Single(f => f.Key == "Tags").Value, Is.EqualTo("""{"a":"1"}"""));
            Assert.That(rows[1].Fields.Single(f => f.Key == "ResourceId").Value, Is.EqualTo("x,y"));
            Assert.That(rows[2].ByteOffset, Is.EqualTo(text.IndexOf("ragged", StringComparison.Ordinal)));
            Assert.That(rows[2].Fields.Select(f => f.Value), Is.EqualTo(new[] { "ragged", "row" }));
            Assert.That(() => new FocusCsvFormat().ReadRows(content, [5], CancellationToken.None),
                Throws.ArgumentException.With.Message.Contains("a.csv has 4 rows; row 5"));
        });
    }

    [Test]
    public void Profiles_EachHasOneLineAndAnUnknownOneIsNamed() => Assert.Multiple(() =>
    {
        var format = new FocusCsvFormat();
        Assert.That(format.Profiles.Keys,
            Is.EquivalentTo(new[] { "focus-sample", "azure-export", "google-view", "effective-from-billed", "malformed-tags", "lenient" }));
        Assert.That(format.Profiles.Values, Is.All.Not.Empty);
        Assert.That(() => Reading.Of(FocusText.WithRow().ToString(), "no-such"), Throws.ArgumentException.With.Message.Contains("There "
            + "are: focus-sample, "));
    });

    private static ImmutableSortedDictionary<string, string> Extras(params (string Name, string Value)[] extras) =>
        extras.ToImmutableSortedDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);

    private static ContentObject Part(string name, FocusText text) => TestFiles.Content(name, Encoding.UTF8.GetBytes(text.ToString()));

    private static IEnumerable<(string, bool, Int128)> Exact(Reading reading) =>
        reading.Delivery.Totals.Select(t => (t.Currency.Code, t.AreCredits, t.ExactAttos(CostColumn.Effective)));
}
