using CiCost.Accounting.Freshness;

namespace CiCost.CostApi.Documents;

/// <summary>
/// How fresh the configured sources and the ledger sources are at the moment of the answer, whatever book version it is about; <c>/v1/sources</c> and
/// <c>cicost sources</c> have all of it.
/// </summary>
/// <param name="State">
/// <c>none</c> when there is no source; <c>not-fresh</c> when one is stale, silent or old, so that figures may lack what it would have
/// brought; <c>fresh</c> otherwise.
/// </param>
/// <param name="Fresh">How many are fresh.</param>
/// <param name="Total">How many are configured or are ledger sources.</param>
/// <param name="NotFresh">The others, by key: stale, silent, old, failing, or waiting for their first run.</param>
public sealed record SourcesInShort(string State, int Fresh, int Total, IReadOnlyList<SourceInShort> NotFresh)
{
    /// <summary>No source is configured.</summary>
    public static SourcesInShort None { get; } = new("none", 0, 0, []);

    /// <summary>In short, what was assessed.</summary>
    public static SourcesInShort Of(IReadOnlyList<SourceFreshness> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var notFresh = sources.Where(s => s.State != FreshnessState.Fresh).ToList();
        var state = sources.Count == 0 ? "none" : notFresh.Any(s => s.IsOverdue) ? "not-fresh" : "fresh";
        return new SourcesInShort(state, sources.Count - notFresh.Count, sources.Count,
            [.. notFresh.Select(s => new SourceInShort(s.SourceKey, HyphenWords.Of(s.State), s.Message))]);
    }
}

/// <summary>A source that is not fresh.</summary>
/// <param name="Source">Its key.</param>
/// <param name="State">stale, silent, old, failing, or waiting.</param>
/// <param name="Message">The same in words, with what to do.</param>
public sealed record SourceInShort(string Source, string State, string Message);
