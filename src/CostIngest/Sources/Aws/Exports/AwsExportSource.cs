using System.Runtime.CompilerServices;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Aws.Exports;

/// <summary>Where an export lies.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Folder">The prefix and the export's name, with a slash at the end.</param>
/// <param name="Name">The export's name.</param>
internal sealed record ExportPlace(string Bucket, string Folder, string Name);

/// <summary>
/// AWS Data Exports on S3, in both modes: one that overwrites the month's files, and one that makes a folder for each delivery. A month is
/// offered when its newest manifest's files are all there. They are read in the versions of one listing, and listed again afterwards, so
/// that files of two deliveries never come together.
/// </summary>
internal sealed class AwsExportSource(ExportPlace place, Func<ExportBucket> open, TimeProvider time) : ISource
{
    // AWS delivers up to three times a day, so a delivery that is unfinished for this long is no longer under way.
    private static readonly TimeSpan Unfinished = TimeSpan.FromHours(6);

    private const int MostRounds = 3;

    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var bucket = open();
        var any = false;
        foreach (var month in months.Months)
        {
            var (hasManifest, offer) = await ResolveAsync(bucket, month, cancellationToken).ConfigureAwait(false);
            any |= hasManifest;
            if (offer is not null)
            {
                yield return offer;
            }
        }

        if (!any && !await bucket.AnyAsync(place.Folder, cancellationToken).ConfigureAwait(false))
        {
            throw new SourceException(
                "export-not-found",
                $"Nothing lies below s3://{place.Bucket}/{place.Folder}. AWS delivers a new export within 24 hours; if it is older, check "
                + "bucket, prefix and exportName.");
        }
    }

    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        using var bucket = open();
        var current = (AwsExportOffer)offer;
        for (var round = 1; ; round++)
        {
            if (current.Problem is { } problem)
            {
                throw problem;
            }

            if (await TryDownloadAsync(bucket, current, folder, cancellationToken).ConfigureAwait(false) is { } files)
            {
                return new FetchedDelivery(files);
            }

            var (_, next) = round == MostRounds
                ? default
                : await ResolveAsync(bucket, offer.Month, cancellationToken).ConfigureAwait(false);
            current = next ?? throw new SourceException(
                "export-being-rewritten",
                $"{offer.Description} was rewritten while it was read, {round} times, and is not whole now. The next run takes it when AWS is "
                + "done.");
        }
    }

    /// <summary>The files, or null when any of them changed meanwhile.</summary>
    private async Task<IReadOnlyList<string>?> TryDownloadAsync(
        ExportBucket bucket, AwsExportOffer offer, string folder, CancellationToken cancellationToken)
    {
        List<string> paths = [];
        try
        {
            foreach (var file in offer.Files)
            {
                var path = Path.Combine(folder, FileName(file.Key, paths.Count));
                paths.Add(path);
                await bucket.DownloadAsync(file, path, cancellationToken).ConfigureAwait(false);
            }

            var after = await ListDataAsync(bucket, offer.Month, cancellationToken).ConfigureAwait(false);
            if (offer.Files.All(f => after.GetValueOrDefault(f.Key)?.ETag == f.ETag))
            {
                return paths;
            }
        }
        catch (SourceException exception) when (exception.Code == "object-changed")
        {
            // Rewritten while it was read: the caller looks what is there now.
        }

        paths.ForEach(File.Delete);
        return null;
    }

    private async Task<(bool HasManifest, AwsExportOffer? Offer)> ResolveAsync(
        ExportBucket bucket, BillingMonth month, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            // Mode "create new" keeps a manifest per delivery, and may keep one at the top: the newest counts, the top one among equals.
            var manifests = await bucket.ListAsync($"{place.Folder}metadata/{Partition(month)}/", cancellationToken).ConfigureAwait(false);
            var newest = manifests.Where(m => m.Key.EndsWith("/" + place.Name + ExportManifest.Suffix, StringComparison.Ordinal))
                .OrderByDescending(m => m.ModifiedAt).ThenBy(m => m.Key.Length).ThenByDescending(m => m.Key, StringComparer.Ordinal)
                .FirstOrDefault();
            if (newest is null)
            {
                return (false, null);
            }

            try
            {
                return (true, await OfferAsync(bucket, month, newest, cancellationToken).ConfigureAwait(false));
            }
            catch (SourceException exception) when (exception.Code == "object-changed" && round < MostRounds)
            {
                // A newer manifest came between listing and reading.
            }
        }
    }

    private async Task<AwsExportOffer?> OfferAsync(
        ExportBucket bucket, BillingMonth month, ExportObject manifestObject, CancellationToken cancellationToken)
    {
        var offer = new AwsExportOffer
        {
            Month = month,
            Version = $"{manifestObject.Key} {manifestObject.ETag} {manifestObject.ModifiedAt:yyyy-MM-ddTHH:mm:ssZ}",
            PublishedAt = manifestObject.ModifiedAt,
            Description = bucket.Name(manifestObject),
            Files = [],
        };
        ExportManifest manifest;
        try
        {
            var json = await bucket.ReadAsync(manifestObject, cancellationToken).ConfigureAwait(false);
            manifest = ExportManifest.Read(offer.Description, json, month, $"s3://{place.Bucket}/{place.Folder}data/{Partition(month)}/");
        }
        catch (SourceException exception) when (exception.Code is "manifest-invalid" or "unsupported-format")
        {
            // The month fails; the others do not.
            return offer with { Problem = exception };
        }

        var data = await ListDataAsync(bucket, month, cancellationToken).ConfigureAwait(false);
        ExportObject[] files = [.. manifest.Files.Select(f => data.GetValueOrDefault(f.Key)).OfType<ExportObject>()];
        var lastWritten = files.Select(f => f.ModifiedAt).Append(manifestObject.ModifiedAt).Max();
        var isRecent = time.GetUtcNow() - lastWritten < Unfinished;
        if (Incomplete(bucket, offer.Description, manifest, data) is { } problem)
        {
            return isRecent ? null : offer with { Problem = problem };
        }

        // AWS writes the manifest last: a file that is newer belongs to a delivery that is being written, or to a copied bucket.
        return isRecent && lastWritten > manifestObject.ModifiedAt ? null : offer with { Files = files };
    }

    private static SourceException? Incomplete(
        ExportBucket bucket, string description, ExportManifest manifest, Dictionary<string, ExportObject> data)
    {
        foreach (var file in manifest.Files)
        {
            if (!data.TryGetValue(file.Key, out var item))
            {
                return new SourceException(
                    "export-incomplete",
                    $"{description} lists '{file.Key}', which is not there. Have AWS deliver the month again, or see what removed it.");
            }

            if (file.Bytes is { } bytes && bytes != item.Bytes)
            {
                return new SourceException(
                    "size-differs",
                    $"{bucket.Name(item)} has {item.Bytes} bytes where the manifest says {bytes}. Have AWS deliver the month again.");
            }
        }

        return null;
    }

    private async Task<Dictionary<string, ExportObject>> ListDataAsync(
        ExportBucket bucket, BillingMonth month, CancellationToken cancellationToken)
    {
        var objects = await bucket.ListAsync($"{place.Folder}data/{Partition(month)}/", cancellationToken).ConfigureAwait(false);
        return objects.ToDictionary(o => o.Key, StringComparer.Ordinal);
    }

    private static string Partition(BillingMonth month) => $"BILLING_PERIOD={month}";

    // The key's own name, with a number in front so that two folders of one delivery cannot collide.
    private static string FileName(string key, int index) => $"{index + 1:000}-{Path.GetFileName(key)}";
}
