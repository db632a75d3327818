using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Explain;
using CiCost.CostIngest.Formats.MappedCsv;
using CiCost.CostIngest.Tests.Formats.Native;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Formats.MappedCsv;

/// <summary>Somebody's CSV under a mapping file: exactly what the mapping says, and every mistake with its line.</summary>
public sealed class MappedCsvFormatTests
{
    private static readonly string Folder = Path.Combine(TestFiles.Root, "tests", "data", "native", "mapped-csv");
    private static readonly DimensionOptions Dimensions = new(["x_Repository"], ["Cluster"]);

    private static string Yaml(string name) => File.ReadAllText(Path.Combine(Folder, name + ".yaml"));

    private static string Csv(string name) => File.ReadAllText(Path.Combine(Folder, name + ".csv"));

    [TestCase("neocloud")]
    [TestCase("plain")]
    public void Lines_AreAsApproved(string name) =>
        Golden.Verify(string.Concat(Read(Yaml(name), Csv(name)).Lines.Select(NativeFile.Show)), "Golden/" + name);

    [Test]
    public void Totals_AreThoseOfTheFileByHand() => Assert.Multiple(() =>
    {
        // 1234.56 + 12469.000000001 + 0.000000000000000001 + 2603.28 - 1000 + 100000, and 2000 + 13000.5 + 0.1 + 2603.28 - 1000 + 100000.
        var totals = Read(Yaml("neocloud"), Csv("neocloud")).Delivery.Totals;
        string Sum(CostColumn column) => DecimalText.OfAttos(totals.Aggregate((Int128)0, (sum, t) => sum + t.ExactAttos(column)));
        Assert.That(Sum(CostColumn.Billed), Is.EqualTo("115306.840000001000000001"));
        Assert.That(Sum(CostColumn.Effective), Is.EqualTo("115306.840000001000000001"), "what the mapping leaves out is what is billed");
        Assert.That(Sum(CostColumn.List), Is.EqualTo("116603.88"));
        Assert.That(Sum(CostColumn.Contracted), Is.EqualTo("115306.840000001000000001"));
    });

    [Test]
    public void Ends_ThatAreInclusive_AreTheDayAfter()
    {
        var line = Read(Yaml("neocloud"), Csv("neocloud")).Lines[1].Row;
        Assert.That((line.ChargeSeconds, line.BillingMonthIndex), Is.EqualTo((2 * 86_400, BillingMonth.Parse("2026-07").Index)));
    }

    [Test]
    public void End_ThatIsNotNamed_IsThatOfTheDay()
    {
        var yaml = Yaml("neocloud").Replace("  ChargePeriodEnd: {column: To, inclusive: true}\n", "", StringComparison.Ordinal);
        Assert.That(Read(yaml, Csv("neocloud")).Lines.Select(l => l.Row.ChargeSeconds), Is.All.EqualTo(86_400));
    }

