using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CiCost.Cli.Tests.Demo;

/// <summary>A shown amount.</summary>
/// <param name="Where">Command, endpoint or page, and the place in it.</param>
/// <param name="Key">Meaning, axis, filter and currency.</param>
/// <param name="Amount">As it is shown.</param>
/// <param name="Unit">0.01 for cents, 1000 for thousands: how far it may be from the same figure in a smaller unit, exclusive.</param>
internal sealed record ShownFigure(string Where, string Key, decimal Amount, decimal Unit);

/// <summary>Collects every amount that the program shows, each under what it means, and what nobody knows the meaning of.</summary>
internal sealed partial class ShownFigures
{
    private readonly List<ShownFigure> _figures = [];
    private readonly List<string> _unmapped = [];

    public IReadOnlyList<ShownFigure> All => _figures;

    /// <summary>Amounts whose meaning is not known: a new output that the test has to learn.</summary>
    public IReadOnlyList<string> Unmapped => _unmapped;

    /// <summary>Every pair of the same figure that differs.</summary>
    public IEnumerable<string> Differences() => _figures.GroupBy(f => f.Key, StringComparer.Ordinal).SelectMany(g =>
    {
        var first = g.MinBy(f => f.Unit)!;
        return g.Where(f => f.Unit == first.Unit ? f.Amount != first.Amount : Math.Abs(f.Amount - first.Amount) >= f.Unit)
            .Select(f => $"{g.Key}: {first.Amount} in {first.Where}, {f.Amount} in {f.Where}");
    });

    /// <summary>Figures that were seen in more than one place.</summary>
    public int Compared => _figures.GroupBy(f => f.Key, StringComparer.Ordinal).Count(g => g.Select(f => f.Where).Distinct().Count() > 1);

    public void Add(string where, string key, decimal amount, decimal unit = 0.01m) => _figures.Add(new ShownFigure(where, key, amount, unit));

    /// <summary>A figure's key.</summary>
    public static string Key(string meaning, string axis, string currency, params (string Dimension, string Value)[] filter) =>
        $"{meaning} by {axis} month, {currency}{string.Concat(filter.OrderBy(f => f.Dimension, StringComparer.Ordinal).Select(f => $", {f.Dimension}={f.Value}"))}";

    /// <summary>Walks a document: every <c>display</c> in it must have a meaning.</summary>
    /// <param name="where">Command or endpoint.</param>
    /// <param name="document">The document.</param>
    /// <param name="meaning">The key of an amount, or null: path without indices, and the objects from the root down to it.</param>
    public void Walk(string where, JsonElement document, Func<string, IReadOnlyList<JsonElement>, string?> meaning) =>
        Walk(where, "", [document], meaning);

    /// <summary>Every amount with two decimals in a text must be one of the displays of the same answer's document.</summary>
    public void Text(string where, string text, JsonElement document)
    {
        var known = Displays(document).ToHashSet(StringComparer.Ordinal);
        foreach (var amount in Money().Matches(text).Select(m => m.Value).Where(a => !known.Contains(a)))
        {
            _unmapped.Add($"{where}: {amount} is printed, and --json does not show it");
        }
    }

    /// <summary>The rows of the tables of a page, by caption; drawings, whose figures <c>Footing</c> ties, are left out.</summary>
    public static IEnumerable<(string Caption, string[][] Rows)> Tables(string html) => Table().Matches(Drawing().Replace(html, "")).Select(t => (
        Plain(Caption().Match(t.Value).Groups[1].Value),
        TableRow().Matches(t.Value).Select(r => TableCell().Matches(r.Value)
            .SelectMany(c => Enumerable.Repeat(Plain(c.Groups[2].Value), 1)).ToArray()).ToArray()));

    /// <summary>What stands on a page outside tables and drawings.</summary>
    public static string Prose(string html) => Plain(Table().Replace(Drawing().Replace(Style().Replace(html, ""), ""), " "));

    /// <summary>An amount as a page shows it; null for what is none.</summary>
    public static decimal? Amount(string text)
    {
        var plain = text.Replace('\u2212', '-').Replace("+", "", StringComparison.Ordinal).Replace("$", "", StringComparison.Ordinal).Trim();
        return plain is "\u2013" or "" ? 0 : decimal.TryParse(plain, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount : null;
    }

    /// <summary>An amount of a page that has a place of its own, such as a subtotal: prose may repeat it.</summary>
    public void AddSeen(string where, string what, decimal amount) => _figures.Add(new ShownFigure(where, $"{where}: {what}", amount, 0.01m));

    /// <summary>Every amount with cents in prose repeats one of the figures; rounder words are tied by <c>Footing</c>.</summary>
    public void AddProse(string where, string text)
    {
        var known = _figures.Select(f => Math.Abs(f.Amount)).ToHashSet();
        foreach (var amount in Money().Matches(text).Select(m => m.Value).Where(a => !known.Contains(Math.Abs(Amount(a)!.Value))))
        {
            _unmapped.Add($"{where}: '{amount}' repeats no figure");
        }
    }

    /// <summary>Remembers an amount that nobody can map.</summary>
    public void AddUnmapped(string what) => _unmapped.Add(what);

    private static IEnumerable<string> Displays(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Name == "display" ? Strings(p.Value) : Displays(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Displays),
        _ => [],
    };

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Strings(p.Value)),
        _ => [],
    };

    private void Walk(string where, string path, IReadOnlyList<JsonElement> chain, Func<string, IReadOnlyList<JsonElement>, string?> meaning)
    {
        var element = chain[^1];
        foreach (var item in element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().ToList() : [])
        {
            Walk(where, path + "[]", [.. chain, item], meaning);
        }

        foreach (var property in element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().ToList() : [])
        {
            var inner = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (property.Name == "display")
            {
                AddDisplays(where, inner, property.Value, chain, meaning);
            }
            else
            {
                Walk(where, inner, [.. chain, property.Value], meaning);
            }
        }
    }

    private void AddDisplays(string where, string path, JsonElement shown, IReadOnlyList<JsonElement> chain,
        Func<string, IReadOnlyList<JsonElement>, string?> meaning)
    {
        if (shown.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in shown.EnumerateObject())
            {
                AddDisplays(where, $"{path}.{property.Name}", property.Value, chain, meaning);
            }
        }
        else if (shown.ValueKind == JsonValueKind.String && Amount(shown.GetString()!) is { } amount)
        {
            if (meaning(path, chain) is { } key)
            {
                Add($"{where} {path}", key, amount);
            }
            else
            {
                _unmapped.Add($"{where}: {path} {amount} has no meaning that this test knows");
            }
        }
    }

    private static string Plain(string html) => WebUtility.HtmlDecode(Tag().Replace(html, " ")).Replace('\u00a0', ' ').Trim() is var text
        ? Spaces().Replace(text, " ") : "";

    [GeneratedRegex(@"(?<![\d.,])-?\d{1,3}(,\d{3})*\.\d\d(?![\d.%]| million)")]
    private static partial Regex Money();

    [GeneratedRegex(@"<table.*?</table>", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex(@"<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawing();

    [GeneratedRegex(@"<(style|head)\b.*?</\1>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex(@"<caption[^>]*>(.*?)</caption>", RegexOptions.Singleline)]
    private static partial Regex Caption();

    [GeneratedRegex(@"<tr.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"<(t[hd])\b[^>]*>(.*?)</\1>", RegexOptions.Singleline)]
    private static partial Regex TableCell();

    [GeneratedRegex(@"<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
