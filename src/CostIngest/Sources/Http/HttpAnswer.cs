using System.Net;
using System.Text.Json;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>An answer that was read whole.</summary>
public sealed record HttpAnswer
{
    private static readonly JsonDocumentOptions Json = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>For errors: the provider and the request, without query.</summary>
    public required string Subject { get; init; }

    /// <summary>The status.</summary>
    public required HttpStatusCode Status { get; init; }

    /// <summary>Headers of the answer and of its body, names in any case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How long the server asks us to wait, by the provider's rule; null when it does not say.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>200 to 299.</summary>
    public bool IsSuccess => (int)Status is >= 200 and <= 299;

    /// <summary>A header; several values are joined by a comma; null when it is not there.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The body as JSON; the caller disposes it.</summary>
    /// <exception cref="SourceException">It is none.</exception>
    public JsonDocument ReadJson()
    {
        try
        {
            return JsonDocument.Parse(Body, Json);
        }
        catch (JsonException exception)
        {
            throw new SourceException(
                "answer-unreadable",
                $"{Subject} answered with {Body.Length} bytes that are no JSON ({exception.Message.TrimEnd('.')}). Check the endpoint in the "
                + "settings, and any proxy on the way.",
                exception);
        }
    }

    /// <summary>Returns the answer when it is a success.</summary>
    /// <exception cref="SourceException">It is none; the code says which kind.</exception>
    public HttpAnswer Expect() => IsSuccess ? this : throw Refusal();

    /// <summary>The error that this answer means.</summary>
    public SourceException Refusal()
    {
        var said = $"{Subject} answered {(int)Status}{ProviderMessage.Read(Body)}.";
        var wait = Wait is { } time ? $" It asks to wait {Math.Ceiling(time.TotalSeconds):0} seconds." : "";
        return (int)Status switch
        {
            401 => new SourceException(
                "credentials-refused", said + " Check that the credentials exist, are not expired and are for this account."),
            403 => new SourceException("access-denied", said + " Grant the permissions that the source's page lists."),
            404 => new SourceException("not-found-at-provider", said + " Check the names in the source's settings."),
            412 => new SourceException("object-changed", said + " It was replaced while it was read; the next run takes the new one."),
            429 => new SourceException("provider-throttles", said + wait + " Run it later, or less often."),
            >= 500 => new SourceException("provider-unavailable", said + wait + " Run it later."),
            >= 300 and < 400 => new SourceException("redirect-refused", said + " Redirects are not followed; set the endpoint itself."),
            _ => new SourceException("request-refused", said + " Check the source's settings against its page."),
        };
    }
}
