using System.Security.Cryptography;
using System.Text;

namespace CiCost.CostIngest.Sources.Buildkite;

/// <summary>What a list says of a build.</summary>
/// <param name="Id">Its UUID.</param>
/// <param name="State">What it does or how it ended.</param>
/// <param name="FinishedAt">As Buildkite writes it; null before.</param>
/// <param name="Line">The build's JSON on one line; empty in a list without jobs.</param>
internal sealed record ListedBuild(string Id, string State, string? FinishedAt, byte[] Line);

/// <summary>The builds that were created on a day.</summary>
internal sealed record BuildDayOffer : Offer
{
    /// <summary>The address of the list, without times.</summary>
    public required string Address { get; init; }

    /// <summary>The first instant.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The instant behind the last one.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The ids that were listed.</summary>
    public required IReadOnlyList<string> Builds { get; init; }

    /// <summary>Changes when any of the builds changes, comes or goes.</summary>
    public static string VersionOf(IEnumerable<ListedBuild> builds)
    {
        var text = string.Join('\n', builds.OrderBy(b => b.Id, StringComparer.Ordinal).Select(b => $"{b.Id} {b.State} {b.FinishedAt}"));
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
