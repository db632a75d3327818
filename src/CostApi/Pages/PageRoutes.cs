using CiCost.CostApi.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CiCost.CostApi.Pages;

/// <summary>The pages for people: <c>/</c> is a month on one page, <c>/reconciliation</c> says whether it ties and what is missing.</summary>
internal static class PageRoutes
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];
    private static readonly ParameterSpec[] Spec = [Parameters.OptionalMonth];

    public static void MapPages(this IEndpointRouteBuilder app, string? reportFolder)
    {
        app.MapMethods("/", Reading, (HttpContext http, PageWriter pages) =>
        {
            var month = new QueryReader(http.Request.Query, Spec).MonthOrNull(Parameters.OptionalMonth);
            return pages.WriteAsync<MonthPage>(http, async books =>
                await MonthModel.ReadAsync(books, month, reportFolder, http.RequestAborted).ConfigureAwait(false));
        }).ExcludeFromDescription();
        app.MapMethods("/reconciliation", Reading, (HttpContext http, PageWriter pages) =>
        {
            var month = new QueryReader(http.Request.Query, Spec).MonthOrNull(Parameters.OptionalMonth);
            return pages.WriteAsync<ReconciliationPage>(http, async books =>
                await ReconciliationModel.ReadAsync(books, month, http.RequestAborted).ConfigureAwait(false));
        }).ExcludeFromDescription();
    }
}
