using CiCost.Accounting.Checks;
using CiCost.Accounting.Freshness;
using CiCost.Domain.Checks;

namespace CiCost.CostApi.Documents;

/// <summary>How the checks on the books ended, in short; <c>/v1/checks</c> and <c>cicost check</c> have all of it.</summary>
/// <param name="State">
/// <c>holds</c> when every check holds; <c>fails</c>; <c>running</c> while the server runs them on a new book version; <c>not-run</c> in
/// the answers of commands, which do not read all lines again to answer one question.
/// </param>
/// <param name="Holding">How many hold.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Failing">The names of those that do not hold.</param>
/// <param name="BookVersion">The book version that they were run on: always the newest.</param>
public sealed record ChecksInShort(string State, int Holding, int Total, IReadOnlyList<string> Failing, long? BookVersion)
{
    /// <summary>Nobody asked for them.</summary>
    public static ChecksInShort NotRun { get; } = new("not-run", 0, 0, [], null);

    /// <summary>They are being run.</summary>
    public static ChecksInShort Running(long bookVersion) => new("running", 0, 0, [], bookVersion);

    /// <summary>They ended, some time ago: whether sources are fresh is what was assessed since.</summary>
    public static ChecksInShort Of(IReadOnlyList<CheckOutcome> outcomes, long bookVersion, IReadOnlyList<SourceFreshness> sources)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        ArgumentNullException.ThrowIfNull(sources);
        bool Holds(CheckOutcome outcome) =>
            outcome.Check == SourcesAreFresh.CheckName ? !sources.Any(s => s.IsOverdue) : outcome.State == CheckState.Holds;
        var failing = outcomes.Where(o => !Holds(o)).Select(o => o.Check).ToList();
        return new ChecksInShort(
            failing.Count == 0 ? "holds" : "fails", outcomes.Count - failing.Count, outcomes.Count, failing, bookVersion);
    }
}
