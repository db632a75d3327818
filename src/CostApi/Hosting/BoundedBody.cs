using Microsoft.AspNetCore.Http;

namespace CiCost.CostApi.Hosting;

/// <summary>Reads a request's body up to a bound.</summary>
internal static class BoundedBody
{
    /// <summary>All of it.</summary>
    /// <exception cref="Exception">What <paramref name="tooLarge"/> makes, when there is more, or when the caller says that there is.</exception>
    /// <exception cref="BadHttpRequestException">The transfer is malformed, too slow or broke off.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int maxBytes, Func<Exception> tooLarge)
    {
        if (request.ContentLength > maxBytes)
        {
            throw tooLarge();
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await ReadSomeAsync(request, buffer).ConfigureAwait(false);
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

    private static async Task<int> ReadSomeAsync(HttpRequest request, byte[] buffer)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body broke off.", StatusCodes.Status400BadRequest, exception);
        }
    }
}
