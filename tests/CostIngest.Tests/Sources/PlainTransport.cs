namespace CiCost.CostIngest.Tests.Sources;

/// <summary>
/// Sends requests for any https host to a fake of this process over http: the clouds' libraries refuse to send tokens over http, and
/// their addresses must look like the real ones.
/// </summary>
internal sealed class PlainTransport(Uri server) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        try
        {
            request.RequestUri = new UriBuilder(address) { Scheme = server.Scheme, Host = server.Host, Port = server.Port }.Uri;
            request.Headers.Host ??= address.Authority;
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = address;
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Providers are asked asynchronously.");
}
