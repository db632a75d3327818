using System.Globalization;
using System.Net;

namespace CiCost.Reports.Printing;

/// <summary>Names the characters of a document that are most likely not in the report's fonts, for the message of the error.</summary>
internal static class ForeignCharacters
{
    private const int Most = 10;

    // Source Sans 3 and Source Serif 4 as shipped: Latin with its extensions, and general punctuation.
    private static readonly (int From, int To)[] Known = [(0x0000, 0x024F), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x203A),
        (0x2212, 0x2212)];

    public static string In(string html)
    {
        var body = html[Math.Max(0, html.IndexOf("<body", StringComparison.Ordinal))..];
        var foreign = WebUtility.HtmlDecode(body).EnumerateRunes().Distinct().Where(
            r => !Known.Any(k => r.Value >= k.From && r.Value <= k.To)).ToArray();
        return foreign.Length == 0
            ? "it is not known which"
            : string.Join(", ", foreign.Take(Most).Select(r => string.Create(CultureInfo.InvariantCulture, $"U+{r.Value:X4} '{r}'")))
                + (foreign.Length > Most ? ", ..." : "");
    }
}
