using System.Globalization;
using System.Text;
using System.Text.Json;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>A charge that the service knows.</summary>
internal sealed record AzureCharge(string Scope, DateOnly Day, string Service, string Subscription, string ChargeType, string Cost, string Currency = "USD");

/// <summary>
/// Cost Management and Resource Manager in one process, with the limits and the traps of the service: it silently cuts a Daily window of
/// more than 31 days and a Monthly one of more than 12 months, shifts days to come and swapped ends, refuses more than 37 months with
/// 400, answers 204 without data and pages with nextLink (https://learn.microsoft.com/rest/api/cost-management/query/usage; the traps:
/// https://github.com/microsoft/azure-skills, skills/azure-cost). Throttling and its headers:
/// https://learn.microsoft.com/azure/cost-management-billing/costs/manage-automation. All read 2026-11-21.
/// </summary>
internal sealed class CostQueryFake : IAsyncDisposable
{
    public const string Scope = "/subscriptions/0aaaaaaa-1111-2222-3333-444444444444";
    public const string OtherScope = "/subscriptions/0bbbbbbb-1111-2222-3333-444444444444";

    private readonly Lock _lock = new();
    private int _inFlight;

    public FakeServer Server { get; private set; } = null!;

    public TokenFake Authority { get; private set; } = null!;

    public List<AzureCharge> Charges { get; } = [];

    public DateOnly Today { get; set; } = new(2026, 7, 20);

    public int PageSize { get; set; } = 1_000;

    /// <summary>The order of the columns, which the service does not promise.</summary>
    public bool ColumnsTurned { get; set; }

    /// <summary>Changes an answer before it goes out.</summary>
    public Func<string, string> Alter { get; set; } = text => text;

    public int MostInFlight { get; private set; }

    /// <summary>Tells when the first query came, and lets it go on.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<string> Tenants { get; } = [TokenFake.Tenant];

    public List<string> ManagementGroups { get; } = [TokenFake.Tenant, "team"];

    /// <summary>Bodies of the queries so far.</summary>
    public IReadOnlyList<JsonElement> Queries => [.. Server.Requests.Where(r => r.Method == "POST").Select(r => JsonElement.Parse(r.Body))];

    public static async Task<CostQueryFake> StartAsync()
    {
        var fake = new CostQueryFake();
        fake.Authority = await TokenFake.StartAsync("https://management.azure.com/.default");
        fake.Server = await FakeServer.StartAsync(fake.AnswerAsync);
        return fake;
    }

