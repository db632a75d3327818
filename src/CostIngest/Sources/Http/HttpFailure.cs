using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>What it means that there was no answer.</summary>
internal static class HttpFailure
{
    /// <summary>The error to throw instead; null for what is no failure of the connection, such as being cancelled.</summary>
    public static SourceException? Of(string subject, Exception exception) => exception switch
    {
        SecretException => new SourceException("secret-missing", $"{subject} was not asked. {exception.Message}", exception),
        TimeoutException => new SourceException(
            "provider-silent", $"{subject} was given up: {exception.Message}. Run it later; if it stays so, check the network.", exception),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new SourceException(
            "answer-too-large", $"{subject} answered with more than a body may have. Ask for less at a time.", exception),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new SourceException(
            "provider-unreachable", $"{subject} has a host whose name does not resolve. Check the endpoint and the network.", exception),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new SourceException(
            "provider-unreachable", $"{subject} has no certificate that is trusted. Check the endpoint and any proxy.", exception),
        HttpRequestException or IOException => new SourceException(
            "provider-unreachable", $"{subject} could not be asked ({Words(exception)}). Check the endpoint and the network.", exception),
        _ => null,
    };

    // The message of the framework names host and port, never a path or a query.
    private static string Words(Exception exception) => exception.Message.TrimEnd('.');
}
