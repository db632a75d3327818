using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Objects;
using CiCost.Ledger.Sqlite;

namespace CiCost.Accounting.Backup;

/// <summary>What to back up and where to.</summary>
/// <param name="Folder">The backup; must not exist.</param>
/// <param name="PolicyDirectory">The policy files on disk; the books keep their own version of them.</param>
/// <param name="SourcesPath">sources.yaml; null when there is none. It names places of secrets, never secrets.</param>
/// <param name="ToolVersion">This program.</param>
public sealed record BackupRequest(string Folder, string PolicyDirectory, string? SourcesPath, string ToolVersion);

/// <summary>
/// Writes a consistent copy of books, scheduler, audit, objects and policy while the service runs. The database is copied as it stands at
/// one instant; every object it refers to was on disk before that instant, and objects never change. The digest of every book version is
/// taken from the copy, and the manifest is written last.
/// </summary>
public sealed class BackUpBooks(Books books)
{
    private const int MostListings = 20;

    /// <summary>Backs up.</summary>
    /// <exception cref="BooksException">The folder exists, or an object of the books is missing or changed.</exception>
    public async Task<BackupManifest> RunAsync(BackupRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Directory.Exists(request.Folder) || File.Exists(request.Folder))
        {
            throw new BooksException("backup-exists", $"{request.Folder} exists already. Give a folder that is not there yet after --to.");
        }

        var createdAt = books.Time.GetUtcNow();
        Directory.CreateDirectory(request.Folder);
        var copy = Path.Combine(request.Folder, BackupPlaces.BooksFile);
        List<BackupFile> files = [];

        // Webhook events before the books: an event that is booked in between is then in both, which changes nothing; the other way round
        // it could be in neither.
        files.AddRange(await CopyInboxAsync(request.Folder, cancellationToken).ConfigureAwait(false));
        DatabaseCopy.Make(books.Path, copy);
        FailPoint.Reach("backup.copied");
        foreach (var (path, name) in BackupPlaces.Databases(books.Path))
        {
            DatabaseCopy.Make(path, Path.Combine(request.Folder, name));
            files.Add(await DescribeAsync(request.Folder, name, cancellationToken).ConfigureAwait(false));
        }

        var (versions, digest) = await ReadCopyAsync(copy, request, files, cancellationToken).ConfigureAwait(false);
        files.Add(await DescribeAsync(request.Folder, BackupPlaces.BooksFile, cancellationToken).ConfigureAwait(false));
        foreach (var (path, name) in PolicyFiles(request))
        {
            files.Add(await CopyAsync(request.Folder, path, name, cancellationToken).ConfigureAwait(false));
        }

        var manifest = new BackupManifest
        {
            Layout = 1,
            ToolVersion = request.ToolVersion,
            CreatedAt = createdAt,
            Files = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)],
            Versions = versions,
            Digest = digest,
        };
        FailPoint.Reach("backup.before-manifest");
        await File.WriteAllTextAsync(Path.Combine(request.Folder, BackupManifest.FileName), manifest.ToJson(), cancellationToken)
            .ConfigureAwait(false);
        return manifest;
    }

    /// <summary>A file of the inbox may be renamed or booked and removed while this runs: then the inbox is listed again.</summary>
    private async Task<IReadOnlyCollection<BackupFile>> CopyInboxAsync(string folder, CancellationToken cancellationToken)
    {
        Dictionary<string, BackupFile> copied = new(StringComparer.Ordinal);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                foreach (var (path, name) in BackupPlaces.Files(books.Path).Where(f => !copied.ContainsKey(f.Name)))
                {
                    copied.Add(name, await CopyAsync(folder, path, name, cancellationToken).ConfigureAwait(false));
                }

                return copied.Values;
            }
            catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException && attempt < MostListings)
            {
                // Listed again: what moved has another name now, or is booked.
            }
        }
    }

    private async Task<(IReadOnlyList<BackupVersion> Versions, string Digest)> ReadCopyAsync(string copy, BackupRequest request,
        List<BackupFile> files, CancellationToken cancellationToken)
    {
        var snapshot = await Books.OpenAsync(copy, TimeSpan.FromSeconds(60), books.Time, cancellationToken).ConfigureAwait(false);
        using (snapshot)
        {
            foreach (var (sha256, _) in new RawObjectDirectory(snapshot).List())
            {
                var name = Path.GetRelativePath(request.Folder, BackupPlaces.ObjectOf(copy, sha256)).Replace(Path.DirectorySeparatorChar, '/');
                var file = await CopyObjectAsync(request.Folder, sha256, name, cancellationToken).ConfigureAwait(false);
                files.Add(file);
            }

            var digests = new BooksDigest(snapshot);
            var versions = new BookVersionDirectory(snapshot).List();
            return ([.. versions.Select(v => new BackupVersion(v.Id, digests.OfVersion(v)))], versions.Count == 0 ? "" : digests.OfNow());
        }
    }

    private async Task<BackupFile> CopyObjectAsync(string folder, string sha256, string name, CancellationToken cancellationToken)
    {
        var path = BackupPlaces.ObjectOf(books.Path, sha256);
        if (!File.Exists(path))
        {
            throw new BooksException("object-missing", $"The raw object {sha256} is not in the store; these books cannot be backed up whole. "
                + "Restore it from an earlier backup, or deliver the file again.");
        }

        var file = await CopyAsync(folder, path, name, cancellationToken).ConfigureAwait(false);
        return file.Sha256 == sha256
            ? file
            : throw new BooksException("object-changed", $"The raw object {sha256} has other bytes than its address names. Restore it from an "
                + "earlier backup.");
    }

    private static IEnumerable<(string Path, string Name)> PolicyFiles(BackupRequest request)
    {
        foreach (var path in Directory.EnumerateFiles(request.PolicyDirectory, "*.yaml", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(request.PolicyDirectory, path).Replace(Path.DirectorySeparatorChar, '/');
            yield return (path, BackupPlaces.PolicyFolder + "/" + name);
        }

        if (request.SourcesPath is { } sources && File.Exists(sources))
        {
            yield return (sources, BackupPlaces.SourcesFile);
        }
    }

    private static async Task<BackupFile> CopyAsync(string folder, string path, string name, CancellationToken cancellationToken)
    {
        BackupPlaces.RequireShape(name);
        var (bytes, sha256) = await CopiedFile.MakeAsync(path, Path.Combine(folder, name), cancellationToken).ConfigureAwait(false);
        return new BackupFile(name, bytes, sha256);
    }

    private static async Task<BackupFile> DescribeAsync(string folder, string name, CancellationToken cancellationToken)
    {
        var (bytes, sha256) = await CopiedFile.ReadAsync(Path.Combine(folder, name), cancellationToken).ConfigureAwait(false);
        return new BackupFile(name, bytes, sha256);
    }
}
