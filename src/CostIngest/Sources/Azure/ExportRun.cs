using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>A run of an export, with its files as the container holds them now.</summary>
/// <param name="ManifestBlob">The manifest's blob.</param>
/// <param name="Manifest">What it says.</param>
/// <param name="Blobs">The files that are there, in the manifest's order.</param>
/// <param name="Unfinished">Why it is not whole; null when it is.</param>
internal sealed record ExportRun(BlobItem ManifestBlob, ExportManifest Manifest, IReadOnlyList<BlobItem> Blobs, string? Unfinished)
{
    /// <summary>After so long a run that is not whole is a failure and not one that is still written.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>Compares a manifest with the listing that it was found in.</summary>
    public static ExportRun Match(BlobItem manifestBlob, ExportManifest manifest, BlobListing listing)
    {
        List<BlobItem> blobs = [];
        string? unfinished = null;
        foreach (var file in manifest.Files)
        {
            if (!listing.Blobs.TryGetValue(file.Name, out var blob))
            {
                unfinished ??= $"'{file.Name}' is not there yet";
                continue;
            }

            blobs.Add(blob);
            if (blob.Bytes != file.Bytes)
            {
                unfinished ??= $"'{file.Name}' has {blob.Bytes} bytes where the manifest says {file.Bytes}";
            }
            else if (blob.LastModified > manifestBlob.LastModified && listing.At - blob.LastModified < Patience)
            {
                // The manifest comes last. A newer file is one of the next run, into the same folder (OverwritePreviousReport), even if it
                // happens to be as long. Later than that somebody copied the container, and the order says nothing.
                unfinished ??= $"'{file.Name}' is newer than its manifest: the export is being written again";
            }
        }

        return new ExportRun(manifestBlob, manifest, blobs, unfinished);
    }

    /// <summary>True when it had time to become whole.</summary>
    public bool IsOverdue(DateTimeOffset now) => now - ManifestBlob.LastModified >= Patience;

    /// <summary>What changes when anything of it does.</summary>
    public string Version()
    {
        var text = string.Join('\n', Blobs.Prepend(ManifestBlob).Select(b => $"{b.Name} {b.ETag} {b.Bytes.ToString(CultureInfo.InvariantCulture)}"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
        return $"{Manifest.Submitted.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ} {hash}";
    }

    /// <summary>For logs and errors.</summary>
    public string Describe(string container) =>
        $"run {Manifest.RunId} of the export '{Manifest.ExportName}' for {Manifest.Month} ({container}/{ManifestBlob.Name})";
}

/// <summary>A run that is whole.</summary>
internal sealed record ExportOffer : Offer
{
    public required ExportRun Run { get; init; }

    public static ExportOffer Of(ExportRun run, string container) => new()
    {
        Month = run.Manifest.Month,
        Version = run.Version(),
        PublishedAt = run.Manifest.Submitted,
        Description = run.Describe(container),
        Run = run,
    };
}

/// <summary>The newest run of each month.</summary>
/// <param name="Whole">Those that can be read, oldest month first.</param>
/// <param name="Problems">What stands in the way of others and does not pass by itself.</param>
/// <param name="Unfinished">Newest runs that are being written, by month.</param>
internal sealed record ExportRuns(
    IReadOnlyList<ExportRun> Whole, IReadOnlyList<SourceException> Problems, IReadOnlyDictionary<BillingMonth, ExportRun> Unfinished);
