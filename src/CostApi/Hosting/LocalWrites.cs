using System.Net;
using CiCost.Ledger;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostApi.Hosting;

/// <summary>
/// Until there are keys, only this machine may change something. A request that a proxy handed on is not from this machine, wherever the
/// proxy is, and neither is one that a page of another site had a browser send.
/// </summary>
internal static class LocalWrites
{
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Lets a request pass or refuses it.</summary>
    /// <exception cref="BooksException">It does not come from this machine.</exception>
    public static void Require(HttpContext http)
    {
        if (!IsLocal(http))
        {
            throw new BooksException("write-not-local",
                "Only requests from this machine itself may change something: to 127.0.0.1, [::1] or localhost, not through a proxy, and "
                    + "not from a page of another site. Use the command 'cicost schedule' there.");
        }
    }

    private static bool IsLocal(HttpContext http) => http.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(Plain(from))
        && !ProxyHeaders.Any(http.Request.Headers.ContainsKey)
        && IsLocalName(http.Request.Host.Host)
        && (http.Request.Headers.Origin.ToString() is not { Length: > 0 } origin
            || origin == $"{http.Request.Scheme}://{http.Request.Host}");

    /// <summary>A name of another site that resolves to this machine is not its name.</summary>
    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
