using CiCost.Accounting.Booking;
using CiCost.CostApi.Scheduling;
using CiCost.CostApi.Webhooks;
using CiCost.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi;

/// <summary>What a host serves, and where.</summary>
public sealed record ApiHostOptions
{
    /// <summary>Where it listens when nothing else is said: on this machine only, because there is no access control.</summary>
    public const string DefaultAddress = "http://127.0.0.1:5080";

    /// <summary>The database file of the books. It may come into being later: until then every answer is 503.</summary>
    public required string Database { get; init; }

    /// <summary>How long to wait for a lock of the database.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What bounds the reading of raw objects, for explanations of pruned rows.</summary>
    public BookDeliveryOptions BookingOptions { get; init; } = new();

    /// <summary>Where to listen: <c>http://HOST:PORT</c>; port 0 takes a free one.</summary>
    public string Address { get; init; } = DefaultAddress;

    /// <summary>The names under which it answers, beside those of this machine (<c>localhost</c>, <c>127.0.0.1</c>, <c>[::1]</c>) and the address
    /// itself: a page of another site whose name is made to lead here reads nothing.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The folder of board reports; null for none.</summary>
    public string? ReportDirectory { get; init; }

    /// <summary>A notice for every page and answer; null for none.</summary>
    public string? Notice { get; init; }

    /// <summary>The assembly whose static assets are served when it runs from its build folder; null for the program's own.</summary>
    public string? ApplicationName { get; init; }

    /// <summary>How long an answer waits for checks on a new book version before it says that they are running.</summary>
    public TimeSpan CheckPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The file of the sources to pull on schedule; null for none: then nothing is pulled.</summary>
    public string? SourcesFile { get; init; }

    /// <summary>How GitHub's webhooks are received; null when they are not.</summary>
    public GitHubHookOptions? GitHubHook { get; init; }

    /// <summary>How lines of the log look: <c>text</c>, one line each, or <c>json</c>, one document each.</summary>
    public string LogFormat { get; init; } = "text";

    /// <summary>The least level that is logged; <see cref="LogLevel.Information"/> has a line for every request.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>In place of the sources file, for tests.</summary>
    internal Func<Books, IPulls>? Pulls { get; init; }

    /// <summary>More services, for tests.</summary>
    internal Action<IServiceCollection>? Services { get; init; }

    /// <summary>Does this server run a schedule?</summary>
    internal bool HasSchedule => SourcesFile is not null || Pulls is not null || GitHubHook is not null;
}
