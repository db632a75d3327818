using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CiCost.Reports.Models;
using CiCost.Reports.Rendering;

namespace CiCost.Reports.Printing;

/// <summary>Where a print is; tests hook in here to make things go wrong.</summary>
internal enum PrintStage
{
    Started,
    Loaded,
}

/// <summary>
/// Prints reports with a browser of its own for each: started, used once and ended. The same document gives the same bytes from the same
/// version of the browser.
/// </summary>
/// <param name="settings">How.</param>
/// <param name="time">The clock, for what earlier runs left behind.</param>
public sealed class ReportPrinter(PrintSettings settings, TimeProvider time)
{
    // A renderer that crashes has met something rare and outside of the document; one that crashes again has not.
    private const int Attempts = 2;

    /// <summary>Called at each stage with the browser, its page and the number of the attempt from 1.</summary>
    internal Func<PrintStage, Browser, PrintPage?, int, CancellationToken, Task>? Hook { get; init; }

    /// <summary>Renders and prints a board report. The date inside the PDF is that of the book version.</summary>
    /// <exception cref="ReportDoesNotFootException">Something does not foot.</exception>
    /// <exception cref="PrintException">It was not printed.</exception>
    public async Task<PrintedReport> PrintAsync(BoardReport report, Paper paper, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(report);
        var html = await BoardReportHtml.RenderAsync(report, paper).ConfigureAwait(false);
        return await PrintAsync(html, paper, report.Head.BookVersionAt, token).ConfigureAwait(false);
    }

    /// <summary>Prints a document that stands alone.</summary>
    /// <param name="html">The document, with its page size in its style sheet.</param>
    /// <param name="paper">The paper, for the width at which charts are drawn.</param>
    /// <param name="createdAt">The date inside the PDF.</param>
    /// <param name="token">Ends the print and the browser.</param>
    /// <exception cref="PrintException">It was not printed.</exception>
    public async Task<PrintedReport> PrintAsync(string html, Paper paper, DateTimeOffset createdAt, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(settings.Timeout);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await PrintOnceAsync(html, paper, createdAt, attempt, limit.Token).ConfigureAwait(false);
            }
            catch (PrintException e) when (e.Failure == PrintFailure.RendererCrashed && attempt < Attempts)
            {
                continue;
            }
            catch (OperationCanceledException e) when (!token.IsCancellationRequested)
            {
                var seconds = settings.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
                throw new PrintException(PrintFailure.TimedOut,
                    $"The report was not printed within {seconds} seconds; the browser was ended.", e);
            }
        }
    }

    private async Task<PrintedReport> PrintOnceAsync(string html, Paper paper, DateTimeOffset createdAt, int attempt,
        CancellationToken token)
    {
        var (browser, version) = await Browser.StartAsync(settings, time, token).ConfigureAwait(false);
        await using (browser.ConfigureAwait(false))
        {
            await At(PrintStage.Started, browser, null, attempt, token).ConfigureAwait(false);
            using var page = await PrintPage.OpenAsync(browser.Pipe, html, paper, token).ConfigureAwait(false);
            await page.LoadAsync().ConfigureAwait(false);
            await At(PrintStage.Loaded, browser, page, attempt, token).ConfigureAwait(false);
            var pdf = PdfFile.Normalise(await page.PrintAsync().ConfigureAwait(false), createdAt);
            return new PrintedReport(
                ImmutableCollectionsMarshal.AsImmutableArray(pdf), PdfFile.PageCount(pdf), version,
                Convert.ToHexStringLower(SHA256.HashData(pdf)));
        }
    }

    private Task At(PrintStage stage, Browser browser, PrintPage? page, int attempt, CancellationToken token) =>
        Hook?.Invoke(stage, browser, page, attempt, token) ?? Task.CompletedTask;

}
