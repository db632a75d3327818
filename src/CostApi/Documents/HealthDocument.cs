namespace CiCost.CostApi.Documents;

/// <summary>How the server is.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
/// <param name="BookVersion">The newest book version; null from /health/live, which does not look at the books.</param>
/// <param name="SqliteVersion">The version of SQLite that keeps the books; null from /health/live.</param>
/// <param name="Warning">What of the books' upkeep failed last, though all is booked; null when all went well.</param>
public sealed record HealthDocument(string Status, BookVersionDocument? BookVersion, string? SqliteVersion, string? Warning = null);
