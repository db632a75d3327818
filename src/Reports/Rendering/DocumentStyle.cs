using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CiCost.Reports.Formatting;
using CiCost.Reports.Models;

namespace CiCost.Reports.Rendering;

/// <summary>
/// The one style sheet of a document: fonts as data, the house style, the paper and its footer. The document's content security policy
/// allows exactly this sheet, by its hash, and nothing else from anywhere.
/// </summary>
public sealed partial class DocumentStyle
{
    private static readonly Lazy<string> Sheet = new(static () =>
        FontUrl().Replace(ReportAssets.Text("fonts.css"), static m =>
            $"url(data:font/woff2;base64,{Convert.ToBase64String(ReportAssets.Bytes(m.Groups[1].Value))})")
        + ReportAssets.Text("report.css") + ReportAssets.Text("print.css"));

    private DocumentStyle(string css)
    {
        Css = css;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)));
        Policy = $"default-src 'none'; style-src 'sha256-{hash}'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'";
    }

    /// <summary>The style sheet.</summary>
    public string Css { get; }

    /// <summary>The content security policy.</summary>
    public string Policy { get; }

    /// <summary>The style of a report on a paper.</summary>
    public static DocumentStyle Of(ReportHead head, Paper paper)
    {
        ArgumentNullException.ThrowIfNull(head);
        return new DocumentStyle(Sheet.Value + PageRule(head, paper));
    }

    private static string PageRule(ReportHead head, Paper paper)
    {
        const string font = "font: 400 7.5pt/1.2 'Source Sans 3'; color: #55616C; vertical-align: top; padding-top: 5mm;";
        var left = $"{head.Organisation} CI cost report, {Figures.Month(head.Month)}, {Wording.Status(head.Status).ToLowerInvariant()}";
        var center = head.SealHex is { } seal ? $"Seal {Figures.Seal(seal)}"
            : $"Book version {Figures.Count(head.BookVersion)}, not sealed";
        const string alert = "font: 600 7.5pt/1.2 'Source Sans 3'; color: #9E3A24; vertical-align: bottom; padding-bottom: 4mm;";
        var demonstration = head.Demonstration is null ? "" : $"  @top-right {{ content: {Quoted(Wording.Demonstration)}; {alert} }}\n";
        return $$"""
            @page {
              size: {{(paper == Paper.A4 ? "A4" : "letter")}} portrait;
              margin: 16mm 16mm 19mm;
              @bottom-left { content: {{Quoted(left)}}; {{font}} }
              @bottom-center { content: {{Quoted(center)}}; {{font}} }
              @bottom-right { content: "Page " counter(page) " of " counter(pages); {{font}} }
            {{demonstration}}}

            """.ReplaceLineEndings("\n");
    }

    /// <summary>A text in a style sheet. What could end the text, the line or the sheet is written as a number.</summary>
    private static string Quoted(string text) =>
        "\"" + string.Concat(text.EnumerateRunes().Select(r =>
            Rune.IsLetterOrDigit(r) || r.Value is ' ' or ',' or '.' or '-' ? r.ToString() : $"\\{r.Value:x} ")) + "\"";

    [GeneratedRegex(@"url\((fonts/[a-z0-9-]+\.woff2)\)")]
    private static partial Regex FontUrl();
}
