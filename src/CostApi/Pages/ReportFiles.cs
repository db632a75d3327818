using System.Text.RegularExpressions;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostApi.Pages;

/// <summary>The board reports in a folder: <c>board-YYYY-MM.pdf</c> and <c>.html</c>, and nothing else that lies there.</summary>
internal static partial class ReportFiles
{
    /// <summary>The names of the reports of a month that are there.</summary>
    public static IReadOnlyList<string> Of(string? folder, BillingMonth month) => folder is null ? []
        : [.. new[] { $"board-{month}.pdf", $"board-{month}.html" }.Where(name => IsThere(folder, name))];

    /// <summary>Serves a report.</summary>
    /// <exception cref="BooksException">There is none of that name.</exception>
    public static IResult Serve(string? folder, string name) => folder is not null && Name().IsMatch(name) && IsThere(folder, name)
        ? Results.File(
            Path.GetFullPath(Path.Combine(folder, name)),
            name.EndsWith(".pdf", StringComparison.Ordinal) ? "application/pdf" : "text/html; charset=utf-8",
            enableRangeProcessing: true,
            lastModified: File.GetLastWriteTimeUtc(Path.Combine(folder, name)))
        : throw new BooksException("report-unknown", "There is no such report. / links those that there are.");

    /// <summary>A link could lead out of the folder, so that only plain files are served.</summary>
    private static bool IsThere(string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name));
        return file.Exists && file.LinkTarget is null;
    }

    [GeneratedRegex(@"^board-[0-9]{4}-(0[1-9]|1[0-2])\.(pdf|html)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
