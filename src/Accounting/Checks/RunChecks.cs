using CiCost.Accounting.Checks.Deep;
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

    /// <summary>What <c>cicost check --deep</c> proves beyond the catalogue, by reading every raw object again.</summary>
    public static IReadOnlyList<ICheck> DeepCatalogue { get; } =
    [
        new DatabaseIsSound(),
        new PolicyIsUnchanged(),
        new RecordsAreUnchanged(),
        new VersionsAreChained(),
        new KeysAreHashes(),
        new ObjectsAreAsDelivered(),
        new DeliveriesAreTheirObjects(),
        new LinesAreTheirObjects(),
        new RollupsAreTheirObjects(),
        new JobRunsAreTheirObjects(),
        new EveryRuleSetAttributes(),
    ];

    /// <summary>What the catalogue alone leaves open, for people.</summary>
    public const string NotProved = "Not proved here: that lines, past answers, job runs, rules and records of bookings are still what was booked, where "
        + "an edit keeps the sums. 'cicost check --deep' proves that from the raw files.";

    /// <summary>Runs the catalogue.</summary>
    /// <param name="month">Only the scopes of this billing period; null for all.</param>
    /// <param name="version">On this book version; null for the newest.</param>
    public IReadOnlyList<CheckOutcome> Run(BillingMonth? month, BookVersion? version = null) => Run(Catalogue, month, version, null);

    /// <summary>Runs the catalogue, and proves the whole books from their raw objects.</summary>
    /// <param name="month">For the catalogue only the scopes of this billing period; null for all.</param>
    /// <param name="replay">Reads the raw objects.</param>
    public IReadOnlyList<CheckOutcome> RunDeep(BillingMonth? month, ReplayBooks replay) => Run([.. DeepCatalogue, .. Catalogue], month, null, replay);

    private List<CheckOutcome> Run(IReadOnlyList<ICheck> checks, BillingMonth? month, BookVersion? version, ReplayBooks? replay)
    {
        CheckContext context;
        try
        {
            context = new CheckContext(books, policies, month, version, replay);
        }
        catch (Exception exception) when (Findings.IsOne(exception) && exception is not BooksException)
        {
            // Not even the list of versions can be read: no check could be made, and each says so.
            return [.. checks.Select(check => Failed(check, exception))];
        }

        return [.. checks.Select(check => Outcome(check, context))];
    }

    private static CheckOutcome Outcome(ICheck check, CheckContext context)
    {
        try
        {
            List<CheckFailure> failures = [.. check.Run(context)];
            List<string> notices = [.. check.Notices(context)];
            var state = failures.Count > 0 ? CheckState.Fails : check.HasAnything(context) ? CheckState.Holds : CheckState.NothingToCompare;
            return new CheckOutcome(check.Name, check.Claim, state, failures, notices);
        }
        catch (Exception exception) when (Findings.IsOne(exception))
        {
            return Failed(check, exception);
        }
    }

    private static CheckOutcome Failed(ICheck check, Exception exception) => new(check.Name, check.Claim, CheckState.Fails,
    [
        new CheckFailure(check.Name, "the books", exception is InvariantException or OverflowException or BooksException ? exception.Message
            : $"They cannot be read: {exception.Message.TrimEnd('.')}. Restore a backup.", "", ""),
    ], []);
}
