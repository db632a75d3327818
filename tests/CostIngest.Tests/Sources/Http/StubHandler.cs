using System.Net;

namespace CiCost.CostIngest.Tests.Sources.Http;

/// <summary>Answers in order from a list of functions; the last one answers everything after.</summary>
internal sealed class StubHandler(params Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>[] answers)
    : HttpMessageHandler
{
    public List<HttpRequestMessage> Requests { get; } = [];

    public static Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer(
        int status, string body = "{}", params (string Name, string Value)[] headers) => (_, _) =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return Task.FromResult(response);
    };

    public static Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Breaks(Exception exception) =>
        (_, _) => Task.FromException<HttpResponseMessage>(exception);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        return answers[Math.Min(Requests.Count, answers.Length) - 1](request, cancellationToken);
    }
}
