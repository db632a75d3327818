using System.Globalization;
using System.Text.Json;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Aws.CostExplorer;

/// <summary>
/// One question to GetCostAndUsage and its answer:
/// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html.
/// </summary>
/// <param name="Month">The month.</param>
/// <param name="Metric"><c>UnblendedCost</c> or <c>NetUnblendedCost</c>.</param>
/// <param name="Dimension"><c>SERVICE</c> or <c>LINKED_ACCOUNT</c>; the second one is always RECORD_TYPE.</param>
internal sealed record CostQuestion(BillingMonth Month, string Metric, string Dimension)
{
    private string Subject => $"AWS Cost Explorer ({Month} by {Dimension} and RECORD_TYPE)";

    public async Task<CostDivision> AskAsync(AwsJsonService service, CancellationToken cancellationToken)
    {
        Dictionary<(string, string), CostGroup> groups = [];
        var isEstimated = false;
        await AwsPages.ReadAsync(Subject, "NextPageToken", Ask, Read).ConfigureAwait(false);
        return new CostDivision([.. groups.Values], isEstimated);

        Task<JsonDocument> Ask(string? token, int page) => service.AskAsync(
            "GetCostAndUsage", $"{Month}-{Dimension.ToLowerInvariant()}-{page}.json", w => Write(w, token), cancellationToken);

        void Read(JsonElement root)
        {
            foreach (var result in root.GetProperty("ResultsByTime").EnumerateArray())
            {
                RefuseOtherMonth(result.GetProperty("TimePeriod").GetProperty("Start").GetString());
                isEstimated |= result.TryGetProperty("Estimated", out var estimated) && estimated.GetBoolean();
                foreach (var group in result.GetProperty("Groups").EnumerateArray().Select(ReadGroup).OfType<CostGroup>())
                {
                    if (!groups.TryAdd((group.Item, group.RecordType), group))
                    {
                        throw new SourceException(
                            "paging-broken",
                            $"{Subject} answered '{group.Item}' with '{group.RecordType}' twice: a page came twice. Run it again.");
                    }
                }
            }
        }
    }

    private void Write(Utf8JsonWriter writer, string? token)
    {
        writer.WriteStartObject("TimePeriod");
        writer.WriteString("Start", Day(Month));
        writer.WriteString("End", Day(Month.Next));
        writer.WriteEndObject();
        writer.WriteString("Granularity", "MONTHLY");
        writer.WriteStartArray("Metrics");
        writer.WriteStringValue(Metric);
        writer.WriteEndArray();
        writer.WriteStartArray("GroupBy");
        foreach (var key in new[] { Dimension, "RECORD_TYPE" })
        {
            writer.WriteStartObject();
            writer.WriteString("Type", "DIMENSION");
            writer.WriteString("Key", key);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (token is not null)
        {
            writer.WriteString("NextPageToken", token);
        }
    }

    private CostGroup? ReadGroup(JsonElement group)
    {
        var keys = group.GetProperty("Keys");
        var metric = group.GetProperty("Metrics").GetProperty(Metric);
        var text = metric.GetProperty("Amount").GetString() ?? "";
        var currency = metric.GetProperty("Unit").GetString();
        var attos = AwsAmount.Attos(Subject, text);
        if (!AwsAmount.IsCurrency(currency))
        {
            // AWS writes N/A where there was no charge at all.
            return attos == 0
                ? null
                : throw new SourceException("answer-unreadable", $"{Subject} answered {text} in '{currency}', which is no currency.");
        }

        return keys.GetArrayLength() == 2
            ? new CostGroup(keys[0].GetString()!, keys[1].GetString()!, currency!, attos, AwsAmount.Nanos(Subject, text))
            : throw new SourceException(
                "answer-unreadable", $"{Subject} answered a group with {keys.GetArrayLength()} keys; two were asked for.");
    }

    private void RefuseOtherMonth(string? start)
    {
        if (start is not { Length: >= 10 } || start[..10] != Day(Month))
        {
            throw new SourceException(
                "answer-unreadable", $"{Subject} answered for the period that starts {start}; {Day(Month)} was asked for.");
        }
    }

    private static string Day(BillingMonth month) => month.FirstDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
