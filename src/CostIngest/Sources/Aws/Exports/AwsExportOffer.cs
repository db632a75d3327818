namespace CiCost.CostIngest.Sources.Aws.Exports;

/// <summary>A month of an export, pinned to the versions that the listing showed.</summary>
internal sealed record AwsExportOffer : Offer
{
    /// <summary>The manifest's files in its order.</summary>
    public required IReadOnlyList<ExportObject> Files { get; init; }

    /// <summary>Why it cannot be fetched, for a delivery that stays unfinished; null when it can.</summary>
    public SourceException? Problem { get; init; }
}
