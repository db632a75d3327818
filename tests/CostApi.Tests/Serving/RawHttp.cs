using System.Net.Sockets;
using System.Text;

namespace CiCost.CostApi.Tests.Serving;

/// <summary>Asks with the path exactly as it is given: HttpClient would tidy it first.</summary>
internal static class RawHttp
{
    /// <summary>Status line, headers and body.</summary>
    public static async Task<string> GetAsync(Uri server, string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await using var stream = client.GetStream();
        var request = $"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
