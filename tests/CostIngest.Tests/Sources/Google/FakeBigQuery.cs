using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostIngest.Tests.Sources.Google;

/// <summary>
/// BigQuery v2 over one table: tables.get, jobs.query and getQueryResults as
/// https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query describes them. It knows no SQL: it reads the columns that a query
/// names, and answers with the table's rows of the month that the query asks for.
/// </summary>
internal sealed partial class FakeBigQuery
{
    private const string Location = "US";
    private readonly Dictionary<string, (List<JsonNode> Fields, List<JsonNode> Rows, int Page)> _jobs = [];
    private int _polls;

    /// <summary>The table's columns.</summary>
    public required JsonArray Schema { get; set; }

    /// <summary>The rows as objects.</summary>
    public required List<JsonObject> Rows { get; set; }

    /// <summary>How a month is told from another; null answers every query with all rows.</summary>
    public required Func<JsonObject, string> MonthOf { get; init; }

    /// <summary>The answer to the query that counts; (month, rows) to its cells.</summary>
    public required Func<string, List<JsonObject>, JsonNode?[]> TokenOf { get; init; }

    /// <summary>How often a query is not complete when it is asked for.</summary>
    public int Unfinished { get; set; }

    /// <summary>The page that comes twice, and the one that never comes; from 0.</summary>
    public int? RepeatedPage { get; set; }

    public int? SkippedPage { get; set; }

    /// <summary>Gives the same page token for ever.</summary>
    public bool TurnsInCircles { get; set; }

    /// <summary>What is added to totalRows.</summary>
    public int WrongTotal { get; set; }

    /// <summary>The queries so far.</summary>
    public List<string> Queries { get; } = [];

    /// <summary>The request ids so far.</summary>
    public List<string> RequestIds { get; } = [];

    public Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        if (request.Method == "GET" && request.Path.Contains("/tables/", StringComparison.Ordinal))
        {
            return FakeGoogle.JsonAsync(context, new JsonObject
            {
                ["kind"] = "bigquery#table",
                ["schema"] = new JsonObject { ["fields"] = Schema.DeepClone() },
            }.ToJsonString());
        }

