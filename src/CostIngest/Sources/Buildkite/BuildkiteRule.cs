using System.Globalization;
using System.Net;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Buildkite;

/// <summary>A 429 says in RateLimit-Reset how many seconds the window still lasts:
/// https://buildkite.com/docs/apis/rest-api/limits.</summary>
internal sealed class BuildkiteRule : RetryRule
{
    public static BuildkiteRule Instance { get; } = new();

    public override RetryVerdict Judge(HttpResponseMessage response, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var plain = ByStatus(response, now);
        return response.StatusCode == HttpStatusCode.TooManyRequests && plain.Wait is null && Reset(response) is { } wait
            ? plain with { Wait = wait }
            : plain;
    }

    /// <summary>How long the window of a limit still lasts; the longer one of organisation and user.</summary>
    public static TimeSpan? Reset(HttpResponseMessage response) =>
        Seconds(response, "RateLimit-Reset") is { } organization
            ? TimeSpan.FromSeconds(Math.Max(organization, Seconds(response, "RateLimit-User-Reset") ?? 0))
            : null;

    /// <summary>Is nothing left of a limit?</summary>
    public static bool IsSpent(HttpResponseMessage response) =>
        Seconds(response, "RateLimit-Remaining") == 0 || Seconds(response, "RateLimit-User-Remaining") == 0;

    private static int? Seconds(HttpResponseMessage response, string name) =>
        int.TryParse(Header(response, name), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 86_400
            ? seconds
            : null;
}

/// <summary>When an answer says that nothing is left of the limit, the next request waits for the new window instead of running into
/// it.</summary>
internal sealed class PacingHandler(TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // The attempt has a time limit of its own; a longer window is left to the refusal and its wait.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_notBefore - time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode && BuildkiteRule.IsSpent(response) && BuildkiteRule.Reset(response) is { } reset
            && reset <= Longest)
        {
            _notBefore = time.GetUtcNow() + reset;
        }

        return response;
    }
}
