using System.Text.Json;
using CiCost.CostIngest.Formats.GcpBilling;
using CiCost.Domain.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.TestKit;

namespace CiCost.CostIngest.Tests.Formats.GcpBilling;

/// <summary>Google's billing export: every row and credit, exactly, as a calculator in another language says.</summary>
public sealed class GcpBillingFormatTests
{
    private static readonly Lazy<Task<Dictionary<string, JsonElement>>> Independent = new(RunPython);

    private static IReadOnlyList<GcpFile> Files => GcpFile.All;

    [TestCaseSource(nameof(Files))]
    public async Task Lines_AreTheIndependentOnes(GcpFile file)
    {
        var expected = (await Independent.Value)[file.FullPath].GetProperty("lines").EnumerateArray().Select(l => l.ToString()).ToList();
        var rows = GcpRows(file);
        var actual = file.Read().Lines.Select((l, i) => JsonSerializer.Serialize(new object?[]
        {
            rows[i], l.Set[DimensionColumn.ChargeCategory], l.Set[DimensionColumn.ChargeClass],
            Exact(l.Row.BilledNanos, l.Row.BilledResidueAttos), Exact(l.Row.EffectiveNanos, l.Row.EffectiveResidueAttos),
            Exact(l.Row.ListNanos, l.Row.ListResidueAttos), Exact(l.Row.ContractedNanos, l.Row.ContractedResidueAttos),
        })).ToList();
        Assert.That(actual, Is.EqualTo(expected.Select(e => e.Replace(", ", ",", StringComparison.Ordinal))));
    }

    [TestCaseSource(nameof(Files))]
    public async Task Totals_EqualPythonDecimal(GcpFile file)
    {
        var expected = (await Independent.Value)[file.FullPath].GetProperty("totals");
        var actual = file.Read().Delivery.Totals.GroupBy(t => t.Currency.Code).ToDictionary(
            g => g.Key,
            g => Enum.GetValues<CostColumn>().ToDictionary(
                c => c + "Cost", c => DecimalText.OfAttos(g.Aggregate((Int128)0, (sum, t) => sum + t.ExactAttos(c)))));
        Assert.That(actual, Is.EqualTo(expected.Deserialize<Dictionary<string, Dictionary<string, string>>>()));
    }

    [TestCaseSource(nameof(Files))]
    public void Lines_AreAsApproved(GcpFile file) =>
        Golden.Verify(string.Concat(file.Read().Lines.Select(GcpFile.Show)), "Golden/" + file.Name);

    [Test]
    public void Values_AreThoseThatFocusAllows() => Assert.Multiple(() =>
    {
        foreach (var set in GcpFile.Standard.Read().Lines.Select(l => l.Set))
        {
            foreach (var column in Enum.GetValues<DimensionColumn>())
            {
                if (set[column] is { } value && FocusCatalogue.Instance.Find(column.ToString())?.AllowedValues is { } allowed)
                {
                    Assert.That(allowed, Does.Contain(value), column.ToString());
                }
            }
        }
    });

    [Test]
    public void Version_IsWhatTheRowsShow() =>
        Assert.That(GcpFile.All.Select(f => f.Read().Report.FormatVersion), Is.EqualTo(new[] { "standard", "detailed", "standard" }));

    [Test]
    public void PacificEdge_StaysInItsInvoiceMonthAndIsDatedInUtc() => Assert.Multiple(() =>
    {
        var line = GcpFile.Standard.Read().Lines.Single(l => l.Row.BilledNanos == 3_000_000_000);
        Assert.That(DateTimeOffset.FromUnixTimeSeconds(line.Row.ChargeStartSeconds),
            Is.EqualTo(new DateTimeOffset(2026, 8, 1, 6, 0, 0, TimeSpan.Zero)));
        Assert.That(Domain.Periods.BillingMonth.FromIndex(line.Row.BillingMonthIndex).ToString(), Is.EqualTo("2026-07"));
        Assert.That(line.Set.ValueOf("x_InvoiceMonth"), Is.EqualTo("202607"), "the original is kept");
    });

