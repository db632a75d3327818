namespace CiCost.CostIngest.Sources.Azure;

/// <summary>A blob as a listing shows it.</summary>
/// <param name="Name">Its name in the container.</param>
/// <param name="ETag">Its version, without quotes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="LastModified">When it was written, in whole seconds.</param>
internal sealed record BlobItem(string Name, string ETag, long Bytes, DateTimeOffset LastModified);

/// <summary>A whole listing.</summary>
/// <param name="Blobs">By name.</param>
/// <param name="At">The clock of the service when it began: what LastModified is compared with.</param>
internal sealed record BlobListing(IReadOnlyDictionary<string, BlobItem> Blobs, DateTimeOffset At);
