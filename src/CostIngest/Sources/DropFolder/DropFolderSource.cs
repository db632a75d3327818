using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using CiCost.CostIngest.Sources.Http;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>
/// Reads a folder that others write to, and never writes there itself. What is offered is what is complete; what is fetched is a copy
/// whose hash is the one that was offered.
/// </summary>
internal sealed class DropFolderSource(string folder, DropRules rules, SeenFiles seen, TimeProvider time) : ISource
{
    private const int BufferBytes = 256 * 1024;
    private static readonly string[] DataEnds = [".csv", ".csv.gz", ".json", ".json.gz", ".jsonl", ".jsonl.gz", ".parquet"];
    private const long MostContentBytes = 512L * 1024 * 1024 * 1024;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new SourceException("folder-missing", $"The folder {folder} is not there. Create it, mount it, or correct 'folder'.");
        }

        var known = seen.Load();
        var mapping = await HashMappingAsync(cancellationToken).ConfigureAwait(false);
        List<DropOffer> offers = [];
        foreach (var month in months.Months)
        {
            var of = new DirectoryInfo(Path.Combine(folder, month.ToString()));
            if (of.Exists)
            {
                offers.AddRange(await FindMonthAsync(month, of, known, cancellationToken).ConfigureAwait(false));
            }
        }

        offers.AddRange(Strays().Select(stray => Empty(months.Last, folder, stray.Name) with
        {
            Refusal = new SourceException("folder-no-month", $"{stray.FullName} is no folder of a month, so nothing of it is taken. Files lie in "
                + $"{folder}/YYYY-MM, such as {months.Last}: of an export that makes folders of its own (Azure: 20260701-20260731), put the files of "
                + "the run that counts straight into the month's. Begin the name with a dot to leave it out."),
        }));

        // Before any offer is taken: what was seen stays seen when the run ends early.
        seen.Save(known);
        foreach (var offer in offers)
        {
            yield return mapping is null || offer.Refusal is not null ? offer : offer.WithFirst(mapping.Value);
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        var drop = (DropOffer)offer;
        if (drop.Refusal is { } refusal)
        {
            throw new SourceException(refusal.Code, refusal.Message, refusal);
        }

        List<string> copies = [];
        foreach (var (name, sha256) in drop.Files)
        {
            // The mapping stands first and by its whole path, which Combine then takes as it is.
            var from = new FileInfo(Path.Combine(drop.Folder, name));
            var to = Path.Combine(folder, from.Name);
            if (!from.Exists || await CopyAsync(from, to, cancellationToken).ConfigureAwait(false) != sha256)
            {
                throw new SourceException("offer-changed",
                    $"{from.FullName} was changed while it was read. Nothing was taken; the next run takes it when it is complete again.");
            }

            if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                await WholeGzip.VerifyAsync(from.FullName, to, MostContentBytes, cancellationToken).ConfigureAwait(false);
            }

            copies.Add(to);
        }

        return new FetchedDelivery(copies) { IsStatedByProvider = false };
    }

    /// <summary>What lies beside the folders of months and looks like something to take: other folders, and files of data.</summary>
    private IEnumerable<FileSystemInfo> Strays() => new DirectoryInfo(folder).EnumerateFileSystemInfos()
        .Where(entry => !entry.Name.StartsWith('.') && entry switch
        {
            DirectoryInfo => entry.Name != "lost+found" && !BillingMonth.TryParse(entry.Name, out _),
            _ => DataEnds.Any(end => entry.Name.EndsWith(end, StringComparison.OrdinalIgnoreCase)),
        })
        .OrderBy(entry => entry.Name, StringComparer.Ordinal);

    private async Task<IReadOnlyList<DropOffer>> FindMonthAsync(
        BillingMonth month, DirectoryInfo of, Dictionary<string, SeenFile> known, CancellationToken cancellationToken)
    {
        try
        {
            var there = MonthFolder.Read(month, of);
            var isSettled = Look(there, known);
            if (there.Data.Count == 0 || (rules.NeedsSums && !there.HasSums))
            {
                return [];
            }

            if (rules.Mode == SourceMode.Append)
            {
                List<DropOffer> offers = [];
                foreach (var file in there.Data.Where(f => rules.NeedsMarker ? there.IsMarked([f], f.Name) : isSettled.Contains(f.Name)))
                {
                    offers.Add(await OfferAsync(there, [file], file.Name, known, cancellationToken).ConfigureAwait(false));
                }

                return offers;
            }

            var isComplete = rules.NeedsMarker
                ? there.IsMarked(there.Data, "")
                : !there.IsComing && there.Data.All(f => isSettled.Contains(f.Name));
            return isComplete ? [await OfferAsync(there, there.Data, "*", known, cancellationToken).ConfigureAwait(false)] : [];
        }
        catch (SourceException exception)
        {
            // One month that is in disorder does not keep the others back.
            return [Empty(month, of.FullName, "*") with { Refusal = exception }];
        }
    }

    /// <summary>Notes how the files look; returns the names of those that have looked so for long enough.</summary>
    private HashSet<string> Look(MonthFolder there, Dictionary<string, SeenFile> known)
    {
        var now = time.GetUtcNow();
        var names = there.Data.Select(f => f.FullName).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in known.Keys.Where(k => Path.GetDirectoryName(k) == there.FullName && !names.Contains(k)).ToList())
        {
            known.Remove(gone);
        }

        HashSet<string> settled = new(StringComparer.Ordinal);
        foreach (var file in there.Data)
        {
            var before = known.GetValueOrDefault(file.FullName);
            if (before is null || before.Size != file.Length || before.Modified != file.LastWriteTimeUtc.Ticks)
            {
                known[file.FullName] = new SeenFile(file.Length, file.LastWriteTimeUtc.Ticks, now, null);
            }
            else if (now - before.Since >= rules.SettleTime)
            {
                settled.Add(file.Name);
            }
        }

        return settled;
    }

    private static async Task<DropOffer> OfferAsync(MonthFolder there, IReadOnlyList<FileInfo> files, string part,
        Dictionary<string, SeenFile> known, CancellationToken cancellationToken)
    {
        var empty = Empty(there.Month, there.FullName, part);
        try
        {
            List<(string Name, string Sha256)> hashed = [];
            foreach (var file in files)
            {
                hashed.Add((file.Name, await HashAsync(file, known, cancellationToken).ConfigureAwait(false)));
            }

            if (there.HasSums)
            {
                Verify(there, hashed, isWhole: part == "*");
            }

            return empty with
            {
                Version = DropOffer.VersionOf(hashed),
                PublishedAt = files.Max(f => f.LastWriteTimeUtc),
                Files = hashed,
            };
        }
        catch (SourceException exception)
        {
            return empty with { Refusal = exception };
        }
    }

    private async Task<(string Name, string Sha256)?> HashMappingAsync(CancellationToken cancellationToken)
    {
        if (rules.Mapping is not { } path)
        {
            return null;
        }

        if (!File.Exists(path))
        {
            throw new SourceException("mapping-not-there", $"The mapping {path} is not there. Put it there, or correct 'mapping'.");
        }

        MonthFolder.RefuseOther(path);
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        return (path, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static DropOffer Empty(BillingMonth month, string folder, string part) => new()
    {
        Month = month,
        Part = part,
        Version = "refused",
        Description = part == "*" ? folder : Path.Combine(folder, part),
        Folder = folder,
    };

    private static void Verify(MonthFolder there, IReadOnlyList<(string Name, string Sha256)> hashed, bool isWhole)
    {
        var sums = there.ReadSums();
        var (wrong, what) = hashed.FirstOrDefault(f => !sums.ContainsKey(f.Name)) is { Name: not null } unlisted
            ? (unlisted.Name, "is not listed in SHA256SUMS")
            : hashed.FirstOrDefault(f => sums[f.Name] != f.Sha256) is { Name: not null } other
                ? (other.Name, "has another hash than SHA256SUMS says")
                : (sums.Keys.FirstOrDefault(n => isWhole && hashed.All(f => f.Name != n)), "is listed in SHA256SUMS and not there");
        if (wrong is not null)
        {
            throw new SourceException("checksum-differs",
                $"{Path.Combine(there.FullName, wrong)} {what}. Put the file there again, whole, and write SHA256SUMS anew.");
        }
    }

    private static async Task<string> HashAsync(FileInfo file, Dictionary<string, SeenFile> known, CancellationToken cancellationToken)
    {
        var look = known[file.FullName];
        if (look.Sha256 is { } before)
        {
            return before;
        }

        var stream = Open(file);
        await using var disposing = stream.ConfigureAwait(false);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
        known[file.FullName] = look with { Sha256 = hash };
        return hash;
    }

    private static async Task<string> CopyAsync(FileInfo from, string to, CancellationToken cancellationToken)
    {
        var source = Open(from);
        await using var closing = source.ConfigureAwait(false);
        var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        await using var disposing = target.ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        while (await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static FileStream Open(FileInfo file)
    {
        MonthFolder.RefuseOther(file.FullName);
        var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes);

        // Again now that it is open: it may have been replaced by a link since the folder was read.
        file.Refresh();
        if (file.LinkTarget is null)
        {
            return stream;
        }

        stream.Dispose();
        MonthFolder.RefuseLink(file);
        throw new SourceException("link-in-folder", $"{file.FullName} is a link. Links are not followed; put the file itself there.");
    }
}
