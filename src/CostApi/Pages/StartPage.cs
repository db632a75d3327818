using CiCost.CostApi.Endpoints;
using CiCost.CostApi.Hosting;
using CiCost.Ledger;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi.Pages;

/// <summary>Answers <c>/</c>: a month on one page, rendered here, without a script.</summary>
internal sealed class StartPage(IServiceProvider services, ILoggerFactory loggers, BooksAccess access, ApiHostOptions options)
{
    private static readonly ParameterSpec[] Spec = [Parameters.OptionalMonth];

    /// <summary>Writes the page; as a page, too, when the books are not there yet.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        var asked = new QueryReader(http.Request.Query, Spec).MonthOrNull(Parameters.OptionalMonth);
        string html;
        try
        {
            var books = await access.OpenAsync(http.RequestAborted).ConfigureAwait(false);
            var model = await MonthModel.ReadAsync(books, asked, options.ReportDirectory, http.RequestAborted).ConfigureAwait(false);
            html = await RenderAsync<MonthPage>(new() { ["Model"] = model, ["Notice"] = options.Notice }).ConfigureAwait(false);
        }
        catch (BooksException exception)
        {
            http.Response.StatusCode = Problems.Of(exception, loggers.CreateLogger<StartPage>()).Status;
            html = await RenderAsync<ProblemPage>(new() { ["Message"] = exception.Message, ["Notice"] = options.Notice })
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
