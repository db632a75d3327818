using System.Text.Json;
using Amazon.Runtime;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Aws;

/// <summary>A service of AWS that is asked with JSON by the name of an operation, signed. Keeps each answer in a file as evidence.</summary>
/// <param name="http">The chain to the service.</param>
/// <param name="target">The service's name in <c>X-Amz-Target</c>.</param>
/// <param name="mediaType">Its version of AWS JSON.</param>
/// <param name="folder">Where answers are kept.</param>
internal sealed class AwsJsonService(SourceHttp http, string target, string mediaType, string folder)
{
    private readonly List<string> _files = [];

    /// <summary>The answers, in order.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Makes the chain to a service.</summary>
    public static HttpChainOptions Chain(
        string provider, Uri endpoint, AWSCredentials credentials, string service, TimeProvider time, RequestCounter counter) =>
        new()
        {
            Provider = provider,
            BaseAddress = endpoint,
            Rule = RetryRule.Aws,

            // Both services have one endpoint for the world, signed for this region.
            Authorisation = Credentials.Aws(credentials, "us-east-1", service),
            Time = time,
            Counter = counter,
        };

    /// <summary>Asks; the caller disposes the answer.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="file">The name of the file to keep the answer in.</param>
    /// <param name="write">Writes the members of the question's object.</param>
    public async Task<JsonDocument> AskAsync(
        string operation, string file, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "")
        {
            Content = SourceHttp.JsonContent(Body(write), mediaType),
            Headers = { { "X-Amz-Target", $"{target}.{operation}" } },
        };
        var answer = AwsRefusals.Expect(await http.SendAsync(request, cancellationToken).ConfigureAwait(false));
        var document = answer.ReadJson();
        try
        {
            var path = Path.Combine(folder, file);
            await File.WriteAllBytesAsync(path, answer.Body, cancellationToken).ConfigureAwait(false);
            _files.Add(path);
            return document;
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    private static byte[] Body(Action<Utf8JsonWriter> write)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return memory.ToArray();
    }
}