    [Test]
    public void RowAndCredits_SumToWhatGoogleBills()
    {
        // cost + sum(credits.amount), by currency, over the raw rows.
        var net = GcpFile.Standard.Text.TrimEnd().Split('\n').Select(l => JsonDocument.Parse(l).RootElement).Sum(r =>
            decimal.Parse(r.GetProperty("cost").GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            + r.GetProperty("credits").EnumerateArray().Sum(c
                => decimal.Parse(c.GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture)));
        var lines = GcpFile.Standard.Read().Lines;
        Assert.That(lines.Sum(l => (decimal)l.Row.BilledNanos / 1e9m + ((decimal)l.Row.BilledResidueAttos / 1e18m)), Is.EqualTo(net));
    }

    [Test]
    public void FeeOfASpendCommitment_AndItsOffset_ArePurchasesAndNoUsage()
    {
        // Multiprice commitments: fee 70, of which 60 were used and are billed with the usage (list 100); 5 of other usage.
        var usage = GcpFile.Standard.Text.Split('\n')[0];
        var rows = new[] { ("70", "70", "Commitment fee - dollar based v1: GCE for 1 year", "-60"), ("60", "100", "N1 Core", null), ("5", "5", "N1 Ram", null) }
            .Select(r => Row(usage, r.Item1, r.Item2, r.Item3, r.Item4));
        var reading = GcpFile.Read(string.Join('\n', rows) + "\n");
        Assert.That(reading.Lines.Select(l => (l.Set[DimensionColumn.ChargeCategory], l.Row.BilledNanos / 1_000_000_000,
            l.Row.EffectiveNanos / 1_000_000_000, l.Row.ListNanos / 1_000_000_000)), Is.EqualTo(new[]
            {
                ("Purchase", 70L, 70L, 70L), ("Purchase", -60L, -60L, -60L), ("Usage", 60L, 60L, 100L), ("Usage", 5L, 5L, 5L),
            }));
        Assert.That(reading.Lines[1].Set[DimensionColumn.ChargeDescription], Does.StartWith("FEE_UTILIZATION_OFFSET: "));
        Assert.That(reading.Lines.Sum(l => l.Row.EffectiveNanos), Is.EqualTo(75_000_000_000L), "consumption and payable");
    }

    [Test]
    public void Columns_ThatNobodyReads_AreNamed()
    {
        var row = System.Text.Json.Nodes.JsonNode.Parse(GcpFile.Standard.Text.Split('\n')[0])!.AsObject();
        row["cost_of_carbon"] = "1";
        row["export_time"] = "1783540800000000";
        var uses = GcpFile.Read(row.ToJsonString() + "\n").Report.Tolerances.Single(t => t.Name == "unread-columns");
        Assert.That((uses.Count, uses.Example), Is.EqualTo((1L, "cost_of_carbon")));
        Assert.That(GcpFile.Standard.Read().Report.Tolerances, Is.Empty);
    }

    [Test]
    public void ReadRows_EveryLine_FindsTheRowItCameFrom()
    {
        var rows = GcpRows(GcpFile.Standard);
        var format = new GcpBillingFormat();
        var content = TestFiles.Content("x.jsonl", File.ReadAllBytes(GcpFile.Standard.FullPath));
        var raw = format.ReadRows(content, [.. Enumerable.Range(1, rows.Count).Select(n => (long)n)], CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(raw.Select(r => r.RowNumber), Is.EqualTo(rows));
            Assert.That(raw[2].Fields.Single(f => f.Key == "cost").Value, Is.EqualTo("100.5"));
            Assert.That(raw[2].ByteOffset, Is.EqualTo(GcpFile.Standard.Text.IndexOf('\n') + 1));
            Assert.That(() => format.ReadRows(content, [rows.Count + 1], CancellationToken.None), Throws.ArgumentException);
        });
    }

    [Test]
    public void Checkpoints_AreOfTheRowsThatEveryTenThousandthLineLiesIn()
    {
        // Three lines each: line 10,001 is the second of row 3,334.
        var row = GcpFile.Standard.Text.Split('\n')[1] + "\n";
        var objects = GcpFile.Read(string.Concat(Enumerable.Repeat(row, 3_400))).Report.Objects;
        Assert.That(objects.Single().Checkpoints, Is.EqualTo(new[] { 0L, 3_333L * row.Length }));
        Assert.That(objects.Single().RowCount, Is.EqualTo(10_200));
    }

    [Test]
    public void RowSetAside_KeepsTheNumbersOfAllItsLines()
    {
        var lines = GcpFile.Standard.Text.TrimEnd().Split('\n').Take(3).ToArray();
        lines[1] = lines[1].Replace("\"202607\"", "\"July\"", StringComparison.Ordinal);
        var reading = GcpFile.Read(string.Join('\n', lines), quarantine: true);
        Assert.Multiple(() =>
        {
            Assert.That(reading.Lines.Select(l => l.Number), Is.EqualTo(new[] { 1, 5, 6 }));
            Assert.That(reading.Report.Quarantined.Single().ToString(), Does.StartWith(
                "2026-07.jsonl: row 2, column invoice.month, value 'July'"));
        });
    }

    private static string Row(string like, string cost, string listCost, string sku, string? offset)
    {
        var row = System.Text.Json.Nodes.JsonNode.Parse(like)!.AsObject();
        (row["cost"], row["cost_at_list"]) = (cost, listCost);
        row["sku"]!["description"] = sku;
        row["credits"] = new System.Text.Json.Nodes.JsonArray(offset is null ? [] : [new System.Text.Json.Nodes.JsonObject
        {
            ["name"] = "Commitment fee offset", ["amount"] = offset, ["type"] = "FEE_UTILIZATION_OFFSET",
        }]);
        return row.ToJsonString();
    }

    private static List<int> GcpRows(GcpFile file) =>
    [
        .. file.Text.TrimEnd('\n').Split('\n').SelectMany((l, i) => Enumerable.Repeat(i + 1,
            1 + JsonDocument.Parse(l).RootElement.GetProperty("credits").GetArrayLength())),
    ];

    private static string Exact(long nanos, int residueAttos) =>
        DecimalText.OfAttos(((Int128)nanos * FocusDecimal.AttosPerNano) + residueAttos);

    private static async Task<Dictionary<string, JsonElement>> RunPython()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(TestFiles.Root, "tests", "independent", "gcp_billing.py"));
        var output = await PythonTool.RunAsync(script, "", null, [.. GcpFile.All.Select(f => f.FullPath)]);
        return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(output)!;
    }
}
