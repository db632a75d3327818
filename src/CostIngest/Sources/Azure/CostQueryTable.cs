using System.Globalization;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>A row of an answer.</summary>
/// <param name="Day">The day, or the first day of the month.</param>
/// <param name="Item">The value of the first dimension.</param>
/// <param name="ChargeType">The value of the second.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Cost">The amount.</param>
internal sealed record CostQueryRow(DateOnly Day, string Item, string ChargeType, string Currency, ExactSum Cost);

/// <summary>Reads the rows of an answer. The order of columns is the answer's own.</summary>
internal static class CostQueryTable
{
    /// <summary>Reads all pages.</summary>
    /// <exception cref="SourceException">They are no table, have a row twice, or are not for the days that were asked for.</exception>
    public static IReadOnlyList<CostQueryRow> Read(IReadOnlyList<HttpAnswer> pages, QueryWindow window, string dimension)
    {
        List<CostQueryRow> rows = [];
        HashSet<(DateOnly, string, string, string)> seen = [];
        foreach (var page in pages)
        {
            using var document = page.ReadJson();
            foreach (var row in ReadPage(page, document.RootElement, window, dimension))
            {
                // The service adds up by these four, so the same ones again are a page that came twice.
                rows.Add(seen.Add((row.Day, row.Item, row.ChargeType, row.Currency))
                    ? row
                    : throw new SourceException(
                        "paging-broken",
                        $"{page.Subject} answered with a page that came before: '{row.Item}', {row.ChargeType}, {row.Day:yyyy-MM-dd} is there twice. "
                        + "Nothing was recorded; run it again."));
            }
        }

        return rows;
    }

    private static IEnumerable<CostQueryRow> ReadPage(HttpAnswer page, JsonElement root, QueryWindow window, string dimension)
    {
        var properties = Property(page, root, "properties");
        var columns = Property(page, properties, "columns").EnumerateArray().Select(c => Property(page, c, "name").GetString() ?? "").ToList();
        var cost = Column(page, columns, "Cost", "totalCost", "PreTaxCost");
        var currency = Column(page, columns, "Currency");
        var item = Column(page, columns, dimension);
        var type = Column(page, columns, "ChargeType");
        var date = window.Granularity == QueryGranularity.Daily ? Column(page, columns, "UsageDate") : Column(page, columns, "BillingMonth");
        foreach (var row in Property(page, properties, "rows").EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != columns.Count)
            {
                throw Unreadable(page, "a row has not as many values as there are columns");
            }

            yield return new CostQueryRow(
                Day(page, row[date], window),
                Text(page, row[item], columns[item]),
                Text(page, row[type], columns[type]),
                Currency(page, row[currency]),
                ExactSum.TryRead(row[cost], out var amount) ? amount : throw Unreadable(page, $"'{row[cost].GetRawText()}' is no amount"));
        }
    }

    private static DateOnly Day(HttpAnswer page, JsonElement value, QueryWindow window)
    {
        // UsageDate is a number such as 20260630, BillingMonth a text such as 2026-06-01T00:00:00.
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var isDay = DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || (text.Length >= 10 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day));
        return !isDay
            ? throw Unreadable(page, $"'{value.GetRawText()}' is no day")
            : day >= window.From && day <= window.To
                ? day
                : throw new SourceException(
                    "answer-elsewhere",
                    $"{page.Subject} answered for {day:yyyy-MM-dd} where {window.From:yyyy-MM-dd} to {window.To:yyyy-MM-dd} was asked: the service "
                    + "moved the question. Nothing was recorded; run it again, and if it stays so, check the clock of this machine.");
    }

    // Charges without the dimension come with an empty text or null.
    private static string Text(HttpAnswer page, JsonElement value, string column) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => throw Unreadable(page, $"'{column}' is {value.GetRawText()}, which is no text"),
    };

    private static string Currency(HttpAnswer page, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: 3 } code && code.All(char.IsAsciiLetterUpper)
            ? code
            : throw Unreadable(page, $"{value.GetRawText()} is no currency");

    private static int Column(HttpAnswer page, List<string> columns, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (columns.FindIndex(c => string.Equals(c, name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index)
            {
                return index;
            }
        }

        throw Unreadable(page, $"it has no column '{names[0]}', only {string.Join(", ", columns)}");
    }

    private static JsonElement Property(HttpAnswer page, JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : throw Unreadable(page, $"'{name}' is missing");

    private static SourceException Unreadable(HttpAnswer page, string why) => new(
        "answer-unreadable", $"{page.Subject} answered with no table of costs: {why}. Nothing was recorded; run it again.");
}
