using System.Text.Json;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Aws.Exports;

/// <summary>A file that a manifest lists.</summary>
/// <param name="Key">Its key in the bucket.</param>
/// <param name="Bytes">Its length, when the manifest says it.</param>
internal sealed record ManifestFile(string Key, long? Bytes);

/// <summary>
/// The manifest of a month, which AWS writes after all its files:
/// https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html. Only its files are the delivery; the folder may
/// hold chunks of earlier ones.
/// </summary>
/// <param name="Files">The files in their order.</param>
internal sealed record ExportManifest(IReadOnlyList<ManifestFile> Files)
{
    public const string Suffix = "-Manifest.json";

    private const int MostFiles = 10_000;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Reads one.</summary>
    /// <param name="name">For errors.</param>
    /// <param name="json">Its text.</param>
    /// <param name="month">The month whose folder it lies in.</param>
    /// <param name="dataPrefix">Where its files must lie, as <c>s3://BUCKET/...</c>.</param>
    /// <exception cref="SourceException">It is no manifest of this month.</exception>
    public static ExportManifest Read(string name, byte[] json, BillingMonth month, string dataPrefix)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("dataFiles", out var list)
                || list.ValueKind != JsonValueKind.Array)
            {
                throw Invalid(name, "it has no list 'dataFiles'");
            }

            if (root.TryGetProperty("billingPeriod", out var period) && period.ValueKind == JsonValueKind.String
                && period.GetString() is { Length: >= 7 } text && BillingMonth.TryParse(text[..7], out var stated) && stated != month)
            {
                throw Invalid(name, $"it is of {stated} and lies in the folder of {month}");
            }

            ManifestFile[] files = [.. list.EnumerateArray().Select(f => ReadFile(name, f, dataPrefix))];
            return files switch
            {
                [] => throw Invalid(name, "it lists no file"),
                { Length: > MostFiles } => throw Invalid(name, $"it lists {files.Length} files, more than {MostFiles}"),
                _ when files.DistinctBy(f => f.Key).Count() != files.Length => throw Invalid(name, "it lists a file twice"),
                _ => new ExportManifest(files),
            };
        }
        catch (JsonException exception)
        {
            throw Invalid(name, "it is no JSON: " + exception.Message.TrimEnd('.'));
        }
    }

    private static ManifestFile ReadFile(string name, JsonElement file, string dataPrefix)
    {
        var (uri, size) = file.ValueKind switch
        {
            JsonValueKind.String => (file.GetString(), null),
            JsonValueKind.Object => (Text(file, "s3Uri") ?? Text(file, "s3uri"), Size(file)),
            _ => (null, (long?)null),
        };
        if (uri is null || !uri.StartsWith(dataPrefix, StringComparison.Ordinal) || uri.Length == dataPrefix.Length)
        {
            throw Invalid(name, $"it lists '{uri}', which does not lie below {dataPrefix}");
        }

        return uri.EndsWith(".csv.gz", StringComparison.Ordinal)
            ? new ManifestFile(uri[(uri.IndexOf('/', "s3://".Length) + 1)..], size)
            : throw new SourceException(
                "unsupported-format",
                $"{uri} is no .csv.gz file. Exports are read as text: create the export with the format 'gzip - text/csv', not Parquet.");
    }

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Size(JsonElement element) =>
        element.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var size)
            ? size
            : null;

    private static SourceException Invalid(string name, string why) => new(
        "manifest-invalid",
        $"{name} cannot be used: {why}. Check bucket, prefix and exportName; otherwise have AWS deliver the month again.");
}
