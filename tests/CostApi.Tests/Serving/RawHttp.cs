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

    /// <summary>The status and the whole answer under a name that the client gives.</summary>
    public static async Task<(int Status, string Text)> GetAsync(Uri server, string path, string host) =>
        await SendAsync(server, $"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", closesAtOnce: false);

    /// <summary>Sends text as it is; the status is 0 where nothing came back.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="request">All that is sent.</param>
    /// <param name="closesAtOnce">Close the connection then, without waiting for an answer.</param>
    public static async Task<(int Status, string Text)> SendAsync(Uri server, string request, bool closesAtOnce)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        if (closesAtOnce)
        {
            client.Client.LingerState = new LingerOption(true, 0);
            return (0, "");
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new StringBuilder();
        try
        {
            while (await reader.ReadLineAsync(patience.Token) is { } line)
            {
                text.Append(line).Append('\n');
            }
        }
        catch (IOException)
        {
            // A server that refuses a body may reset the connection behind its answer.
        }

        var answer = text.ToString();
        return (answer.Length == 0 ? 0 : int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), answer);
    }
}
