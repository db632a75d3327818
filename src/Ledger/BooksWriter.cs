namespace CiCost.Ledger;

/// <summary>Who writes to the books in this process.</summary>
/// <param name="Work">What it does, as a message names it: <c>booking of aws 2026-07</c>.</param>
/// <param name="Since">Since when, UTC.</param>
public sealed record BooksWriter(string Work, DateTimeOffset Since);