    public static bool IsQuery(HttpRequest request) => request.Method == "POST";

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Authority.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        if (request.Header("Authorization") is not { } header || !Authority.Tokens.Contains(header.Replace("Bearer ", "", StringComparison.Ordinal)))
        {
            await RefuseAsync(context, 401, "InvalidAuthenticationToken");
        }
        else if (request.Method == "POST" && request.Path.EndsWith("/providers/Microsoft.CostManagement/query", StringComparison.Ordinal))
        {
            lock (_lock)
            {
                MostInFlight = Math.Max(MostInFlight, ++_inFlight);
            }

            if (Hold is { } hold)
            {
                Arrived.TrySetResult();
                await hold.Task;
            }

            await QueryAsync(context, request, request.Path[..request.Path.IndexOf("/providers/Microsoft.CostManagement", StringComparison.Ordinal)]);
            lock (_lock)
            {
                _inFlight--;
            }
        }
        else
        {
            await ScopesAsync(context, request.Path);
        }
    }

    private async Task QueryAsync(HttpContext context, SeenRequest request, string scope)
    {
        var query = JsonElement.Parse(request.Body);
        var period = query.GetProperty("timePeriod");
        var (from, to) = (Day(period.GetProperty("from")), Day(period.GetProperty("to")));
        var isDaily = query.GetProperty("dataset").GetProperty("granularity").GetString() == "Daily";
        if (((to.Year - from.Year) * 12) + to.Month - from.Month > 37)
        {
            await RefuseAsync(context, 400, "BadRequest");
            return;
        }

        (from, to) = from > to ? (to, from) : (from, to);
        (from, to) = to > Today ? (from.AddDays(Today.DayNumber - to.DayNumber), Today) : (from, to);
        var earliest = isDaily ? to.AddDays(-30) : new DateOnly(to.Year, to.Month, 1).AddMonths(-11);
        from = from < earliest ? earliest : from;
        var group = query.GetProperty("dataset").GetProperty("grouping")[0].GetProperty("name").GetString()!;
        var rows = Charges.Where(c => c.Scope == scope && c.Day >= from && c.Day <= to)
            .GroupBy(c => (Day: isDaily ? c.Day : new DateOnly(c.Day.Year, c.Day.Month, 1), Item: group == "ServiceName" ? c.Service : c.Subscription,
                c.ChargeType, c.Currency))
            .OrderBy(g => g.Key.Day).ThenBy(g => g.Key.Item, StringComparer.Ordinal).ThenBy(g => g.Key.ChargeType, StringComparer.Ordinal)
            .Select(g => Row(g.Key.Day, g.Key.Item, g.Key.ChargeType, g.Key.Currency, Sum(g), isDaily)).ToList();
        if (rows.Count == 0)
        {
            context.Response.StatusCode = 204;
            return;
        }

        var skip = QueryHelpers.ParseQuery(request.Query).TryGetValue("$skiptoken", out var token) ? int.Parse(token!, CultureInfo.InvariantCulture) : 0;
        var next = skip + PageSize < rows.Count
            ? $"\"https://management.azure.com{request.Path}?api-version=2025-03-01&$skiptoken={skip + PageSize}\""
            : "null";
        string[] columns = ["Cost:Number", isDaily ? "UsageDate:Number" : "BillingMonth:Datetime", $"{group}:String", "ChargeType:String", "Currency:String"];
        var head = (ColumnsTurned ? columns.Reverse() : columns).Select(c => c.Split(':')).Select(c => $"{{\"name\":\"{c[0]}\",\"type\":\"{c[1]}\"}}");
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Alter(
            $"{{\"id\":\"q\",\"type\":\"Microsoft.CostManagement/query\",\"properties\":{{\"nextLink\":{next},\"columns\":[{string.Join(',', head)}],"
            + $"\"rows\":[{string.Join(',', rows.Skip(skip).Take(PageSize))}]}}}}"));
    }

    private string Row(DateOnly day, string item, string type, string currency, string cost, bool isDaily)
    {
        var date = day.ToString(isDaily ? "yyyyMMdd" : "'\"'yyyy-MM-dd'T00:00:00\"'", CultureInfo.InvariantCulture);
        string[] cells = [cost, date, JsonSerializer.Serialize(item), $"\"{type}\"", $"\"{currency}\""];
        return $"[{string.Join(',', ColumnsTurned ? cells.Reverse() : cells)}]";
    }

    // One charge keeps its text; several are added as the test states them, in decimals.
    private static string Sum(IEnumerable<AzureCharge> charges) => charges.ToList() is [var only]
        ? only.Cost
        : charges.Sum(c => decimal.Parse(c.Cost, NumberStyles.Float, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);

    private static DateOnly Day(JsonElement text) => DateOnly.ParseExact(text.GetString()![..10], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    // https://learn.microsoft.com/rest/api/resources/subscriptions/list, .../tenants/list,
    // https://learn.microsoft.com/rest/api/managementgroups/management-groups/list (read 2026-11-21).
    private async Task ScopesAsync(HttpContext context, string path)
    {
        var items = path switch
        {
            "/tenants" => Tenants.Select(t => $"{{\"id\":\"/tenants/{t}\",\"tenantId\":\"{t}\"}}"),
            "/subscriptions" => new[] { OtherScope, Scope }.Select(s =>
                $"{{\"id\":\"{s}\",\"subscriptionId\":\"{s[15..]}\",\"tenantId\":\"{TokenFake.Tenant}\",\"displayName\":\"s\",\"state\":\"Enabled\"}}")
                .Append("{\"id\":\"/subscriptions/0ccccccc-1111-2222-3333-444444444444\",\"subscriptionId\":\"0ccccccc-1111-2222-3333-444444444444\","
                    + "\"tenantId\":\"99999999-2222-3333-4444-555555555555\",\"displayName\":\"guest\",\"state\":\"Enabled\"}"),
            "/providers/Microsoft.Management/managementGroups" => ManagementGroups.Select(g =>
                $"{{\"id\":\"/providers/Microsoft.Management/managementGroups/{g}\",\"name\":\"{g}\",\"type\":\"Microsoft.Management/managementGroups\","
                + $"\"properties\":{{\"tenantId\":\"{TokenFake.Tenant}\",\"displayName\":\"{g}\"}}}}"),
            _ => null,
        };
        if (items is null)
        {
            await RefuseAsync(context, 404, "NotFound");
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($"{{\"value\":[{string.Join(',', items)}]}}");
    }

    private static Task RefuseAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"{{\"error\":{{\"code\":\"{code}\",\"message\":\"no\"}}}}")).AsTask();
    }
}
