using System.Globalization;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>A file of a run.</summary>
/// <param name="Name">The blob's name in the container.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Rows">Its data rows; null when the manifest does not say.</param>
internal sealed record ExportFile(string Name, long Bytes, long? Rows);

/// <summary>
/// The manifest of an export's run, version 2024-04-01:
/// https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-improved-exports (read 2026-11-21).
/// </summary>
internal sealed record ExportManifest
{
    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    public required string ExportName { get; init; }

    /// <summary>The export's id in the management service, in lower case; the name where there is none.</summary>
    public required string ExportId { get; init; }

    /// <summary>FocusCost, ActualCost...</summary>
    public required string Type { get; init; }

    public required string TimeFrame { get; init; }

    public required string FileFormat { get; init; }

    public required string Compression { get; init; }

    public required string RunId { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    public required DateTimeOffset Submitted { get; init; }

    public required IReadOnlyList<ExportFile> Files { get; init; }

    /// <summary>The month of the run: the one that it starts in.</summary>
    public BillingMonth Month => BillingMonth.Of(DateOnly.FromDateTime(Start.UtcDateTime));

    /// <summary>Data rows of all files; null when the manifest does not say.</summary>
    public long? Rows => Files.All(f => f.Rows is not null) ? Files.Sum(f => f.Rows!.Value) : null;

    /// <summary>Reads a manifest.</summary>
    /// <param name="name">Container and blob, for errors.</param>
    /// <exception cref="SourceException">It is none, or contradicts itself.</exception>
    public static ExportManifest Read(string name, HttpAnswer answer)
    {
        using var document = answer.ReadJson();
        var root = new Node(name, "", document.RootElement);
        var (config, delivery, run) = (root.Child("exportConfig"), root.Child("deliveryConfig"), root.Child("runInfo"));
        var manifest = new ExportManifest
        {
            ExportName = config.Text("exportName"),
            ExportId = (config.OptionalText("resourceId") ?? config.Text("exportName")).ToLowerInvariant(),
            Type = config.Text("type"),
            TimeFrame = config.OptionalText("timeFrame") ?? "",
            FileFormat = delivery.Text("fileFormat"),
            Compression = delivery.OptionalText("compressionMode") ?? "none",
            RunId = run.Text("runId"),
            Start = run.Time("startDate"),
            End = run.Time("endDate"),
            Submitted = run.Time("submittedTime"),
            Files = [.. root.Items("blobs").Select(b => new ExportFile(b.Text("blobName"), b.Count("byteCount"), b.OptionalCount("dataRowCount")))],
        };
        root.Confirm("blobCount", manifest.Files.Count);
        root.Confirm("byteCount", manifest.Files.Sum(f => f.Bytes));
        if (manifest.Rows is { } rows)
        {
            root.Confirm("dataRowCount", rows);
        }

        return manifest.Files.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw root.Invalid($"it lists '{twice.Key}' twice")
            : manifest;
    }

    private readonly record struct Node(string File, string Path, JsonElement Element)
    {
        public Node Child(string key) => Find(key) is { ValueKind: JsonValueKind.Object } child
            ? new Node(File, Path + key + ".", child)
            : throw Invalid($"'{Path}{key}' is missing");

        public List<Node> Items(string key)
        {
            var (file, path) = (File, Path);
            return Find(key) is { ValueKind: JsonValueKind.Array } list
                ? list.EnumerateArray().Select((item, i) => new Node(file, $"{path}{key}[{i}].", item)).ToList()
                : throw Invalid($"'{Path}{key}' is missing");
        }

        public string Text(string key) => OptionalText(key) ?? throw Invalid($"'{Path}{key}' is missing or no text");

        public string? OptionalText(string key) =>
            Find(key) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value ? value : null;

        public long Count(string key) => OptionalCount(key) ?? throw Invalid($"'{Path}{key}' is missing");

        public long? OptionalCount(string key) => Find(key) switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var count) && count >= 0 => count,
            _ => throw Invalid($"'{Path}{key}' is no whole number from 0 on"),
        };

        // Azure writes these times with and without a zone; both are UTC.
        public DateTimeOffset Time(string key) => DateTimeOffset.TryParseExact(
            Text(key), TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Invalid($"'{Path}{key}' is '{Text(key)}', which is no time");

        public void Confirm(string key, long sum)
        {
            if (OptionalCount(key) is { } stated && stated != sum)
            {
                throw Invalid($"'{key}' is {stated}, its files make {sum}");
            }
        }

        public SourceException Invalid(string why) => new(
            "manifest-invalid", $"{File}: {why}. Only manifests of Cost Management exports are understood; run the export again.");

        private JsonElement? Find(string key) =>
            Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(key, out var child) ? child : null;
    }
}
