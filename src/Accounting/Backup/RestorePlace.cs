using CiCost.Ledger;
using CiCost.Ledger.Objects;

namespace CiCost.Accounting.Backup;

/// <summary>
/// Where books are restored before they are books: the folder <c>BOOKS.restoring</c> beside them. It has a file that only a restore makes, so
/// that nothing of others is ever removed; once what it holds is proved, it says so, and then files only move out of it, the database last.
/// A restore that is killed before that begins anew; one that is killed after it goes on.
/// </summary>
internal sealed class RestorePlace(string booksPath)
{
    private const string Suffix = ".restoring";
    private const string Mark = "cicost-restore";
    private const string Proof = "proved";

    private readonly string _folder = booksPath + Suffix;

    /// <summary>The books inside.</summary>
    public string Books => Path.Combine(_folder, BackupPlaces.BooksFile);

    /// <summary>Makes the folder, or empties one that a killed restore left.</summary>
    /// <exception cref="BooksException">Something else has its name.</exception>
    public void Begin()
    {
        if (IsThere(_folder))
        {
            RequireOurs();
            Remove();
        }

        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, Mark), "");
        DirectorySync.Flush(_folder);
    }

    /// <summary>The hash of the manifest whose files are here, or moved out already, whole and proved; null when there are none.</summary>
    public string? ProvedManifest()
    {
        var proof = Path.Combine(_folder, Proof);
        if (!IsThere(_folder) || !File.Exists(proof) || (!File.Exists(Books) && !File.Exists(booksPath)))
        {
            return null;
        }

        RequireOurs();
        return File.ReadAllText(proof);
    }

    /// <summary>Says that what is here is what the manifest says. All of it is on disk before.</summary>
    public void Prove(string manifestHash)
    {
        if (File.Exists(Books + "-wal"))
        {
            throw new InvariantException($"{Books} is closed and still has a log; moved without it, it would lose what stands there.");
        }

        foreach (var folder in Directory.EnumerateDirectories(_folder, "*", SearchOption.AllDirectories))
        {
            DirectorySync.Flush(folder);
        }

        var proof = Path.Combine(_folder, Proof);
        using (var file = new FileStream(proof + ".new", FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(manifestHash));
            file.Flush(flushToDisk: true);
        }

        File.Move(proof + ".new", proof, overwrite: true);
        DirectorySync.Flush(_folder);
        DirectorySync.Flush(Path.GetDirectoryName(booksPath)!);
    }

    /// <summary>Moves everything to its place, the database last. What moved already is left where it is.</summary>
    /// <exception cref="BooksException">Something is in the place of a part that did not move yet.</exception>
    public void MoveOut()
    {
        foreach (var suffix in BackupPlaces.Suffixes.Where(s => IsThere(Books + s)))
        {
            FailPoint.Reach("restore.moving");
            if (IsThere(booksPath + suffix))
            {
                throw new BooksException("restore-exists", $"{booksPath + suffix} came to be there while books were restored. It was not touched: move "
                    + $"it away, then restore again; the rest waits in {_folder}.");
            }

            if (Directory.Exists(Books + suffix))
            {
                Directory.Move(Books + suffix, booksPath + suffix);
            }
            else
            {
                File.Move(Books + suffix, booksPath + suffix);
            }

            // Each on disk before the next: the database is never there without the rest.
            DirectorySync.Flush(Path.GetDirectoryName(booksPath)!);
        }

        FailPoint.Reach("restore.moved");
    }

    /// <summary>Removes the folder, which a restore made. The mark goes last: without it nothing is removed.</summary>
    public void Remove()
    {
        foreach (var entry in new DirectoryInfo(_folder).EnumerateFileSystemInfos().Where(e => e.Name != Mark).ToList())
        {
            if (entry is DirectoryInfo { LinkTarget: null } folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }

        File.Delete(Path.Combine(_folder, Mark));
        Directory.Delete(_folder);
    }

    /// <summary>Refuses what lies where books would go. What of a killed restore moved already is no hindrance to go on with it.</summary>
    /// <exception cref="BooksException">Something is there.</exception>
    public void RequireNothingInTheWay(bool isGoingOn)
    {
        var folder = Path.GetDirectoryName(booksPath)!;
        var name = Path.GetFileName(booksPath);
        var there = !Directory.Exists(folder) || isGoingOn ? null : Directory.EnumerateFileSystemEntries(folder)
            .Where(e => IsOfBooks(Path.GetFileName(e), name)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (there is not null)
        {
            throw new BooksException("restore-exists", $"{there} is there already. A restore never replaces books: move them away, or give "
                + "another --db.");
        }
    }

    /// <summary>The lock is held by whoever writes and says nothing of books; the folder of a killed restore is looked at by itself.</summary>
    private static bool IsOfBooks(string entry, string name) =>
        entry == name || ((entry.StartsWith(name + ".", StringComparison.Ordinal) || entry.StartsWith(name + "-", StringComparison.Ordinal))
            && entry != name + ".lock" && entry != name + Suffix);

    private void RequireOurs()
    {
        var folder = new DirectoryInfo(_folder);
        if (folder is not { Exists: true, LinkTarget: null }
            || (folder.EnumerateFileSystemInfos().Any() && !File.Exists(Path.Combine(_folder, Mark))))
        {
            throw new BooksException("restore-exists", $"{_folder} is there already, and no restore made it. Move it away, or give another --db.");
        }
    }

    private static bool IsThere(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
}
