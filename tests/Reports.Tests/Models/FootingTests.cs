using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using CiCost.Domain.Periods;
using CiCost.Reports.Models;
using CiCost.Reports.Rendering;
using CiCost.Reports.Tests.Fixtures;

namespace CiCost.Reports.Tests.Models;

/// <summary>Each figure of a report is changed by one, and each change is found.</summary>
public sealed partial class FootingTests
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter(), new MonthConverter() } };

    // Figures that stand in one place only: nothing else says what they should be.
    private static readonly string[] Alone =
    [
        "Head.BookVersion", "Kpis.#.Figure.Value", "Kpis.#.Bar.FilledPermille", "Kpis.#.Bar.TargetPermille", "Trend.Series.#.Cents.#",
        "Trend.Budget.Cents",
    ];

    [Test]
    public void Failures_OfTheFixtures_AreNone() => Assert.Multiple(() =>
    {
        Assert.That(Footing.Failures(SampleReport.Create()), Is.Empty);
        Assert.That(Footing.Failures(SampleReport.Closed()), Is.Empty);
        Assert.That(Footing.Failures(StressReport.Large()), Is.Empty);
        Assert.That(Footing.Failures(StressReport.Empty()), Is.Empty);
    });

    [TestCase(1)]
    [TestCase(-1)]
    public void Failures_AnyFigureOffByOne_AreFound(int by)
    {
        var report = JsonSerializer.SerializeToNode(SampleReport.Create(), Json)!;
        var (changed, missed) = (0, new List<string>());
        foreach (var leaf in Numbers(report).ToArray())
        {
            var (parent, key, value, path) = leaf;
            Set(parent, key, value + by);
            var broken = report.Deserialize<BoardReport>(Json)!;
            Set(parent, key, value);
            changed++;
            if (Footing.Failures(broken).Count == 0)
            {
                missed.Add(path);
            }
        }

        Assert.That(changed, Is.GreaterThan(600));
        Assert.That(missed.Select(p => Index().Replace(p, "#")).Distinct(), Is.SubsetOf(Alone), string.Join('\n', missed));
        Assert.That(missed.Where(p => p.StartsWith("Trend.Series", StringComparison.Ordinal)), Has.None.Match(@"Cents\.1[01]$"),
            "the last two months are tied");
        Assert.That(missed, Has.None.EqualTo("Kpis.0.Figure.Value"));
    }

    [Test]
    public void Failures_StructureBroken_AreFound()
    {
        var good = SampleReport.Create();
        BoardReport[] bad =
        [
            good with { Head = good.Head with { SealHex = ReportMaker.Seal } },
            good with { Head = good.Head with { Status = MonthStatus.Closed } },
            good with { Head = good.Head with { Month = good.Head.Month.Next } },
            good with { Kpis = [.. good.Kpis, good.Kpis[1]] },
            good with { Kpis = [good.Kpis[0] with { TiedCents = null }] },
            good with { Kpis = [good.Kpis[1] with { TiedCents = 1 }] },
            good with { Trend = good.Trend with { Months = [.. good.Trend.Months.Skip(1)] } },
            good with { Trend = good.Trend with { Months = [good.Trend.Months[1], .. good.Trend.Months.Skip(1)] } },
            good with { Trend = good.Trend with { Series = [.. good.Trend.Series.Select(s => s with { Role = SeriesRole.Funder })] } },
            good with { Trend = good.Trend with { Series = [.. good.Trend.Series.Select(s => s with { Name = "Meta" })] } },
            good with { Architectures = good.Architectures with { Rows = [.. good.Architectures.Rows.Reverse()] } },
            good with { Funding = good.Funding with { Rows = [.. good.Funding.Rows.Reverse()] } },
            good with { Sharing = good.Sharing with { IsIndicative = false } },
            good with { Sharing = good.Sharing with { Rows = [.. good.Sharing.Rows.SkipLast(1)] } },
            good with { Sharing = good.Sharing with { Rows = [.. good.Sharing.Rows.Where(r => r.Role != SharingRowRole.Unallocated)] } },
            good with { Sharing = good.Sharing with { Excluded = [] } },
            good with { Flow = good.Flow with { Links = [.. good.Flow.Links.Select(l => l with { From = "Meta" })] } },
            good with { Bridge = good.Bridge with { Invoiced = null } },
            good with { Bridge = good.Bridge with { Total = good.Bridge.Total with { InvoiceCents = 1, DifferenceCents = 1 } } },
            good with { Hours = good.Hours with { Months = [.. good.Hours.Months.Skip(1)] } },
        ];

        Assert.Multiple(() =>
        {
            for (var i = 0; i < bad.Length; i++)
            {
                Assert.That(Footing.Failures(bad[i]), Is.Not.Empty, $"the report at {i}");
            }
        });
    }

    [Test]
    public void Render_ReportThatDoesNotFoot_IsRefusedWithTheFigures()
    {
        var good = SampleReport.Create();
        var bad = good with { Funding = good.Funding with { TotalCents = 154_219_514 } };

        var error = Assert.ThrowsAsync<ReportDoesNotFootException>(() => BoardReportHtml.RenderAsync(bad, Paper.A4))!;

        Assert.That(error.Failures, Has.Count.EqualTo(2));
        Assert.That(
            error.Message,
            Does.Contain("Funding by organisation: the total is the architecture table's: 154219513 expected, 154219514 found"));
    }

    private static IEnumerable<(JsonNode Parent, object Key, long Value, string Path)> Numbers(JsonNode node, string path = "")
    {
        var children = node switch
        {
            JsonObject o => o.Select(p => ((object)p.Key, p.Value)),
            JsonArray a => a.Select((v, i) => ((object)i, v)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            var childPath = path.Length == 0 ? $"{key}" : $"{path}.{key}";
            if (child is JsonValue value && value.GetValueKind() == JsonValueKind.Number)
            {
                yield return (node, key, value.GetValue<long>(), childPath);
            }
            else if (child is not null)
            {
                foreach (var inner in Numbers(child, childPath))
                {
                    yield return inner;
                }
            }
        }
    }

    private static void Set(JsonNode parent, object key, long value)
    {
        if (key is int index)
        {
            parent[index] = value;
        }
        else
        {
            parent[(string)key] = value;
        }
    }

    [GeneratedRegex(@"(?<=\.)\d+(?=\.|$)")]
    private static partial Regex Index();

    private sealed class MonthConverter : JsonConverter<BillingMonth>
    {
        public override BillingMonth Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            BillingMonth.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, BillingMonth value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
