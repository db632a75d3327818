namespace CiCost.CostIngest.Sources.Aws.Exports;

/// <summary>An object of the bucket as the listing shows it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="ETag">Its version, in quotes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="ModifiedAt">When it was written.</param>
internal sealed record ExportObject(string Key, string ETag, long Bytes, DateTimeOffset ModifiedAt);
