using CiCost.Accounting.Policies;
using CiCost.Ledger;
using CiCost.Ledger.Rules;
using CiCost.Policy;

namespace CiCost.Accounting.Attribution;

/// <summary>What attributing did.</summary>
/// <param name="RuleSetId">The rule set that is current now.</param>
/// <param name="PolicyHash">Its content hash.</param>
/// <param name="IsNew">False when the policy was the current one already: nothing changed.</param>
/// <param name="DimensionSets">How many dimension sets were attributed.</param>
/// <param name="ElapsedMs">How long it took.</param>
/// <param name="NeedsReread">Custom columns and tag keys that became dimensions: deliveries booked before do not have them yet.</param>
public sealed record AttributeResult(
    long RuleSetId,
    string PolicyHash,
    bool IsNew,
    int DimensionSets,
    long ElapsedMs,
    IReadOnlyList<string> NeedsReread);

/// <summary>Makes a policy the current one: every dimension set is attributed by it, no line is read. A new book version; past ones keep
/// their rules.</summary>
public sealed class AttributeBooks(Books books, PolicyShelf policies)
{
    /// <summary>Registers a policy.</summary>
    public async Task<AttributeResult> RunAsync(PolicySet policy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var before = policies.TryCurrent();
        var started = books.Time.GetTimestamp();
        var registration = await new RuleSetRegistry(books)
            .RegisterAsync(policy.ContentHash, [.. policy.Files.Select(f => (f.Name, f.Text))], policy.Attributor, cancellationToken)
            .ConfigureAwait(false);
        var elapsed = books.Time.GetElapsedTime(started);
        return new AttributeResult(
            registration.RuleSet.RuleSetId,
            registration.RuleSet.ContentHash,
            registration.IsNew,
            registration.DimensionSets,
            (long)elapsed.TotalMilliseconds,
            before is null ? [] : NewDimensions(before.Set, policy));
    }

    private static List<string> NewDimensions(PolicySet before, PolicySet after) =>
    [
        .. after.DimensionOptions.CustomColumns.Except(before.DimensionOptions.CustomColumns, StringComparer.Ordinal),
        .. after.DimensionOptions.TagKeys.Except(before.DimensionOptions.TagKeys,
            StringComparer.Ordinal).Select(Domain.Lines.DimensionOptions.TagName),
    ];
}
