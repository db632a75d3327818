using System.Text.RegularExpressions;
using CiCost.Ledger;

namespace CiCost.Accounting.Backup;

/// <summary>What lies beside the books and belongs into a backup. Everything is named by the books' path and a suffix.</summary>
internal static partial class BackupPlaces
{
    public const string BooksFile = "books.db";
    public const string PolicyFolder = "policy";
    public const string SourcesFile = "sources.yaml";
    private const string Objects = ".objects";

    /// <summary>SQLite databases beside the books: the scheduler's and the audit trail's.</summary>
    private static readonly string[] DatabaseSuffixes = [".schedule.db", ".audit.db"];

    /// <summary>Folders of files that are only ever added or appended to: webhook events that are not booked yet.</summary>
    private static readonly string[] FolderSuffixes = [".hooks"];

    /// <summary>All that a restore puts beside books: the database last, because until it is there, there are no books.</summary>
    public static IReadOnlyList<string> Suffixes { get; } = [Objects, .. FolderSuffixes, .. DatabaseSuffixes, ""];

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

    /// <summary>Is it for the operator to place, and not for a restore: policy and sources?</summary>
    public static bool IsOperators(string name) => !name.StartsWith(BooksFile, StringComparison.Ordinal);

    /// <summary>Refuses a name that no file of a backup has. A name decides where a file goes: what is not known is not written.</summary>
    /// <exception cref="BooksException">It is none of the shapes.</exception>
    public static void RequireShape(string name)
    {
        if (name is null || !Shape().IsMatch(name))
        {
            throw new BooksException("backup-path", $"'{name}' is no name that a file of a backup has. Nothing was written. Take another backup.");
        }
    }

    /// <summary>The seven shapes: database, scheduler, audit trail, object, event, policy file, sources.</summary>
    [GeneratedRegex("""
        ^(books\.db
        | books\.db\.(schedule|audit)\.db
        | books\.db\.objects/(?<start>[0-9a-f]{2})/\k<start>[0-9a-f]{62}\.gz
        | books\.db\.hooks(/(?!\.\.?(/|\z))[^/\\:\p{Cc}]+){1,4}
        | policy(/(?!\.\.?(/|\z))[^/\\:\p{Cc}]+){1,16}(?<=\.yaml)
        | sources\.yaml)\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
