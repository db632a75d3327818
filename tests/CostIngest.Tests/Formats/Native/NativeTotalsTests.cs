using System.Text.Json;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.TestKit;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>Every native bill is read with exact totals that Python's decimal confirms, and line by line as approved.</summary>
public sealed class NativeTotalsTests
{
    private static readonly Lazy<Task<Dictionary<string, JsonElement>>> Independent = new(RunPython);

    private static IReadOnlyList<NativeFile> Files => NativeFile.All;

    [TestCaseSource(nameof(Files))]
    public async Task Totals_NativeFile_EqualPythonDecimal(NativeFile file)
    {
        var expected = (await Independent.Value)[file.FullPath];
        var reading = file.Read();
        var actual = reading.Delivery.Totals.GroupBy(t => t.Currency.Code).ToDictionary(
            g => g.Key,
            g => Enum.GetValues<CostColumn>().ToDictionary(
                c => c + "Cost", c => DecimalText.OfAttos(g.Aggregate((Int128)0, (sum, t) => sum + t.ExactAttos(c)))));
        Assert.Multiple(() =>
        {
            Assert.That(actual, Is.EqualTo(expected.GetProperty("totals").Deserialize<Dictionary<string, Dictionary<string, string>>>()));
            Assert.That(reading.Lines, Has.Count.EqualTo(expected.GetProperty("lines").GetInt32()));
            Assert.That(reading.Lines.Select(l => l.Number), Is.EqualTo(Enumerable.Range(1, reading.Lines.Count)));
            Assert.That(reading.Report.Objects.Single().RowCount, Is.EqualTo(reading.Lines.Count));
        });
    }

    [TestCaseSource(nameof(Files))]
    public void Lines_NativeFile_AreAsApproved(NativeFile file)
    {
        // Of a real file a sample: every 29th line, and so each of its kinds of rows.
        var isReal = file.Path.StartsWith("focus/", StringComparison.Ordinal);
        var lines = file.Read().Lines.Where(l => !isReal || l.Number % 29 == 1);
        Golden.Verify(string.Concat(lines.Select(NativeFile.Show)), "Golden/" + Path.GetFileNameWithoutExtension(file.Path));
    }

    [TestCaseSource(nameof(Files))]
    public void Values_NativeFile_AreThoseThatFocusAllows(NativeFile file) => Assert.Multiple(() =>
    {
        foreach (var set in file.Read().Lines.Select(l => l.Set).Distinct())
        {
            foreach (var column in Enum.GetValues<DimensionColumn>())
            {
                if (set[column] is { } value && Domain.Focus.FocusCatalogue.Instance.Find(column.ToString())?.AllowedValues is { } allowed)
                {
                    Assert.That(allowed, Does.Contain(value), column.ToString());
                }
            }
        }
    });

    [TestCaseSource(nameof(Files))]
    public void ReadRows_EveryLine_FindsItsRawRow(NativeFile file)
    {
        var count = file.Read().Lines.Count;
        var format = NativeFile.FormatOf(file.Kind);
        var content = TestFiles.Content("bill.csv", File.ReadAllBytes(file.FullPath));
        var perRow = file.Kind == "github-usage" ? 2 : 1;
        var rows = format.ReadRows(content, [.. Enumerable.Range(1, count).Select(n => (long)n)], CancellationToken.None);
        Assert.That(rows.Select(r => r.RowNumber), Is.EqualTo(Enumerable.Range(0, count).Select(n => (n / perRow) + 1)));
        Assert.That(rows[^1].Fields[0].Value, Is.EqualTo(file.Text.TrimEnd('\r', '\n').Split('\n')[^1].Split(',')[0]));
        Assert.That(() => format.ReadRows(content, [count + 1], CancellationToken.None), Throws.ArgumentException);
    }

    private static async Task<Dictionary<string, JsonElement>> RunPython()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(TestFiles.Root, "tests", "independent", "native_totals.py"));
        var output = await PythonTool.RunAsync(script, "", null, [.. NativeFile.All.Select(f => $"{f.Kind}:{f.FullPath}")]);
        return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(output)!;
    }
}
