namespace CiCost.CostIngest.Sources.Http;

/// <summary>Puts a handler that proves who we are before another; see <see cref="Credentials"/>.</summary>
public delegate HttpMessageHandler Authorisation(HttpMessageHandler inner);

/// <summary>How one provider's service is asked. Every bound is reached with a named error.</summary>
public sealed record HttpChainOptions
{
    /// <summary>For errors: the service as people call it, such as <c>AWS Cost Explorer</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Scheme, host and port, and a path that all requests begin with; ends with a slash.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>What this provider's refusals mean.</summary>
    public RetryRule Rule { get; init; } = RetryRule.Plain;

    /// <summary>Who we are; null asks anonymously.</summary>
    public Authorisation? Authorisation { get; init; }

    /// <summary>The clock of waits and time limits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Counts requests of a run and refuses those beyond its limit; null does not count.</summary>
    public RequestCounter? Counter { get; init; }

    /// <summary>For one request with all its repeats and waits. A wait that ends later is not begun.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For one attempt: until the headers of a download, until the end of any other body.</summary>
    public TimeSpan AttemptTime { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The first attempt and its repeats.</summary>
    public int MostAttempts { get; init; } = 6;

    /// <summary>The wait before the first repeat when the provider names none; it doubles, and up to a half is taken off by chance.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such wait.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest body that is held in memory.</summary>
    public int MostBodyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Takes the random part of waits.</summary>
    public Random Jitter { get; init; } = new();

    /// <summary>The last handler; null connects over sockets without following redirects.</summary>
    public HttpMessageHandler? Transport { get; init; }
}
