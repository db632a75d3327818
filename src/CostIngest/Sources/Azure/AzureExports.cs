using System.Runtime.CompilerServices;
using CiCost.CostIngest.Sources.Http;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>Cost Management exports of FOCUS costs in Blob storage: a month's newest run replaces the month.</summary>
internal sealed class AzureExports(BlobContainer container, ExportFinder finder, AzureExportsLimits limits) : ISource, IDisposable
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var runs = await FindStillAsync(months, cancellationToken).ConfigureAwait(false);
        foreach (var run in runs.Whole)
        {
            yield return ExportOffer.Of(run, container.Name);
        }

        // Last, so that they keep no whole month back.
        if (runs.Problems.Count > 0)
        {
            throw runs.Problems.Count == 1
                ? runs.Problems[0]
                : new SourceException(runs.Problems[0].Code, string.Join("\n", runs.Problems.Select(p => p.Message)), runs.Problems[0]);
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        var run = ((ExportOffer)offer).Run;
        for (var relists = 0; ; relists++)
        {
            try
            {
                return await DownloadAsync(run, folder, cancellationToken).ConfigureAwait(false);
            }
            catch (SourceException exception) when (IsRewritten(exception))
            {
                Clear(folder);
                run = relists < limits.MostRelists
                    ? await NewestAsync(offer, exception, cancellationToken).ConfigureAwait(false)
                    : throw Rewritten(offer, $"it changed {relists + 1} times while it was read", exception);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => container.Dispose();

    // A manifest that is replaced between the listing and its reading is no failure yet: the next listing shows the new one.
    private async Task<ExportRuns> FindStillAsync(MonthRange months, CancellationToken cancellationToken)
    {
        for (var relists = 0; ; relists++)
        {
            try
            {
                return await finder.FindAsync(months, cancellationToken).ConfigureAwait(false);
            }
            catch (SourceException exception) when (IsRewritten(exception) && relists < limits.MostRelists)
            {
                // Listed again.
            }
        }
    }

    private async Task<ExportRun> NewestAsync(Offer offer, SourceException cause, CancellationToken cancellationToken)
    {
        var runs = await FindStillAsync(new MonthRange(offer.Month, offer.Month), cancellationToken).ConfigureAwait(false);
        return runs.Whole.Count > 0
            ? runs.Whole[0]
            : throw Rewritten(offer, runs.Unfinished.TryGetValue(offer.Month, out var run) ? run.Unfinished! : "its files are gone", cause);
    }

    private async Task<FetchedDelivery> DownloadAsync(ExportRun run, string folder, CancellationToken cancellationToken)
    {
        List<string> paths = [];
        var names = FileNames(run.Blobs);
        for (var i = 0; i < run.Blobs.Count; i++)
        {
            var path = Path.Combine(folder, names[i]);
            await container.DownloadAsync(run.Blobs[i], path, limits.Download, cancellationToken).ConfigureAwait(false);
            if (string.Equals(run.Manifest.Compression, "gzip", StringComparison.OrdinalIgnoreCase))
            {
                await WholeGzip.VerifyAsync($"{container.Name}/{run.Blobs[i].Name}", path, limits.MostContentBytes, cancellationToken)
                    .ConfigureAwait(false);
            }

            paths.Add(path);
        }

        return new FetchedDelivery(paths, run.Manifest.Rows);
    }

    // The last part of a blob's name is what people see; a number before it when two files share one.
    private string[] FileNames(IReadOnlyList<BlobItem> blobs)
    {
        var names = blobs.Select(b => b.Name[(b.Name.LastIndexOf('/') + 1)..]).ToArray();
        if (names.FirstOrDefault(n => n is "" or "." or ".." || n.Contains('\\', StringComparison.Ordinal) || n.Any(char.IsControl)) is { } odd)
        {
            throw new SourceException("manifest-invalid", $"{container.Name}: '{odd}' is no name of a file of an export.");
        }

        return names.Distinct(StringComparer.Ordinal).Count() == names.Length ? names : [.. names.Select((n, i) => $"{i + 1:0000}-{n}")];
    }

    private static bool IsRewritten(SourceException exception) => exception.Code is "object-changed" or "not-found-at-provider";

    private static SourceException Rewritten(Offer offer, string why, SourceException cause) => new(
        "export-being-rewritten", $"{offer.Description} is being rewritten: {why}. Nothing of it was booked; the next run takes the new one.", cause);

    private static void Clear(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Delete(file);
        }
    }
}

/// <summary>What reading exports has to keep.</summary>
internal sealed record AzureExportsLimits
{
    /// <summary>How often a month that is rewritten while it is read is listed again.</summary>
    public int MostRelists { get; init; } = 3;

    /// <summary>Names per page of a listing; the service gives at most 5,000.</summary>
    public int PageSize { get; init; } = 5_000;

    /// <summary>The longest content of a file when decompressed.</summary>
    public long MostContentBytes { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>For each file.</summary>
    public DownloadLimits Download { get; init; } = new();
}
