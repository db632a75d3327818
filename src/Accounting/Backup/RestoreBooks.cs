using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.BookVersions;

namespace CiCost.Accounting.Backup;

/// <summary>What was restored.</summary>
/// <param name="Manifest">The backup.</param>
/// <param name="Path">The books.</param>
public sealed record RestoreResult(BackupManifest Manifest, string Path);

/// <summary>
/// Makes books from a backup, and proves that they say the same: every file has its hash, every book version its digest. Everything is
/// copied and proved in a folder of its own, and then renamed; only what a restore made is ever removed.
/// </summary>
public static class RestoreBooks
{
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Restores. One that was killed can be repeated with the same backup.</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="booksPath">The books; must not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it; what was written is removed.</param>
    /// <exception cref="BooksException">The backup is not whole, there are books already, or another process restores them.</exception>
    public static async Task<RestoreResult> RunAsync(string folder, string booksPath, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(booksPath);
        var manifest = BackupManifest.Read(folder);
        RequireShapes(folder, manifest);
        var (_, manifestHash) = await CopiedFile.ReadAsync(Path.Combine(folder, BackupManifest.FileName), cancellationToken).ConfigureAwait(false);
        var target = Path.GetFullPath(booksPath);
        var place = new RestorePlace(target);
        place.RequireNothingInTheWay(place.ProvedManifest() is not null);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using (await BooksLock.EnterAsync(target, "restore", BusyTimeout, time, cancellationToken).ConfigureAwait(false))
        {
            var proved = place.ProvedManifest();
            place.RequireNothingInTheWay(proved is not null);
            if (proved is null)
            {
                await PrepareAsync(folder, manifest, manifestHash, place, time, cancellationToken).ConfigureAwait(false);
            }
            else if (proved != manifestHash)
            {
                throw new BooksException("restore-exists", $"A restore of another backup to {target} was interrupted when it was nearly done. Repeat that "
                    + "one, or give another --db.");
            }

            await FinishAsync(manifest, target, place, time, cancellationToken).ConfigureAwait(false);
        }

        return new RestoreResult(manifest, target);
    }

    private static void RequireShapes(string folder, BackupManifest manifest)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            BackupPlaces.RequireShape(file?.Path!);
            if (!names.Add(file!.Path))
            {
                throw new BooksException("backup-incomplete", $"The manifest of {folder} names {file.Path} twice. Take another backup.");
            }
        }

        if (!names.Contains(BackupPlaces.BooksFile))
        {
            throw new BooksException("backup-incomplete", $"The manifest of {folder} names no {BackupPlaces.BooksFile}. Take another backup.");
        }
    }

    private static async Task PrepareAsync(string folder, BackupManifest manifest, string manifestHash, RestorePlace place, TimeProvider time,
        CancellationToken cancellationToken)
    {
        place.Begin();
        try
        {
            foreach (var file in manifest.Files)
            {
                FailPoint.Reach("restore.copying");
                await TakeAsync(folder, file, place, cancellationToken).ConfigureAwait(false);
            }

            if (await DifferenceAsync(manifest, place.Books, time, cancellationToken).ConfigureAwait(false) is { } difference)
            {
                throw new BooksException("restore-differs",
                    $"The restored books say something else than those that were backed up{difference}. Nothing was kept. Take another backup.");
            }

            FailPoint.Reach("restore.before-proof");
            place.Prove(manifestHash);
        }
        catch
        {
            place.Remove();
            throw;
        }
    }

    /// <summary>Moves what is proved to its place. When a killed restore had moved all of it, the books must still say the same.</summary>
    private static async Task FinishAsync(BackupManifest manifest, string target, RestorePlace place, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!File.Exists(place.Books)
            && await DifferenceAsync(manifest, target, time, cancellationToken).ConfigureAwait(false) is not null)
        {
            place.Remove();
            throw new BooksException("restore-exists", $"{target} was restored, and changed since. A restore never replaces books: move them away, or give "
                + "another --db.");
        }

        place.MoveOut();
        place.Remove();
    }

    /// <summary>Copies a file of the backup, or reads it where the operator places it, and compares it with the manifest.</summary>
    private static async Task TakeAsync(string folder, BackupFile file, RestorePlace place, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(Path.Combine(folder, file.Path));
        if (!File.Exists(path) || IsLinked(folder, file.Path))
        {
            throw new BooksException("backup-incomplete", $"The backup {folder} has no file {file.Path}, or a link in its place. Take another backup.");
        }

        var (bytes, sha256) = BackupPlaces.IsOperators(file.Path)
            ? await CopiedFile.ReadAsync(path, cancellationToken).ConfigureAwait(false)
            : await CopiedFile.MakeAsync(path, place.Books + file.Path[BackupPlaces.BooksFile.Length..], cancellationToken).ConfigureAwait(false);
        if (bytes != file.Bytes || sha256 != file.Sha256)
        {
            throw new BooksException("backup-incomplete",
                $"{path} has other bytes than the manifest says ({bytes} bytes against {file.Bytes}). Take another backup.");
        }
    }

    private static bool IsLinked(string folder, string name)
    {
        var path = folder;
        return name.Split('/').Any(part => new FileInfo(path = Path.Combine(path, part)).LinkTarget is not null);
    }

    /// <summary>Where books say something else than the manifest; null when they say the same.</summary>
    private static async Task<string?> DifferenceAsync(BackupManifest manifest, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        using var books = await Books.OpenAsync(path, BusyTimeout, time, cancellationToken).ConfigureAwait(false);
        var digests = new BooksDigest(books);
        var versions = new BookVersionDirectory(books).List();
        var other = manifest.Versions.FirstOrDefault(v => versions.FirstOrDefault(b => b.Id == v.Id) is not { } version
            || digests.OfVersion(version) != v.Digest);
        return other is not null ? $", in version {other.Id}"
            : versions.Count != manifest.Versions.Count || (versions.Count > 0 && digests.OfNow() != manifest.Digest) ? ""
            : null;
    }
}
