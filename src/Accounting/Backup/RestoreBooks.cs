using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.BookVersions;

namespace CiCost.Accounting.Backup;

/// <summary>What was restored.</summary>
/// <param name="Manifest">The backup.</param>
/// <param name="Path">The books.</param>
public sealed record RestoreResult(BackupManifest Manifest, string Path);

/// <summary>Makes books from a backup, and proves that they say the same: every file has its hash, every book version its digest.</summary>
public static class RestoreBooks
{
    /// <summary>Restores.</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="booksPath">The books; must not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it; what was written is removed.</param>
    /// <exception cref="BooksException">The backup is not whole, or there are books already.</exception>
    public static async Task<RestoreResult> RunAsync(string folder, string booksPath, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(booksPath);
        var manifest = BackupManifest.Read(folder);
        var target = Path.GetFullPath(booksPath);
        RequireNothingAt(target);
        await VerifyAsync(folder, manifest, cancellationToken).ConfigureAwait(false);
        var written = new List<string>();
        try
        {
            // The database last: until it is there, there are no books.
            foreach (var file in manifest.Files.OrderBy(f => f.Path == BackupPlaces.BooksFile))
            {
                if (BackupPlaces.Target(target, file.Path) is { } path)
                {
                    written.Add(path);
                    await CopiedFile.MakeAsync(Path.Combine(folder, file.Path), path, cancellationToken).ConfigureAwait(false);
                }
            }

            await ProveAsync(manifest, target, time, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            written.ForEach(File.Delete);
            throw;
        }

        return new RestoreResult(manifest, target);
    }

    private static void RequireNothingAt(string target)
    {
        var folder = Path.GetDirectoryName(target)!;
        var there = Directory.Exists(folder)
            ? Directory.EnumerateFileSystemEntries(folder, Path.GetFileName(target) + "*").Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
        if (there is not null)
        {
            throw new BooksException("restore-exists", $"{there} is there already. A restore never replaces books: move them away, or give "
                + "another --db.");
        }
    }

    private static async Task VerifyAsync(string folder, BackupManifest manifest, CancellationToken cancellationToken)
    {
        foreach (var file in manifest.Files)
        {
            var path = Path.GetFullPath(Path.Combine(folder, file.Path));
            if (!path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path))
            {
                throw new BooksException("backup-incomplete", $"The backup {folder} has no file {file.Path}. Take another backup.");
            }

            var (bytes, sha256) = await CopiedFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
            if (bytes != file.Bytes || sha256 != file.Sha256)
            {
                throw new BooksException("backup-incomplete",
                    $"{path} has other bytes than the manifest says ({bytes} bytes against {file.Bytes}). Take another backup.");
            }
        }
    }

    private static async Task ProveAsync(BackupManifest manifest, string target, TimeProvider time, CancellationToken cancellationToken)
    {
        using var books = await Books.OpenAsync(target, TimeSpan.FromSeconds(60), time, cancellationToken).ConfigureAwait(false);
        var digests = new BooksDigest(books);
        var versions = new BookVersionDirectory(books).List();
        var other = manifest.Versions.FirstOrDefault(v => versions.FirstOrDefault(b => b.Id == v.Id) is not { } version
            || digests.OfVersion(version) != v.Digest);
        if (other is not null || versions.Count != manifest.Versions.Count || (versions.Count > 0 && digests.OfNow() != manifest.Digest))
        {
            throw new BooksException("restore-differs",
                $"The restored books say something else than those that were backed up{(other is null ? "" : $", in version {other.Id}")}. "
                + "Nothing was kept. Take another backup.");
        }
    }
}
