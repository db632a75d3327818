using System.Security.Cryptography;
using System.Text;

namespace CiCost.Cli.Demo;

/// <summary>The folder that the files go to; collects the deliveries.</summary>
internal sealed class DemoFolder
{
    public const string Notice = "Demonstration data. Monthly hours per architecture and the Foundation's AWS cost of July 2026 are "
        + "calibrated to published figures; accounts, resources, names, mixes, prices that are not public and all else are invented.";

    private readonly string _root;
    private readonly List<DemoDelivery> _deliveries = [];

    public DemoFolder(string root)
    {
        _root = Path.GetFullPath(root);
        if (Directory.Exists(_root) && Directory.EnumerateFileSystemEntries(_root).Any())
        {
            throw new IOException($"{_root} is not empty. Demonstration files go to a folder of their own: name a new one.");
        }

        Directory.CreateDirectory(_root);
    }

    /// <summary>In the order in which they would have arrived.</summary>
    public IReadOnlyList<DemoDelivery> Deliveries =>
    [
        .. _deliveries.OrderBy(d => d.ReceivedAt).ThenBy(d => d.Source, StringComparer.Ordinal)
            .ThenBy(d => d.Part, StringComparer.Ordinal).Select((d, i) => d with { Order = i + 1 })
    ];

    public void Add(DemoDelivery delivery) => _deliveries.Add(delivery);

    /// <summary>A new file; the path is below the folder, with forward slashes.</summary>
    public Stream Create(string path)
    {
        var full = Full(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return new FileStream(full, FileMode.CreateNew, FileAccess.Write, FileShare.None, 128 * 1024);
    }

    public Stream CreateGzip(string path) => new GzipFile(Create(path));

    public void WriteText(string path, string text)
    {
        using var stream = Create(path);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Replaces a text that a later delivery brings up to date, as providers do with the newest manifest.</summary>
    public void ReplaceText(string path, string text)
    {
        File.Delete(Full(path));
        WriteText(path, text);
    }

    public long Size(string path) => new FileInfo(Full(path)).Length;

    /// <summary>Writes <c>SHA256SUMS</c> over all files, in the form that sha256sum checks.</summary>
    public void WriteChecksums()
    {
        var lines = Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal)
            .Select(path => $"{Hash(path)}  {path}\n");
        WriteText("SHA256SUMS", string.Concat(lines.ToList()));
    }

    private string Hash(string path)
    {
        using var stream = File.OpenRead(Full(path));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private string Full(string path) => Path.Combine(_root, path);
}
