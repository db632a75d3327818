using System.Globalization;
using System.Net;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>
/// Names of throttling: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html and Cost Explorer's own.
/// </summary>
internal sealed class AwsRule : RetryRule
{
    private static readonly HashSet<string> Throttling = new(StringComparer.Ordinal)
    {
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "LimitExceededException", "RequestLimitExceeded", "BandwidthLimitExceeded",
        "ProvisionedThroughputExceededException", "TransactionInProgressException", "PriorRequestNotComplete", "SlowDown",
        "RequestTimeout", "RequestTimeoutException",
    };

    public static bool IsThrottling(string code) => Throttling.Contains(code);

    public override RetryVerdict Judge(HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var plain = ByStatus(response, now);
        return plain.IsRepeatable || ProviderMessage.Read(body).Code is not { } code
            ? plain
            : plain with { IsRepeatable = IsThrottling(code) };
    }
}

/// <summary>Each limit (entity, tenant, client type, query units) has a header of its own; all have to pass.</summary>
internal sealed class AzureRule : RetryRule
{
    private const string Prefix = "x-ms-ratelimit-microsoft.";
    private const string Suffix = "-retry-after";

    public override RetryVerdict Judge(HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var plain = ByStatus(response, now);
        var longest = response.Headers
            .Where(h => h.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                && h.Key.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase))
            .SelectMany(h => h.Value)
            .Select(v => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0)
            .DefaultIfEmpty(0)
            .Max();
        var wait = TimeSpan.FromSeconds(longest);
        return longest > 0 && (plain.Wait is null || wait > plain.Wait) ? plain with { Wait = wait } : plain;
    }
}

/// <summary>Reasons: https://cloud.google.com/bigquery/docs/error-messages.</summary>
internal sealed class GoogleRule : RetryRule
{
    private static readonly HashSet<string> Passing = new(StringComparer.Ordinal)
    {
        "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "jobRateLimitExceeded", "backendError", "jobBackendError",
        "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED",
    };

    public override RetryVerdict Judge(HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var plain = ByStatus(response, now);
        return !plain.IsRepeatable && response.StatusCode == HttpStatusCode.Forbidden
            && ProviderMessage.Read(body).Reasons.Any(Passing.Contains)
            ? plain with { IsRepeatable = true }
            : plain;
    }
}

/// <summary>
/// https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api: Retry-After first, then the reset of the
/// primary limit, then a minute. A 403 without any of these signs is a permission that is missing.
/// </summary>
internal sealed class GitHubRule : RetryRule
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    public override RetryVerdict Judge(HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var plain = ByStatus(response, now);
        if (response.StatusCode is not (HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests))
        {
            return plain;
        }

        if (plain.Wait is not null)
        {
            return plain with { IsRepeatable = true };
        }

        if (Header(response, "x-ratelimit-remaining") == "0" && Seconds(Header(response, "x-ratelimit-reset")) is { } reset)
        {
            // A second more: the reset is given in whole seconds, and clocks differ.
            var wait = DateTimeOffset.FromUnixTimeSeconds(reset) + TimeSpan.FromSeconds(1) - now;
            return new RetryVerdict(true, wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        }

        var secondary = ProviderMessage.Read(body).Message is { } message
            && (message.Contains("secondary rate limit", StringComparison.OrdinalIgnoreCase)
                || message.Contains("abuse detection", StringComparison.OrdinalIgnoreCase));
        return response.StatusCode == HttpStatusCode.TooManyRequests || secondary ? new RetryVerdict(true, Minute) : plain;
    }

    private static long? Seconds(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 100_000_000_000 ? seconds : null;
}
