using CiCost.Ledger.BookVersions;

namespace CiCost.CostApi.Documents;

/// <summary>The book version that an answer is from: one delivery per scope and one version of the policy.</summary>
/// <param name="Id">Its number; every booking and every change of the policy makes the next one.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
/// <param name="RuleSetId">The number of its rule set.</param>
/// <param name="PolicyHash">SHA-256, in hex, over the policy files of the rule set.</param>
public sealed record BookVersionDocument(long Id, DateTimeOffset RecordedAt, long RuleSetId, string PolicyHash)
{
    /// <summary>The document of a version.</summary>
    public static BookVersionDocument Of(BookVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return new BookVersionDocument(version.Id, version.RecordedAt, version.RuleSetId, version.PolicyHash);
    }
}
