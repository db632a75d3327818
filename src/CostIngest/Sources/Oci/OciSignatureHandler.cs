using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Oci;

/// <summary>
/// Oracle's request signature, version 1: draft-cavage-http-signatures-08 with RSA-SHA256 over (request-target), date and host.
/// https://docs.oracle.com/iaas/Content/API/Concepts/signingrequests.htm (read 2026-11-21). Only reading is signed. The key is read at
/// every request, so that one that was renewed is taken up, and kept nowhere.
/// </summary>
internal sealed class OciSignatureHandler(string keyId, SecretReference privateKey, SecretReference? passphrase, TimeProvider time, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sign(request);
        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>The text that is signed.</summary>
    internal static string SigningText(HttpMethod method, Uri address, string date) =>
        $"(request-target): {method.Method.ToLowerInvariant()} {address.PathAndQuery}\ndate: {date}\nhost: {address.Authority}";

    private void Sign(HttpRequestMessage request)
    {
        if (request.Method != HttpMethod.Get || request.RequestUri is not { IsAbsoluteUri: true } address)
        {
            throw new InvalidOperationException("Only a GET of an absolute address is signed.");
        }

        var date = time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        using var key = ReadKey();
        var signature = key.SignData(Encoding.UTF8.GetBytes(SigningText(request.Method, address, date)), HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1);
        request.Headers.Host = address.Authority;
        request.Headers.Remove("Date");
        request.Headers.TryAddWithoutValidation("Date", date);
        request.Headers.Remove("Authorization");
        request.Headers.TryAddWithoutValidation("Authorization",
            $"Signature version=\"1\",keyId=\"{keyId}\",algorithm=\"rsa-sha256\",headers=\"(request-target) date host\","
            + $"signature=\"{Convert.ToBase64String(signature)}\"");
    }

    private RSA ReadKey()
    {
        var pem = privateKey.Read();
        var key = RSA.Create();
        try
        {
            if (passphrase is null)
            {
                key.ImportFromPem(pem);
            }
            else
            {
                key.ImportFromEncryptedPem(pem, passphrase.Read());
            }

            return key;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            key.Dispose();

            // The inner exception is left out: its text may quote the file.
            throw new SourceException(
                "credentials-refused",
                $"{privateKey} is no RSA key in PEM form that can be read{(passphrase is null ? "" : $" with {passphrase}")}. Store the private API key "
                + "there whole, with its first and last line; name the passphrase of an encrypted one with 'passphrase'.");
        }
    }
}
