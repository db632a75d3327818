using System.Net;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>What to do with a refusal.</summary>
/// <param name="IsRepeatable">The same request may succeed later.</param>
/// <param name="Wait">How long the server asks us to wait; null when it does not say.</param>
public readonly record struct RetryVerdict(bool IsRepeatable, TimeSpan? Wait = null);

/// <summary>Tells throttling and passing trouble from refusals that stay, in the words of one provider.</summary>
public abstract class RetryRule
{
    /// <summary>Status codes and Retry-After, which everybody uses.</summary>
    public static RetryRule Plain { get; } = new PlainRule();

    /// <summary>Also throttling that comes as 400 with a name in the body.</summary>
    public static RetryRule Aws { get; } = new AwsRule();

    /// <summary>Also the waits of Cost Management in headers of their own; the longest counts.</summary>
    public static RetryRule Azure { get; } = new AzureRule();

    /// <summary>Also throttling that comes as 403 with a reason in the body.</summary>
    public static RetryRule Google { get; } = new GoogleRule();

    /// <summary>Primary and secondary limits, which come as 403 or 429.</summary>
    public static RetryRule GitHub { get; } = new GitHubRule();

    /// <summary>Judges an answer that is no success.</summary>
    /// <param name="response">The answer; its body was read.</param>
    /// <param name="body">The body.</param>
    /// <param name="now">The clock, for waits that are given as an instant.</param>
    public abstract RetryVerdict Judge(HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now);

    /// <summary>What status and Retry-After alone say.</summary>
    protected static RetryVerdict ByStatus(HttpResponseMessage response, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(response);
        var repeatable = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        return new RetryVerdict(repeatable, RetryAfter(response, now));
    }

    /// <summary>Retry-After as seconds or as a date; a date that has passed is no wait.</summary>
    protected static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
            _ => null,
        };
    }

    /// <summary>The first value of a header; null when it is not there.</summary>
    protected static string? Header(HttpResponseMessage response, string name)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
    }

    private sealed class PlainRule : RetryRule
    {
        public override RetryVerdict Judge(HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now) =>
            ByStatus(response, now);
    }
}
