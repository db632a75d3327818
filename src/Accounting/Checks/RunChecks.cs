using CiCost.Accounting.Policies;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;

namespace CiCost.Accounting.Checks;

/// <summary>The catalogue of checks, and running it. All failures are listed, never just the first.</summary>
public sealed class RunChecks(Books books, PolicyShelf policies)
{
    /// <summary>Every check, in the order in which a reader wants to know: the bytes, the lines, the sums, the bill, the rules.</summary>
    public static IReadOnlyList<ICheck> Catalogue { get; } =
    [
        new ObjectsAreIntact(),
        new BookVersionsHold(),
        new IntervalsHold(),
        new LinesEqualRollup(),
        new MonthsEqualDays(),
        new RollupEqualsExactTotals(),
        new ResidueIsBooked(),
        new DayTotalsHold(),
        new PeriodMatchesScope(),
        new NoQuarantinedRows(),
        new CurrencyIsKnown(),
        new OneCurrencyPerAccount(),
        new NoGapInDays(),
        new DimensionGrowth(),
        new EverySetIsAttributed(),
        new AttributionFollowsRules(),
        new OneLedgerSource(),
        new NoUnclassifiedCredit(),
        new CommitmentCountsOnce(),
        new GoogleViewIsEvidence(),
        new PayableIsItsParts(),
        new GrantsAddUp(),
        new PrepaidIsNotNegative(),
        new JobHoursHaveAValue(),
        new ValuesBillNobody(),
        new JobsAreFinished(),
        new EventsAreBooked(),
        new EveryMonthHasItsBill(),
        new EveryMonthIsComplete(),
        new EveryFleetHasItsBill(),
        new SourcesAreFresh(),
        new BooksTieOut(),
    ];

    /// <summary>Runs all checks.</summary>
    /// <param name="month">Only the scopes of this billing period; null for all.</param>
    /// <param name="version">On this book version; null for the newest.</param>
    public IReadOnlyList<CheckOutcome> Run(BillingMonth? month, BookVersion? version = null)
    {
        var context = new CheckContext(books, policies, month, version);
        return [.. Catalogue.Select(check => Outcome(check, context))];
    }

    private static CheckOutcome Outcome(ICheck check, CheckContext context)
    {
        List<CheckFailure> failures;
        List<string> notices = [];
        var hasAnything = true;
        try
        {
            failures = [.. check.Run(context)];
            notices = [.. check.Notices(context)];
            hasAnything = check.HasAnything(context);
        }
        catch (Exception exception) when (exception is InvariantException or OverflowException)
        {
            // Books that cannot be read or added up are a finding, too.
            failures = [new CheckFailure(check.Name, "the books", exception.Message, "", "")];
        }

        var state = failures.Count > 0 ? CheckState.Fails : hasAnything ? CheckState.Holds : CheckState.NothingToCompare;
        return new CheckOutcome(check.Name, check.Claim, state, failures, notices);
    }
}
