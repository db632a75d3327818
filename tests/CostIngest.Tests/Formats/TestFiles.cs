using System.IO.Compression;
using CiCost.Accounting.Booking;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>Finds the repository and its test data from wherever the tests run.</summary>
internal static class TestFiles
{
    public static string Root { get; } = FindRoot();

    public static string Focus { get; } = Path.Combine(Root, "tests", "data", "focus");

    /// <summary>Every CSV file below tests/data/focus, by its path below that folder.</summary>
    public static IReadOnlyList<string> AllCsv { get; } =
    [
        .. Directory.EnumerateFiles(Focus, "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".csv", StringComparison.Ordinal) || f.EndsWith(".csv.gz", StringComparison.Ordinal))
            .Select(f => Path.GetRelativePath(Focus, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static byte[] Bytes(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Focus, name));
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return bytes;
        }

        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    public static ContentObject Content(string name) => Content(name, Bytes(name));

    public static ContentObject Content(string name, byte[] bytes) => new(name, () => new MemoryStream(bytes, writable: false));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CiCost.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("CiCost.sln is in no folder above the tests.");
    }
}
