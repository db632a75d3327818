using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;

namespace CiCost.Accounting.Presentation;

/// <summary>The words that pages and reports have for the books' codes (accounting.md, words for readers). Codes stay in answers of the
/// API, in options and in policy; docs/glossary.md lists both.</summary>
public static class ReaderWords
{
    private const int MostNamed = 5;

    /// <summary>What is given by nobody that the books know.</summary>
    public const string NoPayerKnown = "No payer known";

    /// <summary>What no rule assigns to a value.</summary>
    public const string NotAssigned = "Not assigned";

    /// <summary>The part of a pool that no organisation takes.</summary>
    public const string SharedWithNobody = "Shared with nobody";

    /// <summary>A draw above what its month consumed and bought.</summary>
    public const string UnmatchedCredit = "Credit without a matching cost";

    /// <summary>A credit that no rule knows.</summary>
    public const string UnknownCredit = "Credit of unknown origin";

    /// <summary>A bill that ties to no invoice yet.</summary>
    public const string BilledNotTied = "Billed, not tied to an invoice";

    /// <summary>What no rule says: never 0.00.</summary>
    public const string NotKnown = "not known";

    /// <summary>The one word for nothing: a column of a bill that is empty.</summary>
    public const string Nothing = "none";

    /// <summary>The title of a split that is not agreed.</summary>
    public const string ProposalTitle = "Illustration: not agreed; nobody owes anything";

    /// <summary>What an organisation gave.</summary>
    public const string Contributed = "Contributed";

    /// <summary>Of what it gave: hardware above what was accepted, and what a policy excludes.</summary>
    public const string NotAccepted = "Of it not accepted";

    /// <summary>Contributed minus what is not accepted, directed or its share.</summary>
    public const string AboveOrBelowShare = "Above or below share";

    /// <summary>Every code that has other words, in the order of the glossary.</summary>
    public static IReadOnlyList<(string Code, string Words)> All { get; } =
    [
        ("unfunded", NoPayerKnown),
        ("unattributed", NotAssigned),
        ("unallocated", SharedWithNobody),
        ("unapplied credits", UnmatchedCredit),
        ("unclassified credit", UnknownCredit),
        ("billed", BilledNotTied),
        ("given", Contributed),
        ("excluded", NotAccepted),
        ("net", AboveOrBelowShare),
        ("proposal", ProposalTitle),
        ("beneficiary without a rule", NotKnown),
        ("empty", Nothing),
    ];

    /// <summary>A basis for readers.</summary>
    public static string Basis(CostBasis basis) => basis switch
    {
        CostBasis.Invoiced => "Invoiced",
        CostBasis.Billed => BilledNotTied,
        CostBasis.Estimated => "Estimated",
        CostBasis.DonorStated => "Donor-stated",
        _ => "Carried forward",
    };

    /// <summary>A kind for readers.</summary>
    public static string Kind(FundingKind kind) => kind == FundingKind.Unfunded ? NoPayerKnown : kind.ToText();

    /// <summary>How the controls ended, in one sentence.</summary>
    /// <param name="passed">How many passed.</param>
    /// <param name="all">Of how many.</param>
    /// <param name="exceptions">The names of those that did not, for readers.</param>
    /// <param name="nothingToCompare">The names of those that had nothing to look at; null for none.</param>
    public static string Controls(int passed, int all, IReadOnlyCollection<string> exceptions, IReadOnlyCollection<string>? nothingToCompare = null)
    {
        ArgumentNullException.ThrowIfNull(exceptions);
        var nothing = nothingToCompare is not { Count: > 0 } names ? ""
            : $"; nothing to compare: {(names.Count > MostNamed ? $"{names.Count}" : string.Join(", ", names))}";
        return $"{passed} of {all} controls passed{(exceptions.Count == 0 ? "" : $"; exceptions: {string.Join(", ", exceptions)}")}{nothing}.";
    }
}
