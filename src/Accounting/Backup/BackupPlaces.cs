namespace CiCost.Accounting.Backup;

/// <summary>What lies beside the books and belongs into a backup. Everything is named by the books' path and a suffix.</summary>
internal static class BackupPlaces
{
    public const string BooksFile = "books.db";
    public const string PolicyFolder = "policy";
    public const string SourcesFile = "sources.yaml";
    private const string Objects = ".objects";

    /// <summary>SQLite databases beside the books: the scheduler's and the audit trail's.</summary>
    private static readonly string[] DatabaseSuffixes = [".schedule.db", ".audit.db"];

    /// <summary>Folders of files that are only ever added or appended to: webhook events that are not booked yet.</summary>
    private static readonly string[] FolderSuffixes = [".hooks"];

    /// <summary>The other databases that are there: path, and name in the backup.</summary>
    public static IEnumerable<(string Path, string Name)> Databases(string booksPath) =>
        DatabaseSuffixes.Select(s => (booksPath + s, BooksFile + s)).Where(d => File.Exists(d.Item1));

    /// <summary>The files of the folders beside the books: path, and name in the backup.</summary>
    public static IEnumerable<(string Path, string Name)> Files(string booksPath) => FolderSuffixes
        .Where(s => Directory.Exists(booksPath + s))
        .SelectMany(s => Directory.EnumerateFiles(booksPath + s, "*", SearchOption.AllDirectories)
            .Select(f => (f, BooksFile + s + "/" + Path.GetRelativePath(booksPath + s, f).Replace(Path.DirectorySeparatorChar, '/'))));

    /// <summary>An object's path beside books, or inside a backup.</summary>
    public static string ObjectOf(string booksPath, string sha256) => Path.Combine(booksPath + Objects, sha256[..2], sha256 + ".gz");

    /// <summary>Where a file of a backup belongs for books of this path; null for policy and sources, which the operator places.</summary>
    public static string? Target(string booksPath, string name) => name == BooksFile ? booksPath
        : name.StartsWith(BooksFile + ".", StringComparison.Ordinal) ? booksPath + name[BooksFile.Length..].Replace('/', Path.DirectorySeparatorChar)
        : null;
}
