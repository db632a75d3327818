using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CiCost.Reports.Printing;

/// <summary>
/// What is read and changed in the browser's PDF. It writes objects in plain text, with two things that differ from print to print: the
/// dates, and the numbers of structure elements, which depend on the order in which parts were painted. Both are replaced by texts
/// of the same length, elements numbered in the order of the document, so no offset moves.
/// </summary>
internal static partial class PdfFile
{
    /// <summary>Makes the bytes a function of the document alone.</summary>
    public static byte[] Normalise(byte[] pdf, DateTimeOffset createdAt)
    {
        var text = Encoding.Latin1.GetString(pdf);
        var date = createdAt.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        text = Date().Replace(text, m => $"/{m.Groups[1].Value} (D:{date}+00'00')");
        var ranks = Node().Matches(text).Select(m => m.Value).Distinct()
            .Select((id, i) => (id, Rank: string.Create(CultureInfo.InvariantCulture, $"(node{i + 1:00000000})")))
            .ToDictionary(p => p.id, p => p.Rank, StringComparer.Ordinal);
        text = Node().Replace(text, m => ranks[m.Value]);
        return Encoding.Latin1.GetBytes(NameTree().Replace(text, Sorted));
    }

    /// <summary>A leaf of the tree of names, in the order that readers search it by; no shorter or longer than it was.</summary>
    private static string Sorted(Match leaf)
    {
        var names = NamedElement().Matches(leaf.Groups[1].Value).Select(m => m.Value).Order(StringComparer.Ordinal).ToArray();
        return $"/Limits [{Node().Match(names[0]).Value} {Node().Match(names[^1]).Value}]\n/Names [{string.Join(' ', names)}]";
    }

    /// <summary>The pages; throws when the bytes are no complete PDF.</summary>
    public static int PageCount(byte[] pdf)
    {
        var text = Encoding.Latin1.GetString(pdf);
        var pages = Page().Count(text);
        return text.StartsWith("%PDF-", StringComparison.Ordinal) && text.TrimEnd().EndsWith("%%EOF", StringComparison.Ordinal) && pages > 0
            ? pages
            : throw new PrintException(PrintFailure.Protocol, $"The browser gave {pdf.Length} bytes that are no complete PDF.");
    }

    [GeneratedRegex(@"/(CreationDate|ModDate) \(D:\d{14}\+00'00'\)")]
    private static partial Regex Date();

    [GeneratedRegex(@"\(node\d{8}\)")]
    private static partial Regex Node();

    [GeneratedRegex(@"/Limits \[\(node\d{8}\) \(node\d{8}\)\]\n/Names \[((?:\(node\d{8}\) \d+ 0 R ?)+)\]")]
    private static partial Regex NameTree();

    [GeneratedRegex(@"\(node\d{8}\) \d+ 0 R")]
    private static partial Regex NamedElement();

    [GeneratedRegex(@"/Type /Page\b(?!s)")]
    private static partial Regex Page();
}
