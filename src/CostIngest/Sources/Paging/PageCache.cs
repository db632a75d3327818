using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CiCost.CostIngest.Sources.Paging;

/// <summary>A page that was answered before.</summary>
/// <param name="ETag">To ask whether it is still so.</param>
/// <param name="Next">The next page's address: an answer 304 need not repeat it.</param>
/// <param name="Body">What was kept of the body.</param>
internal sealed record CachedPage(string ETag, string? Next, ReadOnlyMemory<byte> Body);

/// <summary>
/// Pages by address, each in a file of its own. It saves requests, and nothing depends on it: a file that is missing or damaged is a
/// page that is asked for again.
/// </summary>
internal sealed class PageCache(string folder, TimeProvider time)
{
    /// <summary>The page of an address; null when there is none that can be relied on.</summary>
    public CachedPage? Find(string address)
    {
        var path = PathOf(address);
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        if (TryRead(bytes, address) is { } page)
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
            return page;
        }

        File.Delete(path);
        return null;
    }

    /// <summary>Keeps a page.</summary>
    public void Store(string address, CachedPage page)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(address);
        var head = JsonSerializer.SerializeToUtf8Bytes(new Head(address, page.ETag, page.Next, HashOf(page.Body.Span)));
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(head);
            file.Write("\n"u8);
            file.Write(page.Body.Span);
        }

        File.Move(temporary, path, overwrite: true);
        File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Forgets pages that nobody asked for in so long.</summary>
    public void Prune(TimeSpan unusedFor)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var oldest = (time.GetUtcNow() - unusedFor).UtcDateTime;
        foreach (var path in Directory.EnumerateFiles(folder).Where(p => File.GetLastWriteTimeUtc(p) < oldest).ToList())
        {
            File.Delete(path);
        }
    }

    private static CachedPage? TryRead(byte[] bytes, string address)
    {
        var end = bytes.AsSpan().IndexOf((byte)'\n');
        if (end < 0)
        {
            return null;
        }

        try
        {
            var body = bytes.AsMemory(end + 1);
            return JsonSerializer.Deserialize<Head>(bytes.AsSpan(0, end)) is { } head && head.Address == address
                && head.Sha256 == HashOf(body.Span)
                ? new CachedPage(head.ETag, head.Next, body)
                : null;
        }
        catch (JsonException)
        {
            // Damaged: the caller asks again.
            return null;
        }
    }

    private string PathOf(string address) => Path.Combine(folder, HashOf(Encoding.UTF8.GetBytes(address))[..32]);

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed record Head(string Address, string ETag, string? Next, string Sha256);
}
