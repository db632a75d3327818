using System.Text.Json;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.TestKit;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>
/// Rows of the real native bills, and refunds, which those lack, become what a mapping in another language, made from docs/formats.md and
/// the accounting rules, says.
/// </summary>
public sealed class IndependentRowsTests
{
    private static IReadOnlyList<NativeFile> Files =>
    [
        NativeFile.AwsSample, NativeFile.OciSample, NativeFile.AzureSample,
        NativeFile.All.Single(f => f.Path.EndsWith("refunds.csv", StringComparison.Ordinal)),
    ];

    [TestCaseSource(nameof(Files))]
    public async Task Lines_RealFile_AreTheIndependentOnesRowByRow(NativeFile file)
    {
        var expected = await IndependentRows(file);
        var actual = file.Read().Lines.Select(Row.Of).ToList();
        Assert.That(actual, Has.Count.EqualTo(expected.Count).And.Count.GreaterThan(15));
        var differences = expected.Zip(actual).Where(p => p.First != p.Second)
            .Select(p => $"expected {p.First}\n     was {p.Second}").ToList();
        Assert.That(differences, Is.Empty);
    }

    private static async Task<IReadOnlyList<Row>> IndependentRows(NativeFile file)
    {
        var script = await File.ReadAllTextAsync(Path.Combine(TestFiles.Root, "tests", "independent", "native_rows.py"));
        using var rows = JsonDocument.Parse(await PythonTool.RunAsync(script, arguments: [file.FullPath, file.Kind]));
        return [.. rows.RootElement.EnumerateArray().Select(Row.Of)];
    }

    private sealed record Row(
        long Number, string? Category, string? Class, string? ServiceCategory,
        string Billed, string Effective, string List, string Contracted)
    {
        public static Row Of(ReadLine line) => new(
            line.Number,
            line.Set[DimensionColumn.ChargeCategory],
            line.Set[DimensionColumn.ChargeClass],
            line.Set[DimensionColumn.ServiceCategory],
            Exact(line.Row.BilledNanos, line.Row.BilledResidueAttos),
            Exact(line.Row.EffectiveNanos, line.Row.EffectiveResidueAttos),
            Exact(line.Row.ListNanos, line.Row.ListResidueAttos),
            Exact(line.Row.ContractedNanos, line.Row.ContractedResidueAttos));

        public static Row Of(JsonElement row) => new(
            row.GetProperty("row").GetInt64(),
            row.GetProperty("category").GetString(),
            row.GetProperty("class").GetString(),
            row.GetProperty("serviceCategory").GetString(),
            row.GetProperty("billed").GetString()!,
            row.GetProperty("effective").GetString()!,
            row.GetProperty("list").GetString()!,
            row.GetProperty("contracted").GetString()!);

        private static string Exact(long nanos, int residueAttos) =>
            DecimalText.OfAttos(((Int128)nanos * FocusDecimal.AttosPerNano) + residueAttos);
    }
}
