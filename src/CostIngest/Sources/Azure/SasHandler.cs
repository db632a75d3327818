using System.Globalization;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>
/// Adds a shared access signature to the address when the request leaves: above this handler no address holds it, so none can be logged.
/// It is read at every request, so that one that was renewed is taken up. See
/// https://learn.microsoft.com/rest/api/storageservices/create-service-sas (read 2026-11-21).
/// </summary>
internal sealed class SasHandler(SecretReference sas, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var plain = request.RequestUri ?? throw new InvalidOperationException("A request has an address.");
        var signature = sas.Read().TrimStart('?');
        RefuseUnusable(signature);
        try
        {
            request.RequestUri = new Uri(plain.AbsoluteUri + (plain.Query.Length == 0 ? "?" : "&") + signature);
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A repeat must not add it a second time, and nobody above shall see it.
            request.RequestUri = plain;
        }
    }

    private void RefuseUnusable(string signature)
    {
        var parts = signature.Split('&').Select(p => p.Split('=', 2)).ToLookup(p => p[0], p => p.Length == 2 ? Uri.UnescapeDataString(p[1]) : "");
        if (signature.Contains("://", StringComparison.Ordinal) || parts["sig"].FirstOrDefault() is not { Length: > 0 })
        {
            throw new SourceException(
                "credentials-refused",
                $"{sas} is no shared access signature: it has no 'sig='. Store the part after the question mark there, without the address.");
        }

        if (parts["se"].FirstOrDefault() is { Length: > 0 } text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end)
            && end <= time.GetUtcNow())
        {
            throw new SourceException(
                "credentials-refused",
                $"The shared access signature in {sas} ended at {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Make a new one with read and list and "
                + "store it there.");
        }
    }
}
