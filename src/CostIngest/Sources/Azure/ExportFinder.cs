using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>
/// Finds the runs of one export by its manifests. The folders of an export are no contract, so the container is listed flat; the month
/// comes from runInfo.startDate, and the greatest runInfo.submittedTime is the one that counts.
/// </summary>
/// <param name="container">Where the exports lie.</param>
/// <param name="prefix">The folder of the export; empty for the whole container.</param>
/// <param name="exportName">Only this export; null when there is only one.</param>
internal sealed class ExportFinder(BlobContainer container, string prefix, string? exportName)
{
    private const string ManifestName = "manifest.json";
    private const int MostManifests = 20_000;

    /// <summary>Looks for the runs of some months.</summary>
    /// <exception cref="SourceException">The listing or a manifest cannot be read, or two exports lie there.</exception>
    public async Task<ExportRuns> FindAsync(MonthRange months, CancellationToken cancellationToken)
    {
        var listing = await container.ListAsync(prefix, cancellationToken).ConfigureAwait(false);

        // A run of a month is written after the month began: older manifests need not be read. A day is left for clocks.
        var oldest = new DateTimeOffset(months.First.FirstDay, TimeOnly.MinValue, TimeSpan.Zero).AddDays(-1);
        var manifests = listing.Blobs.Values.Where(IsManifest).Where(b => b.LastModified >= oldest).OrderBy(b => b.Name, StringComparer.Ordinal).ToList();
        if (manifests.Count > MostManifests)
        {
            throw new SourceException(
                "listing-too-long",
                $"{container.Name} has {manifests.Count} manifests under '{prefix}'. Set 'prefix' to one export's folder, or remove old runs.");
        }

        List<ExportRun> runs = [];
        foreach (var blob in manifests)
        {
            var name = $"{container.Name}/{blob.Name}";
            var manifest = ExportManifest.Read(name, await container.ReadAsync(blob, cancellationToken).ConfigureAwait(false));
            if (exportName is null || string.Equals(manifest.ExportName, exportName, StringComparison.OrdinalIgnoreCase))
            {
                runs.Add(ExportRun.Match(blob, manifest, listing));
            }
        }

        RefuseSeveral(runs);
        return Choose(runs, months, listing.At);
    }

    private static bool IsManifest(BlobItem blob) => blob.Name[(blob.Name.LastIndexOf('/') + 1)..] == ManifestName;

    private void RefuseSeveral(List<ExportRun> runs)
    {
        var exports = runs.Select(r => r.Manifest).DistinctBy(m => m.ExportId).ToList();
        if (exports.Count > 1)
        {
            throw new SourceException(
                "several-exports",
                $"{container.Name} has runs of {exports.Count} exports under '{prefix}': "
                + $"{string.Join(", ", exports.Select(e => e.ExportId).Order(StringComparer.Ordinal))}. "
                + "One of them would hide the other's months. Make one source of each, with 'prefix' set to its folder or 'export' to its name.");
        }
    }

    private ExportRuns Choose(List<ExportRun> runs, MonthRange months, DateTimeOffset now)
    {
        List<ExportRun> whole = [];
        List<SourceException> problems = [];
        Dictionary<BillingMonth, ExportRun> unfinished = [];
        foreach (var month in runs.GroupBy(r => r.Manifest.Month).Where(g => months.Contains(g.Key)).OrderBy(g => g.Key))
        {
            var newest = month.OrderByDescending(r => r.Manifest.Submitted).ThenByDescending(r => r.ManifestBlob.LastModified)
                .ThenBy(r => r.ManifestBlob.Name, StringComparer.Ordinal).First();
            if (Problem(newest, month.Any(r => r.Manifest.Files.Count > 0)) is { } problem)
            {
                problems.Add(problem);
            }
            else if (newest.Unfinished is { } why)
            {
                // An older run that is whole is not offered instead: it would take back what a later one brought.
                unfinished[month.Key] = newest;
                if (newest.IsOverdue(now))
                {
                    problems.Add(Overdue(newest, why));
                }
            }
            else if (newest.Manifest.Files.Count > 0)
            {
                whole.Add(newest);
            }
        }

        return new ExportRuns(whole, problems, unfinished);
    }

    private SourceException Overdue(ExportRun run, string why) => new(
        "export-incomplete",
        $"{run.Describe(container.Name)} is still not whole {ExportRun.Patience.TotalHours:0} hours after its manifest: {why}. Run the export "
        + "again in Cost Management.");

    private SourceException? Problem(ExportRun run, bool hadFiles)
    {
        var (manifest, where) = (run.Manifest, run.Describe(container.Name));
        if (!string.Equals(manifest.Type, "FocusCost", StringComparison.OrdinalIgnoreCase))
        {
            return new SourceException(
                "unsupported-format", $"{where} is of type {manifest.Type}. Make an export of 'Cost and usage details (FOCUS)'.");
        }

        if (!string.Equals(manifest.FileFormat, "Csv", StringComparison.OrdinalIgnoreCase))
        {
            return new SourceException(
                "unsupported-format",
                $"{where} has files of format {manifest.FileFormat}. Only CSV is read: edit the export, choose CSV with gzip compression, and run "
                + "it again for the months that are needed.");
        }

        if (manifest.Compression.ToLowerInvariant() is not ("gzip" or "none"))
        {
            return new SourceException(
                "unsupported-format", $"{where} is compressed with {manifest.Compression}. Choose gzip or no compression in the export.");
        }

        if (!CoversMonth(manifest))
        {
            return new SourceException(
                "export-period",
                $"{where} is for {manifest.Start:yyyy-MM-dd} to {manifest.End:yyyy-MM-dd} ({manifest.TimeFrame}), which is no month. Make an export "
                + "of the month to date; for months that are past, run it once per month.");
        }

        return manifest.Files.Count == 0 && hadFiles
            ? new SourceException("export-incomplete", $"{where} lists no file, and an earlier run of this month had some. Run the export again.")
            : null;
    }

    // Ends are days inside the period; some runs write the first instant of the next month. The month to date may end earlier.
    private static bool CoversMonth(ExportManifest manifest)
    {
        var (first, last) = (DateOnly.FromDateTime(manifest.Start.UtcDateTime), DateOnly.FromDateTime(manifest.End.UtcDateTime));
        var month = manifest.Month;
        var reachesEnd = last == month.LastDay || last == month.Next.FirstDay;
        var isCustom = string.Equals(manifest.TimeFrame, "Custom", StringComparison.OrdinalIgnoreCase);
        return first == month.FirstDay && last >= first && (reachesEnd || (last < month.LastDay && !isCustom));
    }
}
