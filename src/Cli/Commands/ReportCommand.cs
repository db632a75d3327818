using System.CommandLine;
using System.Text;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Ledger;
using CiCost.Reports;
using CiCost.Reports.Board;
using CiCost.Reports.Models;
using CiCost.Reports.Printing;
using CiCost.Reports.Rendering;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost report board</c>: the board report of a month, as PDF or HTML.</summary>
internal static class ReportCommand
{
    public static Command Create(GlobalOptions global) => new("report", "Reports of a month.") { Board(global) };

    private static Command Board(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "The charge month.", required: true);
        var output = new Option<string[]>("--out")
        {
            Description = "The file to write; its ending says what: .pdf or .html. May be given twice.",
            HelpName = "FILE",
            Required = true,
        };
        var paper = new Option<string>("--paper") { Description = "a4 or letter.", DefaultValueFactory = _ => "a4" };
        paper.AcceptOnlyFromAmong("a4", "letter");
        var split = new Option<string?>("--split") { Description = "The split policy; without it the agreed one, else the first proposal.", HelpName = "ID" };
        var published = new Option<string?>("--published")
        {
            Description = "A CSV table of hours by architecture that was published elsewhere, to compare with.",
            HelpName = "FILE",
        };
        var command = new Command("board", "The board report: who used it, who paid for it, what is fair.") { month, output, paper, split, published };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var files = parse.GetRequiredValue(output);
            RequirePlaces(files);
            using var session = await global.OpenAsync(parse, cancellationToken);
            var build = new BuildBoardReport(session.Books, session.Policies, session.Costs);
            var report = build.Run(new BoardReportRequest
            {
                Month = MonthOption.Value(parse, month),
                Demonstration = session.Policies.Current().Set.BooksNotice is { } notice
                    ? notice.Replace(Wording.Demonstration, "", StringComparison.Ordinal).Trim()
                    : null,
                SplitId = parse.GetValue(split),
                Published = parse.GetValue(published) is { } file ? PublishedTable.Read(file) : null,
            });
            var size = parse.GetValue(paper) == "letter" ? Paper.Letter : Paper.A4;
            List<WrittenReport> written = [];
            foreach (var path in files)
            {
                written.Add(await WriteAsync(report, size, path, cancellationToken));
            }

            Print(written, MonthOption.Value(parse, month).ToString(), global.IsJson(parse));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Before minutes of work: the file must have a kind and a folder to go to.</summary>
    private static void RequirePlaces(IEnumerable<string> files)
    {
        foreach (var path in files)
        {
            if (Path.GetExtension(path).ToUpperInvariant() is not (".PDF" or ".HTML"))
            {
                throw new BooksException("report-kind", $"'{path}' ends neither in .pdf nor in .html. Name the file by what it is to be.");
            }

            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            {
                throw new BooksException("report-folder", $"The folder {folder} of '{path}' is not there. Make it, or name another with --out.");
            }
        }
    }

    private static void Print(IReadOnlyList<WrittenReport> written, string month, bool asJson)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(new { report = "board", month, files = written });
            return;
        }

        foreach (var w in written)
        {
            Console.Out.WriteLine(w.Pages is null ? $"{w.File}: {w.Bytes} bytes"
                : $"{w.File}: {w.Pages} pages, {w.Bytes} bytes, sha256 {w.Sha256}, {w.Browser}");
        }
    }

    private static async Task<WrittenReport> WriteAsync(BoardReport report, Paper paper, string path, CancellationToken cancellationToken)
    {
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".HTML":
                var html = await BoardReportHtml.RenderAsync(report, paper);
                await File.WriteAllTextAsync(path, html, new UTF8Encoding(false), cancellationToken);
                return new WrittenReport(path, new FileInfo(path).Length, null, null, null);
            default:
                var printed = await new ReportPrinter(new PrintSettings(), TimeProvider.System).PrintAsync(report, paper, cancellationToken);
                await File.WriteAllBytesAsync(path, [.. printed.Pdf], cancellationToken);
                return new WrittenReport(path, printed.Pdf.Length, printed.PageCount, printed.Sha256Hex, printed.BrowserVersion);
        }
    }

    /// <summary>A file that was written; pages, hash and browser of a PDF.</summary>
    private sealed record WrittenReport(string File, long Bytes, int? Pages, string? Sha256, string? Browser);
}
