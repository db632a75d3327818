using Microsoft.AspNetCore.Http;

namespace CiCost.CostApi.Hosting;

/// <summary>Reads a request's body up to a bound.</summary>
internal static class BoundedBody
{
    /// <summary>All of it.</summary>
    /// <exception cref="Exception">What <paramref name="tooLarge"/> makes, when there is more.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int maxBytes, Func<Exception> tooLarge)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted).ConfigureAwait(false);
            if (read == 0)
            {
                return body.ToArray();
            }

            if (body.Length + read > maxBytes)
            {
                throw tooLarge();
            }

            body.Write(buffer, 0, read);
        }
    }
}
