using System.Collections.Concurrent;
using CiCost.Ledger;
using CiCost.Ledger.Rules;
using CiCost.Policy;

namespace CiCost.Accounting.Policies;

/// <summary>A policy version of the books.</summary>
/// <param name="RuleSetId">Its number in the books.</param>
/// <param name="Set">The policy.</param>
public sealed record ShelvedPolicy(long RuleSetId, PolicySet Set);

/// <summary>The policy versions that the books keep, parsed once each.</summary>
public sealed class PolicyShelf(Books books)
{
    private readonly RuleSetRegistry _registry = new(books);
    private readonly ConcurrentDictionary<long, ShelvedPolicy> _policies = new();

    /// <summary>The policy of the newest book version.</summary>
    /// <exception cref="BooksException">The books have none yet.</exception>
    public ShelvedPolicy Current() => TryCurrent()
        ?? throw new BooksException("no-policy", "These books have no policy yet. Run 'cicost attribute' first.");

    /// <summary>The policy of the newest book version, or null.</summary>
    public ShelvedPolicy? TryCurrent() => _registry.Current() is { } current ? Get(current.RuleSetId) : null;

    /// <summary>A policy by its number in the books.</summary>
    public ShelvedPolicy Get(long ruleSetId) => _policies.GetOrAdd(
        ruleSetId,
        id => new ShelvedPolicy(id, PolicyLoader.ParseChecked([.. _registry.FilesOf(id).Select(f => new PolicyFile(f.Name, f.Content))])));
}
