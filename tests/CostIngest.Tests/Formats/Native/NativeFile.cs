using System.Globalization;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>A native bill of the test data: its format, and the profile that it needs.</summary>
public sealed record NativeFile(string Kind, string Path, string? Profile)
{
    private static readonly string Data = System.IO.Path.Combine(TestFiles.Root, "tests", "data");

    public static NativeFile AwsSample { get; } = new("aws-cur", "focus/real/native/aws-cur-1/aws_cur_part70.csv", null);

    public static NativeFile OciSample { get; } = new("oci", "focus/real/native/oci-cost/oci_cost_report_part70.csv", "oci-report");

    public static NativeFile AzureSample { get; } =
        new("azure-ea", "focus/real/native/azure-ea/azure_ea_actual.csv", "azure-spreadsheet");

    /// <summary>All of them: the three real ones, and small ones with what the real ones lack.</summary>
    public static IReadOnlyList<NativeFile> All { get; } =
    [
        AwsSample, OciSample, AzureSample,
        new("aws-cur", "native/aws-cur/line-item-types.csv", null),
        new("aws-cur", "native/aws-cur/refunds.csv", null),
        new("aws-cur", "native/aws-cur/cur2-net.csv", null),
        new("aws-cur2", "native/aws-cur2/export.csv", null),
        new("oci", "native/oci/corrections.csv", null),
        new("azure-ea", "native/azure-ea/charge-types.csv", null),
        new("github-usage", "native/github-usage/detailed.csv", null),
        new("github-usage", "native/github-usage/summarized.csv", null),
    ];

    public static DimensionOptions Dimensions { get; } = new(
        ["x_ServiceCode", "x_UsageType", "x_Repository", "x_WorkflowPath", "x_CostCenterName", "oci_CompartmentName", "oci_OverageFlag"],
        ["user:Cluster", "user_cluster", "Cluster", "Oracle-Tags.CreatedBy"]);

    public string FullPath => System.IO.Path.Combine(Data, Path);

    public string Text => File.ReadAllText(FullPath);

    public static ILineFormat FormatOf(string kind) => LineFormats.All().Single(f => f.Kind == kind);

    internal Reading Read() => Read(Kind, Text, Profile);

    internal static Reading Read(string kind, string text, string? profile = null, bool quarantine = false) => Reading.Of(
        [TestFiles.Content("bill.csv", Encoding.UTF8.GetBytes(text))], profile, Dimensions, quarantine, format: FormatOf(kind));

    public static DeliveryRejectedException Refusal(string kind, string text, string? profile = null) =>
        Assert.Throws<DeliveryRejectedException>(() => Read(kind, text, profile))!;

    /// <summary>Header and first row with fields replaced.</summary>
    public string WithRow(params (string Column, string Value)[] values)
    {
        var lines = Text.Split('\n');
        var names = lines[0].TrimEnd('\r').Split(',');
        var fields = SplitRow(lines[1].TrimEnd('\r'));
        foreach (var (column, value) in values)
        {
            fields[Array.IndexOf(names, column)] = value;
        }

        return $"{lines[0]}\n{string.Join(',', fields.Select(Quote))}\n";
    }

    /// <summary>A line as text for a golden file: what is set, and the four costs.</summary>
    internal static string Show(ReadLine line)
    {
        var text = new StringBuilder();
        var day = DateTimeOffset.FromUnixTimeSeconds(line.Row.ChargeStartSeconds)
            .ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        text.Append(CultureInfo.InvariantCulture, $"{line.Number} {day}+{line.Row.ChargeSeconds}s ")
            .Append(CultureInfo.InvariantCulture, $"in {BillingMonth.FromIndex(line.Row.BillingMonthIndex)}")
            .Append(" billed ").Append(Amount(line.Row.BilledNanos, line.Row.BilledResidueAttos))
            .Append(" effective ").Append(Amount(line.Row.EffectiveNanos, line.Row.EffectiveResidueAttos))
            .Append(" list ").Append(Amount(line.Row.ListNanos, line.Row.ListResidueAttos))
            .Append(" contracted ").Append(Amount(line.Row.ContractedNanos, line.Row.ContractedResidueAttos)).Append('\n');
        text.Append("   ").AppendJoin("; ", Enum.GetValues<DimensionColumn>().Where(c => line.Set[c] is not null)
            .Select(c => $"{c}={line.Set[c]}")).Append('\n');
        text.Append("   ").AppendJoin("; ", line.Set.Extras.Select(e => $"{e.Key}={e.Value}"));
        text.Append(CultureInfo.InvariantCulture, $" | {line.Resource.Id} {line.Resource.Name} | {line.Tags} | ");
        text.Append(CultureInfo.InvariantCulture, $"{line.UnitPrices.List} {line.UnitPrices.Contracted} | ");
        text.Append(line.Row.HasPricingQuantity ? $"{line.Row.PricingUnits}+{line.Row.PricingSubunitNanos}n" : "no quantity").Append('\n');
        return text.ToString();
    }

    public override string ToString() => Path;

    private static string Amount(long nanos, int residueAttos) =>
        DecimalText.OfAttos(((Int128)nanos * FocusDecimal.AttosPerNano) + residueAttos);

    private static string[] SplitRow(string row)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        var isQuoted = false;
        foreach (var c in row + ",")
        {
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }

            if (c == ',' && !isQuoted)
            {
                var raw = field.ToString();
                fields.Add(raw.StartsWith('"') ? raw[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : raw);
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        return [.. fields];
    }

    private static string Quote(string value) =>
        value.AsSpan().IndexOfAny("\",\n\r") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
