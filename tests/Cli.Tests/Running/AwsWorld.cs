using System.IO.Compression;
using System.IO.Enumeration;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CiCost.Domain.Periods;
using CiCost.TestKit.Servers;
using CiCost.TestKit.Servers.Aws;
using Microsoft.AspNetCore.Http;

namespace CiCost.Cli.Tests.Running;

/// <summary>
/// The AWS account of docs/sources/aws.md on this machine: its bucket with an export of the last and the current month, its role, Cost
/// Explorer and Invoicing. Who asks may do what the page's reader-policy.json allows, and nothing else.
/// </summary>
internal sealed class AwsWorld : IAsyncDisposable
{
    public const string ExternalId = "0123456789abcdef0123456789abcdef";
    public const string Payer = "111122223333";

    /// <summary>What the export of each month adds up to.</summary>
    public const string Total = "32.7663";

    private readonly IReadOnlyList<JsonElement> _statements;
    private readonly List<IAsyncDisposable> _servers = [];

    private AwsWorld(JsonElement readerPolicy, BillingMonth current)
    {
        _statements = [.. readerPolicy.GetProperty("Statement").EnumerateArray()];
        Current = current;
        Last = new BillingMonth(current.FirstDay.AddDays(-1).Year, current.FirstDay.AddDays(-1).Month);
    }

    public BillingMonth Current { get; }

    public BillingMonth Last { get; }

    public FakeS3 S3 { get; private set; } = null!;

    public FakeAwsJson Explorer { get; private set; } = null!;

    public FakeAwsJson Invoicing { get; private set; } = null!;

    public FakeSts Sts { get; private set; } = null!;

