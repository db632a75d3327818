using System.Globalization;
using CiCost.CostIngest.Sources.Http;

namespace CiCost.CostIngest.Sources.Paging;

/// <summary>Reads the next page's address from a Link header (RFC 8288), as GitHub and Buildkite send it.</summary>
internal static class LinkHeader
{
    /// <summary>The address of <c>rel="next"</c>; null when there is none.</summary>
    /// <exception cref="SourceException">It leads to another server: credentials are never sent there.</exception>
    public static string? Next(HttpAnswer answer, Uri baseAddress)
    {
        if (answer.Header("Link") is not { Length: > 0 } header || Find(header) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(baseAddress, text, out var next))
        {
            throw new SourceException("paging-broken", $"{answer.Subject} names a next page whose address cannot be read. Run it later.");
        }

        return next.Scheme == baseAddress.Scheme && next.Host == baseAddress.Host && next.Port == baseAddress.Port
            ? next.AbsoluteUri
            : throw new SourceException("foreign-link",
                $"{answer.Subject} names a next page on {next.Host}, which is not the configured endpoint. It was not followed. Check the "
                + "endpoint and any proxy on the way.");
    }

    /// <summary>The page's number in an address; null when it has none.</summary>
    public static int? PageOf(string address)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal);
        if (query < 0)
        {
            return null;
        }

        var value = address[(query + 1)..].Split('&').FirstOrDefault(p => p.StartsWith("page=", StringComparison.Ordinal))?
            ["page=".Length..];
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : null;
    }

    // <address>; rel="next", <address>; rel="last": commas may also stand inside of an address.
    private static string? Find(string header)
    {
        for (var open = header.IndexOf('<', StringComparison.Ordinal); open >= 0; open = header.IndexOf('<', open + 1))
        {
            var close = header.IndexOf('>', open);
            if (close < 0)
            {
                return null;
            }

            var following = header.IndexOf('<', close);
            var parameters = header[(close + 1)..(following < 0 ? header.Length : following)];
            if (parameters.Split([';', ',']).Any(p => p.Replace(" ", "", StringComparison.Ordinal) is "rel=\"next\"" or "rel=next"))
            {
                return header[(open + 1)..close];
            }
        }

        return null;
    }
}