    [Test]
    public async Task Delivery_Booked_KeepsItsMappingAndExplainsByItsRow()
    {
        using var books = await BookFixture.OpenAsync();
        var request = new BookDeliveryRequest { SourceKey = "neocloud", Kind = "mapped-csv", BillingMonth = BillingMonth.Parse("2026-07") };
        string[] files = [Path.Combine(Folder, "neocloud.yaml"), Path.Combine(Folder, "neocloud.csv")];
        var first = await BookAsync(books, request with { Files = files });
        var again = await BookAsync(books, request with { Files = files });
        using var folder = new TempFolder();
        var changed = folder.File("neocloud.yaml");
        await File.WriteAllTextAsync(changed, Yaml("neocloud").Replace("Neocloud Ltd.", "Neocloud Inc.", StringComparison.Ordinal));
        var restated = await BookAsync(books, request with { Files = [changed, files[1]] });
        var options = new BookDeliveryOptions();
        var formats = CiCost.CostIngest.Formats.LineFormats.All();
        var explained = new ExplainRow(books.Books, books.Policies, formats,
            new RereadLines(books.Books, books.Policies, formats, options), options).Run(restated.DeliveryId, 2, null, CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(first.FormatVersion, Is.EqualTo("Neocloud usage"));
            Assert.That(first.Objects, Has.Count.EqualTo(2));
            Assert.That(again.IsUnchanged, Is.True);
            Assert.That(restated.Supersedes, Is.EqualTo(first.DeliveryId), "another mapping is another delivery");
            Assert.That(explained.Raw!.Fields.Single(f => f.Key == "Net").Value, Is.EqualTo("$12.469,000000001"));
            Assert.That((long)explained.Line!.BilledNanos, Is.EqualTo(12_469_000_000_001));
        });
    }

    [TestCase("$1.234,5", "$1.23,5", "Net", "decimal-not-a-number")]
    [TestCase("$1.234,5", "$1234,5", null, null)]
    [TestCase("$1.234,5", "$1.234,5,", "Net", "decimal-not-a-number")]
    [TestCase("$1.234,5", "1.234.567,5", null, null)]
    [TestCase("$1.234,5", "€1,5", "Net", "decimal-not-a-number")]
    [TestCase("01.07.2026,01.07.2026", "07/01/2026,01.07.2026", "From", "date-form")]
    [TestCase("01.07.2026,01.07.2026", ",01.07.2026", "From", "value-missing")]
    [TestCase(",202607,01", ",202613,01", "Invoice month", "date-form")]
    [TestCase(",gpu,", ",cpu,", "Kind", "enum-value")]
    [TestCase("4711,", ",", "Customer", "value-missing")]
    public void Row_BrokenField_IsRefusedByName(string from, string to, string? column, string? rule)
    {
        var header = Csv("neocloud").Split('\n')[0];
        var text = header + "\n" + Csv("neocloud").Split('\n')[1].Replace(from, to, StringComparison.Ordinal) + "\n";
        if (rule is null)
        {
            Assert.That(Read(Yaml("neocloud"), text).Lines, Has.Count.EqualTo(1));
            return;
        }

        var error = Refusal(Yaml("neocloud"), text).Errors[0];
        Assert.That((error.File, error.RowNumber, error.Column, error.Rule), Is.EqualTo(("bill.csv", 1L, column, rule)), error.ToString());
    }

    [Test]
    public void Column_ThatTheFileLacks_IsNamedByTheLineOfTheMapping()
    {
        var error = Refusal(Yaml("plain"), "start,end,service,currency\n").Errors.Single();
        Assert.That(error.ToString(), Is.EqualTo("neocloud.yaml: row 11, column BilledCost, value 'refund': bill.csv has no column of this "
            + "name. Correct the mapping, or export the file with it. [mapping-column]"));
    }

    private const string GoodColumns = "BilledCost: {column: refund, negate: true}";

    [TestCase("format: mapped-csv/1", "format: mapped-csv/2", 1, "mapping-value")]
    [TestCase("name: Plain\n", "", 1, "mapping-missing-key")]
    [TestCase("name: Plain\n", "name: Plain\nzone: CET\n", 3, "mapping-value")]
    [TestCase("name: Plain\n", "name: Plain\nnumbers: \"1'234\"\n", 3, "mapping-value")]
    [TestCase("name: Plain\n", "name: Plain\ndates: tomorrow\n", 3, "mapping-value")]
    [TestCase("name: Plain\n", "name: Plain\nseparator: comma\n", 3, "mapping-value")]
    [TestCase("name: Plain\n", "name: Plain\nnegative: [\"5-\", red]\n", 3, "mapping-value")]
    [TestCase("  ServiceName: {column: service}\n", "", 4, "mapping-missing-key")]
    [TestCase("ServiceName:", "Servicename:", 9, "mapping-unknown-column")]
    [TestCase("ServiceName: {column: service}", "ServiceName: service", 9, "mapping-value")]
    [TestCase("ServiceName: {column: service}", "ServiceName: {}", 9, "mapping-value")]
    [TestCase("ServiceName: {column: service}", "ServiceName: {column: service, constant: x}", 9, "mapping-value")]
    [TestCase("ServiceName: {column: service}", "ServiceName: {column: service, negate: true}", 9, "mapping-value")]
    [TestCase("ServiceName: {column: service}", "ServiceName: {column: service, negate: maybe}", 9, "mapping-value")]
    [TestCase("ServiceName: {column: service}", "ServiceName: {column: service, values: [a]}", 9, "mapping-value")]
    [TestCase("constant: Usage", "constant: usage", 8, "mapping-value")]
    [TestCase(GoodColumns, "BilledCost: {constant: 5}", 11, "mapping-value")]
    [TestCase("  ChargePeriodEnd: {column: end, date: unix-seconds}\n", "", 6, "mapping-missing-key")]
    [TestCase(GoodColumns, GoodColumns + "\n  BilledCost: {column: other}", 12, "mapping-yaml")]
    [TestCase(GoodColumns, "BilledCost: {column: [", 12, "mapping-yaml")]
    [TestCase(GoodColumns, GoodColumns + "\n  \"BilledCost\": {column: other}", 12, "mapping-yaml", Description = "twice, once in quotes")]
    [TestCase("ServiceName: {column: service}", "ServiceName: {column: service, values: {a: b, \"a\": c}}", 9, "mapping-yaml")]
    [TestCase(GoodColumns, GoodColumns + "\n  !!str BilledCost: {column: other}", 12, "mapping-value", Description = "twice, once with a tag")]
    [TestCase("ServiceName: {column: service}", "ServiceName: {column: service, values: {a: b, !!str a: c}}", 9, "mapping-value")]
    [TestCase("columns:", "columns: 5\nothers:", 3, "mapping-missing-key")]
    public void Mapping_WithAMistake_IsRefusedWithItsLine(string from, string to, int line, string rule)
    {
        var yaml = Yaml("plain").Replace(from, to, StringComparison.Ordinal);
        var errors = Refusal(yaml, Csv("plain")).Errors;
        Assert.That(errors.Select(e => (e.File, e.RowNumber, e.Rule)), Does.Contain(("neocloud.yaml", (long)line, rule)),
            string.Join('\n', errors));
    }

    [Test]
    public void Mapping_WithManyMistakes_ListsThemAll()
    {
        var yaml = Yaml("plain").Replace("constant: Usage", "constant: Use", StringComparison.Ordinal)
            .Replace("ServiceName:", "Service:", StringComparison.Ordinal).Replace("unix-seconds", "unix", StringComparison.Ordinal);
        Assert.That(Refusal(yaml, Csv("plain")).Errors.Select(e => e.RowNumber), Is.EqualTo(new[] { 4, 6, 7, 8, 9 }));
    }

    [TestCase("bill.csv")]
    [TestCase("neocloud.yaml")]
    [TestCase("neocloud.yaml,other.yml,bill.csv")]
    public void Delivery_WithoutOneMappingAndAFile_IsRefused(string names)
    {
        var files = names.Split(',').Select(n => TestFiles.Content(n, Encoding.UTF8.GetBytes(n.Contains("csv", StringComparison.Ordinal)
            ? Csv("plain") : Yaml("plain")))).ToList();
        var refusal = Assert.Throws<DeliveryRejectedException>(() => Reading.Of(files, format: new MappedCsvFormat()))!;
        Assert.That(refusal.Errors.Single().Rule, Is.EqualTo("mapping-missing"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void Mapping_MayStandAnywhereAmongTheFiles(int at)
    {
        // As a folder lists them: by name.
        List<ContentObject> files = [.. new[] { "a.csv", "b.csv" }.Select(n => TestFiles.Content(n, Encoding.UTF8.GetBytes(Csv("plain"))))];
        files.Insert(at, TestFiles.Content("mapping.yaml.gz", Encoding.UTF8.GetBytes(Yaml("plain"))));
        var reading = Reading.Of(files, format: new MappedCsvFormat());
        Assert.That(reading.Lines, Has.Count.EqualTo(4));
        Assert.That(reading.Report.Objects.Select(o => (o.FirstRowNumber, o.RowCount)), Is.EqualTo(new[]
        {
            new[] { (1u, 0u), (1u, 2u), (3u, 2u) }, [(1u, 2u), (3u, 0u), (3u, 2u)], [(1u, 2u), (3u, 2u), (5u, 0u)],
        }[at]));
    }

    [TestCase("1,234.56", "1,234,567.5", "1234567.5")]
    [TestCase("1,234.56", "-1,234", "-1234")]
    [TestCase("1,234.56", "12,34.5", null)]
    [TestCase("1,234.56", "1234,567", null)]
    [TestCase("1,234.56", ",5", null)]
    [TestCase("1.234,56", "1.5", null)]
    [TestCase("1 234,56", "1 234,5", "1234.5")]
    [TestCase("1 234,56", "1\u00A0234\u202F567,5", "1234567.5")]
    [TestCase("1 234,56", "1\u00A023,5", null)]
    [TestCase("1 234,56", " 234,5", null)]
    [TestCase("1 234.56", "1\u2009234.5", "1234.5")]
    [TestCase("1'234.56", "1'234'567.5", "1234567.5")]
    [TestCase("1'234.56", "1\u2019234.5", "1234.5")]
    [TestCase("1'234.56", "1,234.5", null)]
    [TestCase("1234.56", "5-", null)]
    [TestCase("1234.56", "(5)", null)]
    [TestCase("1234.56", "\u22125", null)]
    [TestCase("1234.56", "1,5", null)]
    [TestCase("1234.56", "2.5E-9", "0.0000000025")]
    public void Number_IsReadAsItsFormSays(string form, string text, string? value)
    {
        var numbers = NumberForm.All.Single(f => f.Name == form);
        var plain = numbers.Plain(Encoding.UTF8.GetBytes(text), new byte[64]);
        var error = FocusDecimal.TryParseAttos(plain, out var attos);
        Assert.That(error == FocusDecimalError.None ? DecimalText.OfAttos(attos) : null, Is.EqualTo(value));
    }

    [TestCase("1.234,56", NegativeForms.MinusBehind, "", "1.234,50-", "-1234.5")]
    [TestCase("1.234,56", NegativeForms.MinusBehind, "", "5,00 -", "-5")]
    [TestCase("1.234,56", NegativeForms.MinusBehind, "", "-5,00-", null)]
    [TestCase("1.234,56", NegativeForms.MinusBehind, "", "(5,00)", null)]
    [TestCase("1234.56", NegativeForms.MinusBehind, "", "5.00-", "-5")]
    [TestCase("1234.56", NegativeForms.Parentheses, "", "(5.00)", "-5")]
    [TestCase("1234.56", NegativeForms.Parentheses, "", "(-5.00)", null)]
    [TestCase("1234.56", NegativeForms.Parentheses, "", "(5.00", null)]
    [TestCase("1234.56", NegativeForms.Parentheses, "$", "$(5.00)", "-5")]
    [TestCase("1234.56", NegativeForms.Parentheses, "$", "($5.00)", "-5")]
    [TestCase("1234.56", NegativeForms.MinusSign, "", "\u22125.00", "-5")]
    [TestCase("1234.56", NegativeForms.MinusSign, "", "5.00\u2212", null)]
    [TestCase("1234.56", NegativeForms.MinusSign | NegativeForms.MinusBehind, "", "5.00\u2212", "-5")]
    [TestCase("1.234,56", NegativeForms.None, "\u20AC", "1.234,56 \u20AC", "1234.56")]
    [TestCase("1.234,56", NegativeForms.None, "\u20AC", "1.234,56\u00A0\u20AC", "1234.56")]
    [TestCase("1.234,56", NegativeForms.None, "\u20AC", "\u20AC 1.234,56", "1234.56")]
    [TestCase("1.234,56", NegativeForms.None, "\u20AC", "-1.234,56\u202F\u20AC", "-1234.56")]
    [TestCase("1.234,56", NegativeForms.None, "\u20AC", "\u20AC-5", "-5")]
    [TestCase("1.234,56", NegativeForms.None, "\u20AC", "\u20AC5\u20AC", null)]
    [TestCase("1.234,56", NegativeForms.None, "\u20AC", "5 $", null)]
    [TestCase("1.234,56", NegativeForms.None, "\u20AC", "\u20AC", null)]
    [TestCase("1.234,56", NegativeForms.MinusBehind, "\u20AC", "5,00- \u20AC", "-5")]
    [TestCase("1.234,56", NegativeForms.MinusBehind, "\u20AC", "5,00 \u20AC-", "-5")]
    public void Number_WithSigns_IsReadAsTheMappingAllows(string form, object negatives, string sign, string text, string? value)
    {
        var numbers = NumberForm.All.Single(f => f.Name == form) with
        {
            Sign = Encoding.UTF8.GetBytes(sign),
            Negatives = (NegativeForms)negatives,
        };
        var plain = numbers.Plain(Encoding.UTF8.GetBytes(text), new byte[64]);
        var error = FocusDecimal.TryParseAttos(plain, out var attos);
        Assert.That(error == FocusDecimalError.None ? DecimalText.OfAttos(attos) : null, Is.EqualTo(value));
    }

    /// <summary>A German bill as Excel saves it.</summary>
    private const string German = """
        sep=;
        Tag;Leistung;Netto
        01.07.2026;GPU;1.234,56 €
        02.07.2026;GPU;5,00- €
        03.07.2026;GPU, klein;−0,50 €

        """;

    private const string GermanYaml = """
        format: mapped-csv/1
        name: Rechenzentrum
        separator: ";"
        numbers: "1.234,56"
        currencySign: "€"
        negative: ["5-", "−5"]
        dates: DD.MM.YYYY
        columns:
          BillingAccountId: {constant: lab-1}
          BillingCurrency: {constant: EUR}
          ChargePeriodStart: {column: Tag}
          ChargeCategory: {constant: Usage}
          ServiceName: {column: Leistung}
          ServiceProviderName: {constant: Lab}
          BilledCost: {column: Netto}
        """;

    [TestCase("")]
    [TestCase("separator: \";\"\n", Description = "the file's first line decides")]
    public void GermanFile_ReadByItsMapping_IsExact(string without)
    {
        var lines = Read(GermanYaml.Replace(without.Length == 0 ? "\0" : without, "", StringComparison.Ordinal), German).Lines;
        Assert.That(lines.Select(l => l.Row.BilledNanos), Is.EqualTo(new[] { 1_234_560_000_000, -5_000_000_000, -500_000_000 }));
        Assert.That(lines[2].Set[DimensionColumn.ServiceName], Is.EqualTo("GPU, klein"));
        var withoutFirstLine = Read(GermanYaml, German[6..]).Lines;
        Assert.That(withoutFirstLine.Select(l => l.Row.BilledNanos), Is.EqualTo(lines.Select(l => l.Row.BilledNanos)));
    }

    [Test]
    public void Separator_ThatTheMappingDoesNotName_IsSaid()
    {
        var error = Refusal(GermanYaml.Replace("separator: \";\"\n", "", StringComparison.Ordinal), German[6..]).Errors.Single();
        Assert.That((error.File, error.Rule), Is.EqualTo(("bill.csv", "csv-separator")));
        Assert.That(error.Message, Does.StartWith("The first line has no comma and 2 semicolons: its fields are separated by ';'. ")
            .And.Contain("mapping that names the separator"));
        Assert.That(Refusal(GermanYaml.Replace("\";\"", "tab", StringComparison.Ordinal), German).Errors.Single().Message,
            Does.StartWith("The first line says that fields are separated by ';', here they are by 'tab'."));
    }

    [TestCase("€", "$", "below zero as -5 or 5- or −5, with or without $.")]
    [TestCase("currencySign: \"€\"\n", "", "below zero as -5 or 5- or −5, without a currency's sign.")]
    [TestCase("negative: [\"5-\", \"−5\"]\n", "", "below zero as -5, with or without €.")]
    [TestCase("\"1.234,56\"", "\"1,234.56\"", "neocloud.yaml, line 4, says: numbers as \"1,234.56\"")]
    [TestCase("numbers: \"1.234,56\"\n", "", "neocloud.yaml says: numbers as \"1234.56\"")]
    public void Number_OfAnotherForm_IsRefusedByTheRuleOfTheMapping(string from, string to, string words)
    {
        var error = Refusal(GermanYaml.Replace(from, to, StringComparison.Ordinal), German).Errors[0];
        Assert.That((error.Column, error.Rule), Is.EqualTo(("Netto", "decimal-not-a-number")));
        Assert.That(error.Message, Does.Contain(words).And.Not.Contain("plus sign"));
    }

    [Test]
    public async Task GermanFile_Explained_ShowsItsFields()
    {
        using var books = await BookFixture.OpenAsync();
        using var folder = new TempFolder();
        var booked = await BookAsync(books, new BookDeliveryRequest
        {
            SourceKey = "rz",
            Kind = "mapped-csv",
            BillingMonth = BillingMonth.Parse("2026-07"),
            Files = [folder.Write("rz.yaml", GermanYaml), folder.Write("juli.csv", German[6..])],
        });
        var options = new BookDeliveryOptions();
        var formats = CiCost.CostIngest.Formats.LineFormats.All();
        var explained = new ExplainRow(books.Books, books.Policies, formats,
            new RereadLines(books.Books, books.Policies, formats, options), options).Run(booked.DeliveryId, 2, null, CancellationToken.None);
        Assert.That(explained.Raw!.Fields.Select(f => $"{f.Key}={f.Value}"), Is.EqualTo(new[] { "Tag=02.07.2026", "Leistung=GPU", "Netto=5,00- €" }));
    }

    [TestCase("YYYY-MM-DDTHH:mm:ssZ", "2026-07-01T10:00:00Z", "2026-07-01T10:00:00Z")]
    [TestCase("YYYY-MM-DD HH:mm:ss", "2026-07-01 10:00:00", "2026-07-01T10:00:00Z")]
    [TestCase("YYYY-MM-DD", "2026-02-29", null)]
    [TestCase("YYYY-MM", "2026-07", "2026-07-01T00:00:00Z")]
    [TestCase("MM/DD/YYYY", "07/31/2026", "2026-07-31T00:00:00Z")]
    [TestCase("DD/MM/YYYY", "07/31/2026", null)]
    [TestCase("YYYYMMDD", "20260731", "2026-07-31T00:00:00Z")]
    [TestCase("unix-seconds", "99999999999999", null)]
    [TestCase("YYYY-MM-DD", "1969-12-31", null)]
    public void Date_IsReadAsItsFormSays(string form, string text, string? instant)
    {
        var seconds = DateForm.All.Single(f => f.Name == form).TryRead(Encoding.UTF8.GetBytes(text));
        Assert.That(seconds is { } s ? DateTimeOffset.FromUnixTimeSeconds(s).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null) : null,
            Is.EqualTo(instant));
    }

    private static Reading Read(string yaml, string csv) => Reading.Of(
        [TestFiles.Content("neocloud.yaml", Encoding.UTF8.GetBytes(yaml)), TestFiles.Content("bill.csv", Encoding.UTF8.GetBytes(csv))],
        null, Dimensions, format: new MappedCsvFormat());

    private static DeliveryRejectedException Refusal(string yaml, string csv) =>
        Assert.Throws<DeliveryRejectedException>(() => Read(yaml, csv))!;

    private static Task<BookDeliveryResult> BookAsync(BookFixture books, BookDeliveryRequest request) =>
        new BookDelivery(books.Books, books.Policies, CiCost.CostIngest.Formats.LineFormats.All(), CiCost.CostIngest.Formats.LineFormats.Jobs(),
            new BookDeliveryOptions()).RunAsync(request, null, CancellationToken.None);
}