        return request.Method == "POST" ? QueryAsync(context, request) : PageAsync(context, request);
    }

    private Task QueryAsync(HttpContext context, SeenRequest request)
    {
        var body = JsonNode.Parse(request.Body)!;
        var sql = (string)body["query"]!;
        Assert.That((bool)body["useLegacySql"]!, Is.False, "legacy SQL is the default of the API");
        Assert.That((bool)body["formatOptions"]!["useInt64Timestamp"]!, Is.True);
        Assert.That((string)body["parameterMode"]!, Is.EqualTo("NAMED"));
        Assert.That(long.Parse((string)body["maximumBytesBilled"]!, CultureInfo.InvariantCulture), Is.GreaterThan(0));
        if ((string)body["location"]! != Location)
        {
            return FakeGoogle.JsonAsync(context, FakeGoogle.Error(404, "notFound", "Not found: Dataset was not found in location EU"), 404);
        }

        if (sql.Contains('*', StringComparison.Ordinal) && !sql.Contains("COUNT(*)", StringComparison.Ordinal))
        {
            return FakeGoogle.JsonAsync(context, FakeGoogle.Error(400, "invalidQuery", "This table is read by named columns only"), 400);
        }

        Queries.Add(sql);
        RequestIds.Add((string)body["requestId"]!);
        var parameters = body["queryParameters"]!.AsArray().ToDictionary(p => (string)p!["name"]!, p => (string)p!["parameterValue"]!["value"]!);
        var id = $"job_{_jobs.Count + 1}";
        _jobs[id] = sql.Contains("COUNT(*)", StringComparison.Ordinal) ? Tokens(parameters, (int)body["maxResults"]!)
            : Data(sql, parameters, (int)body["maxResults"]!);
        _polls = Unfinished;
        return AnswerAsync(context, id, 0);
    }

    private Task PageAsync(HttpContext context, SeenRequest request)
    {
        var id = request.Path.Split('/')[^1];
        Assert.That(request.Query, Does.Contain($"location={Location}").And.Contain("formatOptions.useInt64Timestamp=true"));
        var token = PageToken().Match(request.Query);
        return AnswerAsync(context, id, token.Success ? int.Parse(token.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0);
    }

    private Task AnswerAsync(HttpContext context, string id, int step)
    {
        var (fields, rows, size) = _jobs[id];
        var answer = new JsonObject
        {
            ["kind"] = "bigquery#queryResponse",
            ["jobReference"] = new JsonObject { ["projectId"] = "pytorch-ci", ["jobId"] = id, ["location"] = Location },
            ["jobComplete"] = _polls-- <= 0,
        };
        if (!(bool)answer["jobComplete"]!)
        {
            return FakeGoogle.JsonAsync(context, answer.ToJsonString());
        }

        // Steps are pages, except that one may come twice and one may be left out.
        var page = step - (RepeatedPage is { } again && step > again ? 1 : 0) + (SkippedPage is { } left && step >= left ? 1 : 0);
        var pages = Math.Max(1, (rows.Count + size - 1) / size);
        answer["schema"] = new JsonObject { ["fields"] = new JsonArray([.. fields.Select(f => f.DeepClone())]) };
        answer["totalRows"] = (rows.Count + WrongTotal).ToString(CultureInfo.InvariantCulture);
        answer["rows"] = new JsonArray([.. rows.Skip(page * size).Take(size).Select(r => r.DeepClone())]);
        if (page + 1 < pages)
        {
            answer["pageToken"] = TurnsInCircles ? "page0" : $"page{step + 1}";
        }

        return FakeGoogle.JsonAsync(context, answer.ToJsonString());
    }

    private (List<JsonNode>, List<JsonNode>, int) Tokens(Dictionary<string, string> parameters, int size)
    {
        var months = Rows.GroupBy(MonthOf).Where(g => IsAsked(g.Key, parameters)).OrderBy(g => g.Key, StringComparer.Ordinal);
        var rows = months.Select(g => Record([.. TokenOf(g.Key, [.. g])])).ToList();
        return ([.. new[] { "month", "exported", "row_count", "credit_count" }.Select(n => Field(n, "STRING"))], rows, size);
    }

    private (List<JsonNode>, List<JsonNode>, int) Data(string sql, Dictionary<string, string> parameters, int size)
    {
        var fields = new List<JsonNode> { Field("cicost_row", "INTEGER") };
        var columns = ColumnLine().Matches(sql).Select(m => (Names: Alias().Matches(m.Value).Select(a => a.Groups[1].Value)
            .Where(a => a is not ("STRUCT" or "STRING" or "BIGNUMERIC" or "i" or "o")).ToList(), Line: m.Value)).ToList();
        foreach (var (names, _) in columns)
        {
            var field = Schema.Single(f => (string)f!["name"]! == names[^1])!.DeepClone();
            if (names.Count > 1)
            {
                field["fields"] = new JsonArray([.. names[..^1].Select(n => field["fields"]!.AsArray().Single(f => (string)f!["name"]! == n)!.DeepClone())]);
            }

            fields.Add(field);
        }

        var rows = Rows.Where(r => IsAsked(MonthOf(r), parameters))
            .Select((r, i) => Record([JsonValue.Create((i + 1).ToString(CultureInfo.InvariantCulture)),
                .. fields.Skip(1).Select(f => Cell(f, r[(string)f["name"]!]))]));
        return (fields, [.. rows], size);
    }

    /// <summary>The three ways in which the queries name their months: one, first and last, from and until.</summary>
    private static bool IsAsked(string month, Dictionary<string, string> parameters)
    {
        static string Text(string day) => day.Replace("-", "", StringComparison.Ordinal)[..6];
        return parameters.TryGetValue("month", out var one) ? month == one
            : parameters.TryGetValue("first", out var first)
                ? string.CompareOrdinal(month, first) >= 0 && string.CompareOrdinal(month, parameters["last"]) <= 0
                : string.CompareOrdinal(month, Text(parameters["from"])) >= 0 && string.CompareOrdinal(month, Text(parameters["until"])) < 0;
    }

    /// <summary>A value as REST gives it: scalars are texts, records <c>{"f":[...]}</c>, lists of <c>{"v":...}</c>.</summary>
    private static JsonNode? Cell(JsonNode field, JsonNode? value)
    {
        if ((string?)field["mode"] == "REPEATED")
        {
            return new JsonArray([.. (value as JsonArray ?? []).Select(v => (JsonNode)new JsonObject { ["v"] = Single(field, v) })]);
        }

        return Single(field, value);
    }

    private static JsonNode? Single(JsonNode field, JsonNode? value) => (string)field["type"]! == "RECORD"
        ? Record([.. field["fields"]!.AsArray().Select(f => Cell(f!, (value as JsonObject)?[(string)f!["name"]!]))])
        : value?.DeepClone();

    private static JsonNode Record(JsonNode?[] cells) =>
        new JsonObject { ["f"] = new JsonArray([.. cells.Select(c => (JsonNode)new JsonObject { ["v"] = c })]) };

    private static JsonObject Field(string name, string type) => new() { ["name"] = name, ["type"] = type, ["mode"] = "NULLABLE" };

    [GeneratedRegex(@"pageToken=page(\d+)")]
    private static partial Regex PageToken();

    // The queries have one column on each line of their inner SELECT.
    [GeneratedRegex(@"(?m)^  +(?:SELECT )?[^\n]* AS \w+,?$(?=[\s\S]*FROM `)")]
    private static partial Regex ColumnLine();

    [GeneratedRegex(@"AS (\w+)")]
    private static partial Regex Alias();
}
