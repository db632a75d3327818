using CiCost.Reports.Models;
using CiCost.Reports.Parts;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CiCost.Reports.Rendering;

/// <summary>
/// Renders the board report as one HTML document that stands alone: styles and fonts are inside, nothing is fetched, nothing runs.
/// </summary>
public static class BoardReportHtml
{
    /// <summary>Renders it.</summary>
    /// <param name="report">The figures.</param>
    /// <param name="paper">The paper that it is to be printed on; on a screen it makes no difference.</param>
    /// <returns>The document. The same report gives the same text.</returns>
    /// <exception cref="ReportDoesNotFootException">Something does not foot: such a report is not shown to anybody.</exception>
    public static async Task<string> RenderAsync(BoardReport report, Paper paper)
    {
        var failures = Footing.Failures(report);
        if (failures.Count > 0)
        {
            throw new ReportDoesNotFootException(failures);
        }

        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?>
            {
                [nameof(ReportDocument.R)] = report,
                [nameof(ReportDocument.Style)] = DocumentStyle.Of(report.Head, paper),
            };
            var root = await renderer.RenderComponentAsync<ReportDocument>(ParameterView.FromDictionary(parameters));
            return root.ToHtmlString().ReplaceLineEndings("\n");
        });
    }
}
