using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CiCost.TestKit.Servers.Aws;

/// <summary>
/// A service of AWS that speaks JSON by operation, verifies signatures and answers with pages. Answers are the pages that the test gives
/// for a question: the question without its page token is the same for all pages, else it is a RequestChangedException, as at AWS.
/// </summary>
public sealed class FakeAwsJson : IAsyncDisposable
{
    private readonly string _service;
    private readonly string _target;
    private readonly string _tokenName;
    private readonly Func<JsonObject, IReadOnlyList<JsonObject>> _pages;
    private readonly Dictionary<string, (string Question, int Page)> _tokens = [];

    private FakeAwsJson(string service, string target, string tokenName, Func<JsonObject, IReadOnlyList<JsonObject>> pages) =>
        (_service, _target, _tokenName, _pages) = (service, target, tokenName, pages);

    /// <summary>The server, to misbehave and to see requests.</summary>
    public FakeServer Server { get; private set; } = null!;

    /// <summary>Who may ask: <c>AKIATEST</c> with <c>test-secret</c> unless told.</summary>
    public AwsSignature Keys { get; } = new AwsSignature().Knows("AKIATEST", "test-secret");

    /// <summary>Starts a service.</summary>
    /// <param name="service">Its name in signatures, such as <c>ce</c>.</param>
    /// <param name="target">The only <c>X-Amz-Target</c> that it knows.</param>
    /// <param name="tokenName">The member with the token of the next page.</param>
    /// <param name="pages">The pages that answer a question.</param>
    public static async Task<FakeAwsJson> StartAsync(
        string service, string target, string tokenName, Func<JsonObject, IReadOnlyList<JsonObject>> pages)
    {
        var fake = new FakeAwsJson(service, target, tokenName, pages);
        fake.Server = await FakeServer.StartAsync(fake.AnswerAsync);
        return fake;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        if (KeysFault(request) is { } fault)
        {
            return ErrorAsync(context, fault);
        }

        if (request.Method != "POST" || request.Header("X-Amz-Target") != _target
            || request.Header("Content-Type")?.StartsWith("application/x-amz-json-1.", StringComparison.Ordinal) != true)
        {
            return ErrorAsync(context, "UnknownOperationException");
        }

        var question = JsonNode.Parse(request.Body)!.AsObject();
        var token = question[_tokenName]?.GetValue<string>();
        question.Remove(_tokenName);
        var page = 0;
        lock (_tokens)
        {
            if (token is not null)
            {
                if (!_tokens.TryGetValue(token, out var known))
                {
                    return ErrorAsync(context, "InvalidNextTokenException");
                }

                if (known.Question != question.ToJsonString())
                {
                    return ErrorAsync(context, "RequestChangedException");
                }

                page = known.Page;
            }
        }

        var pages = _pages(question);
        var answer = pages[page].DeepClone().AsObject();
        if (page + 1 < pages.Count)
        {
            var next = $"page-{page + 2}-{Guid.NewGuid():N}";
            lock (_tokens)
            {
                _tokens[next] = (question.ToJsonString(), page + 1);
            }

            answer[_tokenName] = next;
        }

        context.Response.ContentType = "application/x-amz-json-1.1";
        return context.Response.WriteAsync(answer.ToJsonString(), CancellationToken.None);
    }

    private string? KeysFault(SeenRequest request) => Keys.Fault(request, _service) switch
    {
        // The JSON services name the same faults otherwise.
        "InvalidAccessKeyId" or "InvalidToken" => "UnrecognizedClientException",
        "SignatureDoesNotMatch" => "InvalidSignatureException",
        "ExpiredToken" => "ExpiredTokenException",
        "MissingAuthenticationToken" => "MissingAuthenticationTokenException",
        var fault => fault,
    };

    private static Task ErrorAsync(HttpContext context, string type)
    {
        context.Response.StatusCode = 400;
        context.Response.ContentType = "application/x-amz-json-1.1";
        return context.Response.WriteAsync(
            $$"""{"__type":"{{type}}","message":"The request was refused by the test server."}""", CancellationToken.None);
    }
}