    public static async Task<AwsWorld> StartAsync(JsonElement readerPolicy, string roleArn, TimeProvider time)
    {
        var world = new AwsWorld(readerPolicy, BillingMonth.Of(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)));
        world._servers.Add(world.S3 = await FakeS3.StartAsync("acme-billing"));
        world._servers.Add(world.Explorer = await FakeAwsJson.StartAsync(
            "ce", "AWSInsightsIndexService.GetCostAndUsage", "NextPageToken", question => [world.Costs(question)]));
        world._servers.Add(world.Invoicing = await FakeAwsJson.StartAsync(
            "invoicing", "Invoicing.ListInvoiceSummaries", "NextToken", question => [world.Invoices(question)]));
        world._servers.Add(world.Sts = await FakeSts.StartAsync(
            roleArn, ExternalId, world.S3.Keys, world.Explorer.Keys, world.Invoicing.Keys));
        world.S3.Server.Misbehave(world.Guard(S3Request));
        world.Explorer.Server.Misbehave(world.Guard(_ => ("ce:GetCostAndUsage", "*", "")));
        world.Invoicing.Server.Misbehave(world.Guard(_ => ("invoicing:ListInvoiceSummaries", "*", "")));
        world.Deliver(time.GetUtcNow().AddDays(-1));
        return world;
    }

    /// <summary>The page's sources.yaml with the external id that was made, and the addresses of this world.</summary>
    public string Sources(string page) => page.Replace("THE-ID-FROM-ABOVE", ExternalId, StringComparison.Ordinal)
        .Replace("connector: aws-data-exports\n", $"connector: aws-data-exports\n{Addresses(S3.Server)}", StringComparison.Ordinal)
        .Replace("connector: aws-cost-explorer\n", $"connector: aws-cost-explorer\n{Addresses(Explorer.Server)}", StringComparison.Ordinal)
        .Replace("connector: aws-invoices\n", $"connector: aws-invoices\n{Addresses(Invoicing.Server)}", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private string Addresses(FakeServer server) => $"    endpoint: {server.Address}\n    stsEndpoint: {Sts.Server.Address}\n";

    private static (string Action, string Resource, string Prefix) S3Request(HttpRequest request)
    {
        var path = Uri.UnescapeDataString(request.Path).TrimStart('/');
        return path.TrimEnd('/').Contains('/', StringComparison.Ordinal)
            ? ("s3:GetObject", $"arn:aws:s3:::{path}", "")
            : ("s3:ListBucket", $"arn:aws:s3:::{path.TrimEnd('/')}", request.Query["prefix"].ToString());
    }

    /// <summary>IAM: the role alone, and what its policy allows.</summary>
    private Fault Guard(Func<HttpRequest, (string Action, string Resource, string Prefix)> read)
    {
        return Fault.Altered(AnswerAsync) with { Times = int.MaxValue };

        Task AnswerAsync(HttpContext context, RequestDelegate next)
        {
            var (action, resource, prefix) = read(context.Request);
            var isRole = context.Request.Headers.Authorization.ToString().Contains("Credential=ASIAROLE", StringComparison.Ordinal);
            return isRole && _statements.Any(s => Allows(s, action, resource, prefix)) ? next(context) : DenyAsync(context, action, resource);
        }
    }

    private static Task DenyAsync(HttpContext context, string action, string resource)
    {
        var isS3 = action.StartsWith("s3:", StringComparison.Ordinal);
        context.Response.StatusCode = isS3 ? 403 : 400;
        context.Response.ContentType = isS3 ? "application/xml" : "application/x-amz-json-1.1";
        var said = $"User: arn:aws:sts::{Payer}:assumed-role/cicost-reader/cicost is not authorized to perform: {action} on resource: {resource}";
        return context.Response.WriteAsync(isS3
            ? $"<Error><Code>AccessDenied</Code><Message>{said}</Message></Error>"
            : $$"""{"__type":"AccessDeniedException","Message":"{{said}}"}""");
    }

    private static bool Allows(JsonElement statement, string action, string resource, string prefix) =>
        statement.GetProperty("Effect").GetString() == "Allow"
        && statement.GetProperty("Action").GetString() == action
        && Like(statement.GetProperty("Resource").GetString()!, resource)
        && (!statement.TryGetProperty("Condition", out var condition)
            || Like(condition.GetProperty("StringLike").GetProperty("s3:prefix").GetString()!, prefix));

    private static bool Like(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);

    /// <summary>The export of the test data, moved to the page's place and to the last and the current month.</summary>
    private void Deliver(DateTimeOffset at)
    {
        var root = PublishedProgram.File("tests", "data", "focus", "layouts", "aws-focus-s3", "fixture", "demo");
        Dictionary<string, int> sizes = new(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(root, "*.gz", SearchOption.AllDirectories))
        {
            using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var reader = new StreamReader(packed);
            var bytes = Gzip(Moved(reader.ReadToEnd()));
            var key = Moved(Path.GetRelativePath(root, file));
            sizes[$"s3://acme-billing/{key}"] = bytes.Length;
            S3.Put(key, bytes, at);
        }

        foreach (var file in Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories))
        {
            var manifest = JsonNode.Parse(Moved(File.ReadAllText(file)))!;
            foreach (var data in manifest["dataFiles"]!.AsArray().OfType<JsonObject>())
            {
                data["size"] = sizes[data["s3Uri"]!.GetValue<string>()];
            }

            S3.Put(Moved(Path.GetRelativePath(root, file)), Encoding.UTF8.GetBytes(manifest.ToJsonString()), at.AddSeconds(1));
        }
    }

    private string Moved(string text) => text.Replace("2026-07", Current.Next.ToString(), StringComparison.Ordinal)
        .Replace("2026-06", $"{Current}", StringComparison.Ordinal).Replace("2026-05", $"{Last}", StringComparison.Ordinal)
        .Replace("999999999999", Payer, StringComparison.Ordinal).Replace("s3://demo/", "s3://acme-billing/", StringComparison.Ordinal)
        .Replace("exports/costroid-demo", "cicost/focus", StringComparison.Ordinal).Replace("costroid-demo", "focus", StringComparison.Ordinal);

    private static byte[] Gzip(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return memory.ToArray();
    }

    private JsonObject Costs(JsonObject question)
    {
        var start = question["TimePeriod"]!["Start"]!.GetValue<string>();
        var item = question["GroupBy"]![0]!["Key"]!.GetValue<string>() == "SERVICE" ? "Amazon Elastic Compute Cloud - Compute" : "111111111111";
        return JsonNode.Parse($$$"""
            {"ResultsByTime":[{"TimePeriod":{"Start":"{{{start}}}"},"Total":{},"Estimated":{{{(start[..7] == $"{Current}" ? "true" : "false")}}},
              "Groups":[{"Keys":["{{{item}}}","Usage"],"Metrics":{"UnblendedCost":{"Amount":"{{{Total}}}","Unit":"USD"} } }]}]}
            """)!.AsObject();
    }

    private JsonObject Invoices(JsonObject question)
    {
        var month = question["Filter"]!["BillingPeriod"]!;
        var isLast = (month["Year"]!.GetValue<int>(), month["Month"]!.GetValue<int>()) == (Last.FirstDay.Year, Last.FirstDay.Month);
        return isLast && question["Selector"]!["Value"]!.GetValue<string>() == Payer
            ? JsonNode.Parse($$$"""
                {"InvoiceSummaries":[{"AccountId":"{{{Payer}}}","InvoiceId":"1786423460","InvoiceType":"INVOICE",
                  "Entity":{"InvoicingEntity":"Amazon Web Services, Inc."},
                  "BillingPeriod":{"Month":{{{Last.FirstDay.Month}}},"Year":{{{Last.FirstDay.Year}}}},
                  "BaseCurrencyAmount":{"TotalAmount":"32.77","TotalAmountBeforeTax":"32.77","CurrencyCode":"USD"}}]}
                """)!.AsObject()
            : new JsonObject { ["InvoiceSummaries"] = new JsonArray() };
    }
}
