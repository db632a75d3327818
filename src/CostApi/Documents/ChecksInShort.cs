using System.Text.Json.Serialization;
using CiCost.Accounting.Checks;
using CiCost.Accounting.Freshness;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;

namespace CiCost.CostApi.Documents;

/// <summary>How the checks on the books ended, in short; <c>/v1/checks</c> and <c>cicost check</c> have all of it.</summary>
/// <param name="State">
/// <c>holds</c> when no check fails; <c>fails</c>; <c>running</c> while the server runs them on a new book version; <c>not-run</c> in
/// the answers of commands, which do not read all lines again to answer one question.
/// </param>
/// <param name="Holding">How many hold.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Failing">The names of those that do not hold.</param>
/// <param name="BookVersion">The book version that they were run on.</param>
/// <param name="NothingToCompare">The names of those that had nothing to look at: they neither hold nor fail.</param>
/// <param name="Month">The billing period that they looked at; null for all.</param>
public sealed record ChecksInShort(string State, int Holding, int Total, IReadOnlyList<string> Failing, long? BookVersion,
    IReadOnlyList<string> NothingToCompare, string? Month)
{
    /// <summary>The same in words, for readers.</summary>
    [JsonIgnore]
    public string Words => $"{Holding} of {Total} controls passed"
        + (Failing.Count == 0 ? "" : $"; exceptions: {string.Join(", ", Failing.Select(Spaced))}")
        + (NothingToCompare.Count == 0 ? "" : $"; nothing to compare: {string.Join(", ", NothingToCompare.Select(Spaced))}");

    /// <summary>The words of a check's name: <c>NoGapInDays</c> is No gap in days.</summary>
    public static string Spaced(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.Concat(name.Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? " " + char.ToLowerInvariant(c) : c.ToString()));
    }

    /// <summary>Nobody asked for them.</summary>
    public static ChecksInShort NotRun { get; } = new("not-run", 0, 0, [], null, [], null);

    /// <summary>They are being run.</summary>
    public static ChecksInShort Running(long bookVersion, BillingMonth? month) => new("running", 0, 0, [], bookVersion, [], month?.ToString());

    /// <summary>They ended, some time ago: whether sources are fresh is what was assessed since.</summary>
    public static ChecksInShort Of(IReadOnlyList<CheckOutcome> outcomes, long bookVersion, BillingMonth? month,
        IReadOnlyList<SourceFreshness> sources)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        ArgumentNullException.ThrowIfNull(sources);
        CheckState State(CheckOutcome outcome) => outcome.Check != SourcesAreFresh.CheckName ? outcome.State
            : sources.Any(s => s.IsOverdueFor(month)) ? CheckState.Fails
            : sources.Count > 0 ? CheckState.Holds : CheckState.NothingToCompare;
        List<string> Names(CheckState state) => [.. outcomes.Where(o => State(o) == state).Select(o => o.Check)];
        var failing = Names(CheckState.Fails);
        return new ChecksInShort(failing.Count == 0 ? "holds" : "fails", Names(CheckState.Holds).Count, outcomes.Count, failing, bookVersion,
            Names(CheckState.NothingToCompare), month?.ToString());
    }
}
