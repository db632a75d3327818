using CiCost.Accounting.Attribution;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Checks.Deep;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Freshness;
using CiCost.Accounting.Jobs;
using CiCost.Accounting.Policies;
using CiCost.CostApi.Scheduling;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Lines;
using CiCost.Ledger;
using CiCost.Policy;

namespace CiCost.Cli.Hosting;

/// <summary>What a command works with: the books, the policy on disk, the formats. Everything is made here.</summary>
internal sealed class Session : IDisposable
{
    private readonly CiCostOptions _options;
    private readonly string? _policyDirectory;

    /// <summary>The version of this program, as deliveries and backups record it.</summary>
    public string ToolVersion => BookingOptions.ToolVersion;

    /// <summary>The database file that was named, or that of the configuration, whose mistakes are said in either case.</summary>
    public static string DatabaseOf(string? database)
    {
        var configured = Configuration.Read(Directory.GetCurrentDirectory()).Books.Database;
        return database ?? configured;
    }

    private Session(Books books, CiCostOptions options, string? policyDirectory)
    {
        Books = books;
        _options = options;
        _policyDirectory = policyDirectory;
        Policies = new PolicyShelf(books);
        Costs = new QueryCosts(books, Policies);
    }

    public Books Books { get; }

    public PolicyShelf Policies { get; }

    public QueryCosts Costs { get; }

    public IReadOnlyList<ILineFormat> Formats { get; } = CiCost.CostIngest.Formats.LineFormats.All();

    /// <summary>Opens the books.</summary>
    /// <param name="database">What was named on the command line.</param>
    /// <param name="policyDirectory">What was named there.</param>
    /// <param name="mayCreate">Make books where none are, and say so.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Session> OpenAsync(string? database, string? policyDirectory, bool mayCreate, CancellationToken cancellationToken)
    {
        var options = Configuration.Read(Directory.GetCurrentDirectory());
        var path = database ?? options.Books.Database;
        var patience = TimeSpan.FromSeconds(options.Books.BusyTimeoutSeconds);
        var books = mayCreate
            ? await Books.OpenAsync(path, patience, TimeProvider.System, cancellationToken).ConfigureAwait(false)
            : await Books.OpenExistingAsync(path, patience, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        return new Session(books, options, policyDirectory);
    }

    /// <summary>The policy files that a command reads from disk.</summary>
    public string PolicyDirectory => _policyDirectory ?? (Directory.Exists(_options.Books.PolicyDirectory)
        ? _options.Books.PolicyDirectory
        : Path.Combine(AppContext.BaseDirectory, "policy"));

    public PolicySet LoadPolicy() => PolicyLoader.Load(PolicyDirectory);

    /// <summary>Books without a policy take the one on disk; books with one keep theirs until <c>cicost attribute</c>.</summary>
    public async Task EnsurePolicyAsync(CancellationToken cancellationToken)
    {
        if (Policies.TryCurrent() is null)
        {
            await new AttributeBooks(Books, Policies).RunAsync(LoadPolicy(), cancellationToken).ConfigureAwait(false);
            return;
        }

        WarnWhenPolicyDiffers();
        await KeepUpAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does what a change of the program left to be done in older books, once, and says so on standard error. Only commands that
    /// write call it: a question changes no figure.</summary>
    public async Task KeepUpAsync(CancellationToken cancellationToken)
    {
        var booked = await new RebookValues(Books, Policies, new ValueJobs(Books, Policies, BookDelivery())).RunAsync(cancellationToken)
            .ConfigureAwait(false);
        if (booked.Count > 0)
        {
            await Console.Error.WriteLineAsync($"note: these books were written by an older cicost: {booked.Count} deliveries of values of "
                + $"job runs were made again, {booked.Min(b => b.BillingMonth)} to {booked.Max(b => b.BillingMonth)}. Nobody bills "
                + "them, so that they are no longer in payable; --as-of before now has the old figures.").ConfigureAwait(false);
        }
    }

    /// <summary>Says on standard error when the policy on disk is not the one that the books use.</summary>
    public void WarnWhenPolicyDiffers()
    {
        if (Policies.TryCurrent() is { } current && PolicyLoader.HashOf(PolicyDirectory) != current.Set.ContentHash)
        {
            Console.Error.WriteLine(
                $"note: the policy in {PolicyDirectory} is not the one in the books (rule set {current.RuleSetId}). 'cicost attribute' "
                    + "takes it over.");
        }
    }

    /// <summary>What stands beside figures: commands do not read all lines again to answer one question, and say who does not deliver.</summary>
    public BooksCondition Condition() => new(ChecksInShort.NotRun, SourcesInShort.Of(new AssessSources(Books, Policies).RunInShort()));

    public BookDelivery BookDelivery() => new(Books, Policies, Formats, CiCost.CostIngest.Formats.LineFormats.Jobs(), BookingOptions);

    /// <summary>What pulls the sources of a file.</summary>
    public PullSources PullSources(string sourcesPath)
    {
        var pull = CiCost.CostIngest.Sources.Pulling.PullSources.Open(Books, sourcesPath, BookDelivery());
        CronSchedules.Require(pull.Entries);
        return pull;
    }

    public ReplayBooks ReplayBooks(CancellationToken cancellationToken) =>
        new(Books, Policies, Formats, CiCost.CostIngest.Formats.LineFormats.Jobs(), BookingOptions, cancellationToken);

    public RereadLines RereadLines() => new(Books, Policies, Formats, BookingOptions);

    /// <summary>Closes the books, and says on standard error what of their upkeep failed though the command did what it should.</summary>
    public void Dispose()
    {
        if (Books.UpkeepFailure is { } failure)
        {
            Console.Error.WriteLine($"warning: {failure}");
        }

        if (Books.WereChanged)
        {
            Console.Error.WriteLine("warning: the books were changed while they were read, and this user cannot read along with who writes. Do not use what "
                + "was printed: ask again.");
        }

        Books.Dispose();
    }

    public BookDeliveryOptions BookingOptions => BookingOptionsOf(_options.Ingest);

    /// <summary>The bounds of a configuration; also for the server, which opens the books by itself.</summary>
    public static BookDeliveryOptions BookingOptionsOf(IngestOptions ingest) => new()
    {
        MaxObjectBytes = ingest.MaxObjectBytes,
        MaxContentBytes = ingest.MaxContentBytes,
        FormatLimits = new FormatLimits
        {
            MaxColumns = ingest.MaxColumns,
            MaxRecordBytes = ingest.MaxRecordBytes,
            MaxQuarantinedRows = ingest.MaxQuarantinedRows,
            MaxReportedErrors = ingest.MaxReportedErrors,
        },
        EncoderLimits = new LineEncoderLimits
        {
            MaxRows = ingest.MaxRows,
            MaxDimensionSets = ingest.MaxDimensionSets,
            MaxRollupGroups = ingest.MaxRollupGroups,
            MaxEntryBytes = ingest.MaxEntryBytes,
            MaxDimensionSetBytes = ingest.MaxDimensionSetBytes,
            MaxDictionaryBytes = ingest.MaxDictionaryBytes,
        },
    };
}
