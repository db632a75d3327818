using System.Text;
using System.Text.Json.Nodes;
using CiCost.CostIngest.Formats.GcpBilling;
using CiCost.CostIngest.Tests.Formats.Native;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Tests.Formats.GcpBilling;

/// <summary>A billing export of the test data, and rows made from its first one.</summary>
public sealed record GcpFile(string Name, string? Profile)
{
    public static GcpFile Standard { get; } = new("standard", null);

    public static GcpFile Detailed { get; } = new("detailed", null);

    public static GcpFile Extract { get; } = new("bq-extract", "bq-extract");

    public static IReadOnlyList<GcpFile> All { get; } = [Standard, Detailed, Extract];

    public static DimensionOptions Dimensions { get; } = new(
        ["x_ServiceCode", "x_InvoiceMonth", "x_CreditType", "x_CreditName", "x_CreditId", "x_AdjustmentType"], ["Cluster"]);

    public string FullPath => Path.Combine(TestFiles.Root, "tests", "data", "native", "gcp-billing", Name + ".jsonl");

    public string Text => File.ReadAllText(FullPath);

    internal Reading Read() => Read(Text, Profile);

    internal static Reading Read(string text, string? profile = null, bool quarantine = false) => Reading.Of(
        [TestFiles.Content("2026-07.jsonl", Encoding.UTF8.GetBytes(text))], profile, Dimensions, quarantine, format: new GcpBillingFormat());

    public static DeliveryRejectedException Refusal(string text, string? profile = null) =>
        Assert.Throws<DeliveryRejectedException>(() => Read(text, profile))!;

    /// <summary>The first row with values replaced by their path; null takes a value away.</summary>
    public static string Row(params (string Path, string? Json)[] values)
    {
        var row = JsonNode.Parse(Standard.Text.Split('\n')[0])!;
        foreach (var (path, json) in values)
        {
            var names = path.Split('.');
            var owner = names[..^1].Aggregate(row, (node, name) => node[name]!);
            owner[names[^1]] = json is null ? null : JsonNode.Parse(json);
        }

        return row.ToJsonString() + "\n";
    }

    public override string ToString() => Name;

    internal static string Show(ReadLine line) => NativeFile.Show(line);
}
