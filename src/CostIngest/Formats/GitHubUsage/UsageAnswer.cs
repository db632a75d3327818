using System.Text;
using System.Text.Json;
using CiCost.Accounting.Booking;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.GitHubUsage;

/// <summary>
/// The report as the REST API answers it, <c>{"usageItems": [...]}</c>, read as if it were the report in CSV: same columns, numbers as
/// they stand there. https://docs.github.com/en/rest/billing/enhanced-billing#get-billing-usage-report-for-an-organization
/// </summary>
internal static class UsageAnswer
{
    // The answer is one month of one organisation; the connector keeps answers below 64 MiB.
    private const int MostBytes = 256 * 1024 * 1024;

    // GitHub writes a day as the midnight that begins it.
    private const string Midnight = "T00:00:00Z";

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 8 };

    private static readonly (string Json, string Csv)[] Columns =
    [
        ("date", "date"), ("product", "product"), ("sku", "sku"), ("quantity", "quantity"), ("unitType", "unit_type"),
        ("pricePerUnit", "applied_cost_per_quantity"), ("grossAmount", "gross_amount"), ("discountAmount", "discount_amount"),
        ("netAmount", "net_amount"), ("organizationName", "organization"), ("repositoryName", "repository"),
    ];

    /// <summary>The same object when it is CSV; else one whose content is the CSV that the answer amounts to.</summary>
    public static ContentObject AsCsv(ContentObject content) => IsAnswer(content)
        ? content with { Open = () => new MemoryStream(Encoding.UTF8.GetBytes(ToCsv(content)), writable: false) }
        : content;

    /// <summary>Is it JSON?</summary>
    public static bool IsAnswer(ContentObject content)
    {
        using var stream = content.Open();
        var first = stream.ReadByte();
        while (first is ' ' or '\t' or '\r' or '\n')
        {
            first = stream.ReadByte();
        }

        return first == '{';
    }

    /// <summary>Single items as they stand in the answer.</summary>
    public static IReadOnlyList<RawRow> ReadRows(ContentObject content, IReadOnlyList<long> rowNumbers)
    {
        var items = Read(content);
        return [.. rowNumbers.Select(n => n >= 1 && n <= items.Count
            ? new RawRow(n, items[(int)n - 1].Offset, items[(int)n - 1].Fields)
            : throw new ArgumentException($"{content.Name} has {items.Count} items; {n} is not among them.", nameof(rowNumbers)))];
    }

    private static string ToCsv(ContentObject content)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Columns.Select(c => c.Csv)).Append('\n');
        foreach (var (_, fields) in Read(content))
        {
            var byName = fields.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
            text.AppendJoin(',', Columns.Select(c => Cell(c.Json, byName.GetValueOrDefault(c.Json, "")))).Append('\n');
        }

        return text.ToString();
    }

    private static string Cell(string name, string value)
    {
        var plain = name == "date" && value.EndsWith(Midnight, StringComparison.Ordinal) ? value[..^Midnight.Length] : value;
        return plain.AsSpan().IndexOfAny(",\"\r\n") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static List<(long Offset, List<KeyValuePair<string, string>> Fields)> Read(ContentObject content)
    {
        var bytes = ReadBytes(content);
        var rows = 0;
        try
        {
            var reader = new Utf8JsonReader(bytes, Strict);
            List<(long, List<KeyValuePair<string, string>>)> items = [];
            var found = false;
            Demand(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "an object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isItems = reader.ValueTextEquals("usageItems"u8);
                reader.Read();
                if (!isItems)
                {
                    reader.Skip();
                    continue;
                }

                Demand(!found && reader.TokenType == JsonTokenType.StartArray, "one list usageItems");
                found = true;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    rows++;
                    items.Add((reader.TokenStartIndex, ReadItem(ref reader, bytes)));
                }
            }

            Demand(found && !reader.Read(), "a list usageItems and nothing behind the answer");
            return items;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            var reason = exception.Message.Length <= 120 ? exception.Message : exception.Message[..120] + "...";
            throw new DeliveryRejectedException([new RowError(content.Name, rows, "", "not-json", reason,
                "This is not an answer of GitHub's usage API, {\"usageItems\": [...]}. Pull it again.")]);
        }
    }

    private static List<KeyValuePair<string, string>> ReadItem(ref Utf8JsonReader reader, byte[] bytes)
    {
        Demand(reader.TokenType == JsonTokenType.StartObject, "an object for each item");
        List<KeyValuePair<string, string>> fields = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            Demand(fields.All(f => f.Key != name), $"{name} once");
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var value = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Null => "",
                _ => null,
            };
            reader.Skip();

            // A number is the text that stands there: no binary fraction comes between.
            fields.Add(new(name, value ?? Encoding.UTF8.GetString(bytes.AsSpan(start, (int)reader.BytesConsumed - start))));
        }

        return fields;
    }

    private static byte[] ReadBytes(ContentObject content)
    {
        using var stream = content.Open();
        using var memory = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (stream.Read(buffer) is > 0 and var read)
        {
            memory.Write(buffer, 0, read);
            if (memory.Length > MostBytes)
            {
                throw new DeliveryRejectedException([new RowError(content.Name, 0, "", "too-large", "",
                    $"The answer has more than {MostBytes} bytes. Deliver the report as CSV.")]);
            }
        }

        return memory.ToArray();
    }

    private static void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw new JsonException($"Expected is {what}.");
        }
    }
}
