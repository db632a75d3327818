using CiCost.CostApi.Endpoints;
using CiCost.CostApi.Hosting;
using CiCost.Ledger;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi.Pages;

/// <summary>Writes pages that are rendered here, without a script; a page that says why, too, when the books cannot be shown.</summary>
internal sealed class PageWriter(IServiceProvider services, ILoggerFactory loggers, BooksAccess access, ApiHostOptions options)
{
    /// <summary>Writes a page whose component takes <c>Model</c>, <c>Notice</c> and <c>HasSchedule</c>.</summary>
    /// <param name="http">The request.</param>
    /// <param name="read">Makes the model from the books.</param>
    public async Task WriteAsync<TPage>(HttpContext http, Func<OpenBooks, Task<object>> read)
        where TPage : IComponent
    {
        string html;
        try
        {
            var model = await read(await access.OpenAsync(http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
            html = await RenderAsync<TPage>(new()
            {
                ["Model"] = model,
                ["Notice"] = options.Notice,
                ["HasSchedule"] = options.HasSchedule,
            }).ConfigureAwait(false);
        }
        catch (BooksException exception)
        {
            var problem = Problems.Of(exception, loggers.CreateLogger<PageWriter>());
            http.Response.StatusCode = problem.Status;
            html = await RenderAsync<ProblemPage>(new() { ["Message"] = problem.Detail, ["Notice"] = options.Notice })
                .ConfigureAwait(false);
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.WriteAsync(html, http.RequestAborted).ConfigureAwait(false);
            return;
        }

        await Answering.WriteAsync(http, html, "text/html").ConfigureAwait(false);
    }

    private async Task<string> RenderAsync<T>(Dictionary<string, object?> parameters)
        where T : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters)).ConfigureAwait(true)).ToHtmlString())
            .ConfigureAwait(false);
    }
}
