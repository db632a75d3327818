namespace CiCost.Tidy.Tests;

/// <summary>A text file of the repository: its path from the root with slashes, and its text.</summary>
public sealed record TreeFile(string Path, string Text)
{
    /// <summary>Is it C#?</summary>
    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Is it C# of the product?</summary>
    public bool IsProduct => IsCSharp && Path.StartsWith("src/", StringComparison.Ordinal);

    /// <summary>Its lines with their numbers from 1.</summary>
    public IEnumerable<(int Number, string Line)> Lines => Text.Split('\n').Select((line, i) => (i + 1, line.TrimEnd('\r')));

    /// <summary>Does it lie in a folder?</summary>
    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}

/// <summary>The text files that people wrote, read once from the checkout that the tests were built in.</summary>
public static class SourceTree
{
    private const long MostBytes = 2 * 1024 * 1024;

    private static readonly HashSet<string> NotOurs = new(StringComparer.Ordinal)
    {
        ".git", ".vs", ".idea", "bin", "obj", "artifacts", "node_modules", "TestResults", "__pycache__",
    };

    private static readonly HashSet<string> Binary = new(StringComparer.OrdinalIgnoreCase)
    {
        ".gz", ".png", ".jpg", ".ico", ".pdf", ".woff", ".woff2", ".ttf", ".xlsx", ".db", ".zip",
    };

    /// <summary>The folder of <c>CiCost.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All text files outside build output, packages and data that others made.</summary>
    public static IReadOnlyList<TreeFile> Files { get; } = [.. Walk(new DirectoryInfo(Root)).OrderBy(f => f.Path, StringComparer.Ordinal)];

    private static IEnumerable<TreeFile> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles().Where(f => f.Length <= MostBytes))
        {
            // A picture has a name, so that documents can link to it, and no text.
            yield return new TreeFile(FromRoot(file), Binary.Contains(file.Extension) ? "" : File.ReadAllText(file.FullName));
        }

        foreach (var file in folder.EnumerateDirectories().Where(d => !NotOurs.Contains(d.Name) && !IsForeignData(d)).SelectMany(Walk))
        {
            yield return file;
        }
    }

    private static bool IsForeignData(DirectoryInfo folder) => FromRoot(folder) is "tests/data" or "demo/facts";

    private static string FromRoot(FileSystemInfo item) => Path.GetRelativePath(Root, item.FullName).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CiCost.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No CiCost.sln above {AppContext.BaseDirectory}.");
    }
}
