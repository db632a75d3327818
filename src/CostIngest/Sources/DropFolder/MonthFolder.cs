using System.Text.RegularExpressions;
using CiCost.Domain.Files;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>
/// What lies in the folder of a month. Names that begin with a dot are nobody's data; <c>.part</c>, <c>.partial</c> and <c>.tmp</c> at the
/// end of a name mean that a file is still coming; <c>.done</c> and <c>SHA256SUMS</c> say something about others.
/// </summary>
internal sealed partial class MonthFolder
{
    private const int MostFiles = 10_000;
    private const int MostSumsBytes = 4 * 1024 * 1024;
    private const string SumsName = "SHA256SUMS";
    private const string DoneEnd = ".done";
    private static readonly string[] ComingEnds = [".part", ".partial", ".tmp"];

    private MonthFolder(BillingMonth month, string path, IReadOnlyList<FileInfo> data, IReadOnlyDictionary<string, FileInfo> others) =>
        (Month, FullName, Data, _others) = (month, path, data, others);

    private readonly IReadOnlyDictionary<string, FileInfo> _others;

    public BillingMonth Month { get; }

    public string FullName { get; }

    /// <summary>The files of data, by name.</summary>
    public IReadOnlyList<FileInfo> Data { get; }

    /// <summary>Is a file still coming?</summary>
    public bool IsComing => _others.Keys.Any(n => ComingEnds.Any(end => n.EndsWith(end, StringComparison.OrdinalIgnoreCase)));

    public bool HasSums => _others.ContainsKey(SumsName);

    /// <summary>Looks into a folder.</summary>
    /// <exception cref="SourceException">It holds links, folders or too many files.</exception>
    public static MonthFolder Read(BillingMonth month, DirectoryInfo folder)
    {
        RefuseLink(folder);
        List<FileInfo> data = [];
        Dictionary<string, FileInfo> others = new(StringComparer.Ordinal);
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            RefuseLink(entry);
            RefuseOther(entry.FullName);
            if (data.Count + others.Count >= MostFiles)
            {
                throw new SourceException("too-many-files",
                    $"{folder.FullName} has more than {MostFiles} files. Put fewer, larger ones there.");
            }

            switch (entry)
            {
                case FileInfo file when IsData(file.Name):
                    data.Add(file);
                    break;
                case FileInfo file:
                    others[file.Name] = file;
                    break;
                case DirectoryInfo when !entry.Name.StartsWith('.'):
                    throw new SourceException("folder-in-month",
                        $"{entry.FullName} is a folder. Files lie in FOLDER/{month} itself; move them up, or begin the "
                        + "folder's name with a dot.");
            }
        }

        return new MonthFolder(month, folder.FullName, data, others);
    }

    /// <summary>Is there a marker for the month (<c>.done</c>) or for a file (<c>FILE.done</c>) that is not older than the data?</summary>
    public bool IsMarked(IReadOnlyList<FileInfo> files, string markerOf) =>
        _others.TryGetValue(markerOf + DoneEnd, out var marker) && files.All(f => f.LastWriteTimeUtc <= marker.LastWriteTimeUtc);

    /// <summary>The hashes of SHA256SUMS by file name, as sha256sum writes them.</summary>
    /// <exception cref="SourceException">A line cannot be read.</exception>
    public IReadOnlyDictionary<string, string> ReadSums()
    {
        var path = _others[SumsName].FullName;
        if (_others[SumsName].Length > MostSumsBytes)
        {
            throw new SourceException("checksums-unreadable", $"{path} has more than {MostSumsBytes} bytes, which no list of {MostFiles} files has. Write "
                + "the file with 'sha256sum FILES > SHA256SUMS'.");
        }

        Dictionary<string, string> sums = new(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            var match = SumPattern().Match(line);
            if (!match.Success || !sums.TryAdd(match.Groups["name"].Value, match.Groups["hash"].Value.ToLowerInvariant()))
            {
                throw new SourceException("checksums-unreadable",
                    $"{path}, line {number}: a hash, two blanks and the name of a file in this folder are expected, each file once. Write the "
                    + "file with 'sha256sum FILES > SHA256SUMS'.");
            }
        }

        return sums;
    }

    /// <summary>A link may lead anywhere, so none is followed.</summary>
    public static void RefuseLink(FileSystemInfo entry)
    {
        if (entry.LinkTarget is not null || entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            throw new SourceException("link-in-folder", $"{entry.FullName} is a link. Links are not followed; put the file itself there.");
        }
    }

    /// <summary>A pipe or a device is never read to its end.</summary>
    /// <exception cref="SourceException"><c>file-not-regular</c>.</exception>
    public static void RefuseOther(string path)
    {
        if (FileKind.OtherThanFile(path) is { } other)
        {
            throw new SourceException("file-not-regular", $"{path} is {other}, not a file. Take it away, or put the file itself there.");
        }
    }

    private static bool IsData(string name) => !name.StartsWith('.') && name != SumsName
        && !name.EndsWith(DoneEnd, StringComparison.Ordinal) && !ComingEnds.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^(?<hash>[0-9A-Fa-f]{64}) [ *](\./)?(?<name>[^/\\]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex SumPattern();
}
