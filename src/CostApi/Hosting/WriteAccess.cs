using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CiCost.Ledger;
using CiCost.Ledger.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CiCost.CostApi.Hosting;

/// <summary>
/// Until there are keys, whoever may read the token beside the books may change something through the API, and nobody else: an address says
/// nothing of who asks when a proxy stands between. Webhooks prove themselves by their signature instead.
/// </summary>
internal sealed class WriteAccess(string booksPath)
{
    private const string Scheme = "Bearer ";
    private const int TokenBytes = 32;

    /// <summary>Where the token of some books lies.</summary>
    public static string FileOf(string booksPath) => Path.GetFullPath(booksPath) + ".token";

    /// <summary>Makes the token when there is none yet. Its file is the owner's alone.</summary>
    /// <exception cref="BooksException"><c>token-unusable</c>: it cannot be made, or others may read it.</exception>
    public void Prepare()
    {
        var path = FileOf(booksPath);
        try
        {
            if (!File.Exists(path))
            {
                Make(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BooksException("token-unusable",
                $"The token for changes through the API cannot be made at {path}: {exception.Message} Make its folder writable for this user.", exception);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~FileModes.OwnerOnly) != 0)
        {
            throw new BooksException("token-unusable",
                $"Others may read or write {path}, which lets them change something through the API. Remove it, and start again: a new one is made.");
        }
    }

    /// <summary>Lets a request pass or refuses it.</summary>
    /// <exception cref="BooksException"><c>write-not-allowed</c> without the token, <c>write-from-elsewhere</c> from a page of another site.</exception>
    public void Require(HttpContext http)
    {
        if (http.Request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != $"{http.Request.Scheme}://{http.Request.Host}")
        {
            throw new BooksException("write-from-elsewhere", "A page of another site may not change something here.");
        }

        if (!Holds(http.Request.Headers.Authorization))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            throw new BooksException("write-not-allowed",
                "Whoever changes something gives the token of the books: Authorization: Bearer TOKEN. It lies beside them, readable for their owner; "
                    + "the command 'cicost schedule' needs none.");
        }
    }

    private bool Holds(StringValues header)
    {
        var path = FileOf(booksPath);
        if (header.Count != 1 || header[0] is not { } given || !given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !File.Exists(path))
        {
            return false;
        }

        // Hashes, so that the time to compare says nothing of the length either.
        var token = File.ReadAllText(path).Trim();
        return token.Length > 0 && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given[Scheme.Length..].Trim())), SHA256.HashData(Encoding.UTF8.GetBytes(token)));
    }

    private static void Make(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileModes.OwnerOnly;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)) + "\n"));
        file.Flush(flushToDisk: true);
    }
}
