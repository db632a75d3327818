namespace CiCost.Ledger.BookVersions;

/// <summary>What the books said at an instant: one delivery per scope and one version of the policy.</summary>
/// <param name="Id">The number of the version; it stands in every answer.</param>
/// <param name="RecordedAt">When the event that made it was recorded.</param>
/// <param name="RuleSetId">Its rule set.</param>
/// <param name="PolicyHash">SHA-256 hex over the rule set's files.</param>
public sealed record BookVersion(long Id, DateTimeOffset RecordedAt, long RuleSetId, string PolicyHash);
