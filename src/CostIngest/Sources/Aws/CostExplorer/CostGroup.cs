namespace CiCost.CostIngest.Sources.Aws.CostExplorer;

/// <summary>One group of an answer.</summary>
/// <param name="Item">The service's name, or the account's id.</param>
/// <param name="RecordType">The kind of charge.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Attos">The exact amount in 1e-18.</param>
/// <param name="Nanos">The amount rounded to 1e-9.</param>
internal sealed record CostGroup(string Item, string RecordType, string Currency, Int128 Attos, Int128 Nanos);

/// <summary>The groups of a month by one division.</summary>
/// <param name="Groups">The groups.</param>
/// <param name="IsEstimated">True while AWS may still change it.</param>
internal sealed record CostDivision(IReadOnlyList<CostGroup> Groups, bool IsEstimated);
