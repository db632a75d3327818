using System.Collections.Concurrent;
using CiCost.Ledger;
using CiCost.Ledger.Rules;
using CiCost.Policy;

namespace CiCost.Accounting.Policies;

/// <summary>A policy version of the books.</summary>
/// <param name="RuleSetId">Its number in the books.</param>
/// <param name="Set">The policy.</param>
public sealed record ShelvedPolicy(long RuleSetId, PolicySet Set);

/// <summary>The policy versions that the books keep, each hashed and parsed once: no answer is made by a text that is not the one that was
/// taken over.</summary>
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
    /// <exception cref="BooksException">Its text is not the one that was taken over: its hash is another.</exception>
    public ShelvedPolicy Get(long ruleSetId) => _policies.GetOrAdd(ruleSetId, Read);

    private ShelvedPolicy Read(long ruleSetId)
    {
        List<PolicyFile> files = [.. _registry.FilesOf(ruleSetId).Select(f => new PolicyFile(f.Name, f.Content))];
        var (stored, actual) = (_registry.HashOf(ruleSetId), PolicyLoader.HashOf(files));
        return stored == actual
            ? new ShelvedPolicy(ruleSetId, PolicyLoader.ParseChecked(files))
            : throw new BooksException("policy-changed",
                $"The policy in the books was changed after it was taken over: rule set {ruleSetId} has the hash {stored}, its stored text has "
                    + $"{actual}. No answer is made by it. Restore a backup; 'cicost check --deep' says what else was changed.");
    }
}
