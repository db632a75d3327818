using CiCost.Accounting.Booking;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Pulling;

/// <summary>
/// Pulls a source: asks what the provider holds, fetches what is new or restated, books each offer whole, and remembers its version only
/// after that. A run that dies anywhere is repeated from what the books hold: the worst it costs is a second download.
/// </summary>
public sealed class PullSources(Books books, SourceCatalogue catalogue, BookDelivery booking)
{
    // An offer that fails does not keep the others back, but a source that fails everywhere is left alone soon.
    private const int MaxFailures = 5;

    private readonly SourceRunDirectory _runs = new(books);
    private readonly PullDirectory _pulls = new(books);

    /// <summary>Reads a sources file for some books.</summary>
    /// <exception cref="BooksException">There is no such file.</exception>
    /// <exception cref="CiCost.Policy.PolicyException">The file cannot be read, or has mistakes; all are listed.</exception>
    public static PullSources Open(Books books, string sourcesPath, BookDelivery booking)
    {
        ArgumentNullException.ThrowIfNull(books);
        return new PullSources(books, Read(sourcesPath, books.Path, books.Time), booking);
    }

    /// <summary>Reads a sources file; the books need not be there.</summary>
    /// <param name="sourcesPath">The file.</param>
    /// <param name="booksPath">The database file, beside which sources keep what they remember.</param>
    /// <param name="time">The clock of the sources.</param>
    /// <exception cref="BooksException">There is no such file.</exception>
    /// <exception cref="CiCost.Policy.PolicyException">The file cannot be read, or has mistakes; all are listed.</exception>
    public static SourceCatalogue Read(string sourcesPath, string booksPath, TimeProvider time) => File.Exists(sourcesPath)
        ? SourceCatalogue.Read(SourcesFile.Load(sourcesPath), Connectors.All(), key => new SourceServices(time, SourceFolder.State(booksPath, key)))
        : throw Missing(sourcesPath);

    /// <summary>What a person said that these runs may book all the same; nothing without a person.</summary>
    public AcceptedDeliveries Accepts { get; set; } = AcceptedDeliveries.None;

    /// <summary>The configured sources.</summary>
    public IReadOnlyList<SourceEntry> Entries => catalogue.Entries;

    /// <summary>Tells the books which sources are configured, so that silence can be noticed.</summary>
    public Task RegisterAsync(CancellationToken cancellationToken) => new FeedDirectory(books).ReplaceAsync(
        [.. Entries.Select(e => new Feed(e.Key, e.Connector, e.FreshHours, e.DataHours, books.Time.GetUtcNow()))], cancellationToken);

    /// <summary>Pulls one source.</summary>
    /// <param name="sourceKey">The source.</param>
    /// <param name="months">The months to ask for; null takes the current one and as many before it as the source says.</param>
    /// <param name="cause">Why.</param>
    /// <param name="cancellationToken">Ends the run; what was booked stays booked, and the run counts as failed.</param>
    /// <exception cref="BooksException">There is no such source, or it is being pulled right now.</exception>
    public async Task<PullResult> RunAsync(string sourceKey, MonthRange? months, PullCause cause, CancellationToken cancellationToken)
    {
        if (catalogue.Find(sourceKey) is not var (entry, setup))
        {
            throw new BooksException("source-unknown",
                $"There is no source '{sourceKey}' in sources.yaml. There are: {string.Join(", ", Entries.Select(e => e.Key))}.");
        }

        using var gate = SourceFolder.Lock(books.Path, sourceKey);
        var range = months ?? MonthRange.Until(books.Time.GetUtcNow(), entry.MonthsBack);
        var runId = await _runs.BeginAsync(sourceKey, cause, range, cancellationToken).ConfigureAwait(false);
        var run = new Run(runId, entry, setup, range, SourceFolder.Spool(books.Path, sourceKey));
        using var budget = new CancellationTokenSource(TimeSpan.FromMinutes(entry.TimeBudgetMinutes), books.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        try
        {
            await PullAsync(run, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            run.Failures.Add(budget.IsCancellationRequested && !cancellationToken.IsCancellationRequested
                ? new PullFailure(sourceKey, "time-budget", $"The run took longer than its {entry.TimeBudgetMinutes} minutes. What was taken "
                    + "is whole. Raise timeBudgetMinutes when the source needs it.", IsRetriable: true)
                : new PullFailure(sourceKey, "run-cancelled", "The run was stopped. What was taken is whole; the next run goes on.", true));
        }
        catch (Exception exception) when (PullFailures.Of(sourceKey, exception) is { } failure)
        {
            run.Failures.Add(failure);
        }
        catch
        {
            await EndAsync(run, "internal-error", "The run ended by a mistake in the program; the log has it.").ConfigureAwait(false);
            throw;
        }
        finally
        {
            SourceFolder.Empty(run.Spool);
        }

        FailPoint.Reach("pull.before-end");
        var first = run.Failures.FirstOrDefault();
        await EndAsync(run, first?.Code, first is null ? null : Words(run.Failures)).ConfigureAwait(false);
        return new PullResult
        {
            RunId = runId,
            SourceKey = sourceKey,
            Months = range,
            Counts = run.Counts,
            Offers = run.Offers,
            Failures = run.Failures,
        };
    }

    private static BooksException Missing(string path)
    {
        var other = Path.ChangeExtension(path, Path.GetExtension(path) == ".yaml" ? ".yml" : ".yaml");
        var hint = File.Exists(other) ? $" '{other}' is there: rename it, or name it with --sources." : "";
        return new BooksException("sources-missing",
            $"There is no file '{path}' in {Directory.GetCurrentDirectory()}. Write it (docs/sources/README.md), or name another one with "
            + $"--sources FILE.{hint}");
    }

    // The end of a run is written even when the run itself was cancelled.
    private Task EndAsync(Run run, string? code, string? message) => _runs.EndAsync(run.RunId,
        code is null ? RunOutcome.Succeeded : RunOutcome.Failed, run.Counts, code, message, CancellationToken.None);

    private static string Words(List<PullFailure> failures) => failures[0].Message
        + (failures.Count == 1 ? "" : $" (and {failures.Count - 1} more: {string.Join("; ", failures.Skip(1).Select(f => f.Where + " " + f.Code))})");

    private async Task PullAsync(Run run, CancellationToken cancellationToken)
    {
        var taken = _pulls.List(run.Entry.Key).ToDictionary(t => (t.BillingMonth, t.Part), t => t.Version);
        await foreach (var offer in run.Setup.Source.FindAsync(run.Months, cancellationToken).ConfigureAwait(false))
        {
            run.Found++;
            if (!run.Seen.Add((offer.Month, offer.Part)))
            {
                throw new SourceException("offer-repeated", $"{offer.Description}: the source offers {offer.Month} {offer.Part} twice in one run.");
            }

            if (taken.GetValueOrDefault((offer.Month, offer.Part)) == offer.Version)
            {
                run.Unchanged++;
                continue;
            }

            try
            {
                await TakeAsync(run, offer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (PullFailures.OfOffer(offer.Description, exception) is { } failure)
            {
                run.Failures.Add(failure);
                if (run.Failures.Count >= MaxFailures)
                {
                    return;
                }
            }
        }
    }

    private async Task TakeAsync(Run run, Offer offer, CancellationToken cancellationToken)
    {
        FailPoint.Reach("pull.found");
        SourceFolder.Empty(run.Spool);
        Directory.CreateDirectory(run.Spool);
        var fetched = await run.Setup.Source.FetchAsync(offer, run.Spool, cancellationToken).ConfigureAwait(false);
        FailPoint.Reach("pull.fetched");
        var pulled = fetched switch
        {
            FetchedDelivery delivery => await BookAsync(run, offer, delivery, cancellationToken).ConfigureAwait(false),
            FetchedFigures figures => await RecordAsync(run, offer, figures.Files, figures.Figures, cancellationToken).ConfigureAwait(false),
            _ => await RecordAsync(run, offer, fetched.Files, [], cancellationToken).ConfigureAwait(false),
        };
        FailPoint.Reach("pull.booked");

        // From here on the offer is in the books: a stop of the run must not lose that it was taken.
        await _pulls.TakeAsync(new TakenOffer
        {
            SourceKey = run.Entry.Key,
            BillingMonth = offer.Month,
            Part = offer.Part,
            Version = offer.Version,
            RunId = run.RunId,
            DeliveryId = pulled.DeliveryId,
            EvidenceId = pulled.EvidenceId,
            PublishedAt = offer.PublishedAt,
            Description = offer.Description,
        }, CancellationToken.None).ConfigureAwait(false);
        run.Offers.Add(pulled);
        FailPoint.Reach("pull.taken");
    }

    private async Task<PulledOffer> BookAsync(Run run, Offer offer, FetchedDelivery delivery, CancellationToken cancellationToken)
    {
        var result = await booking.RunAsync(new BookDeliveryRequest
        {
            SourceKey = run.Entry.Key,
            Kind = run.Setup.Format ?? throw new SourceException("source-without-format",
                $"The connector '{run.Entry.Connector}' fetched a delivery and names no format for it."),
            Profile = run.Setup.Profile,
            Mode = run.Setup.Mode,
            BillingMonth = offer.Month,
            Part = offer.Part,
            Files = delivery.Files,
            ExpectedRows = delivery.ExpectedRows,
            IsStatedByProvider = delivery.IsStatedByProvider,
            AcceptsEmpty = Accepts.Empty,
            AcceptsShorter = Accepts.Shorter,
            AcceptsOtherMonth = Accepts.OtherMonth,
            AcceptsRepeated = Accepts.Repeated,
        }, null, cancellationToken).ConfigureAwait(false);
        return new PulledOffer(offer.Month, offer.Part, offer.Description, result.DeliveryId, null, result.IsUnchanged, result.Rows);
    }

    private async Task<PulledOffer> RecordAsync(Run run, Offer offer, IReadOnlyList<string> files,
        IReadOnlyList<Domain.Reconciliation.ControlFigure> figures, CancellationToken cancellationToken)
    {
        var evidenceId = await new RecordEvidence(books, booking.MaxObjectBytes)
            .RunAsync(run.Entry.Key, offer.Month, offer.Part, offer.Version, files, figures, cancellationToken).ConfigureAwait(false);
        return new PulledOffer(offer.Month, offer.Part, offer.Description, null, evidenceId, false, figures.Count);
    }

    private sealed class Run(long runId, SourceEntry entry, SourceSetup setup, MonthRange months, string spool)
    {
        public long RunId => runId;

        public SourceEntry Entry => entry;

        public SourceSetup Setup => setup;

        public MonthRange Months => months;

        public string Spool => spool;

        public int Found { get; set; }

        public int Unchanged { get; set; }

        public HashSet<(BillingMonth, string)> Seen { get; } = [];

        public List<PulledOffer> Offers { get; } = [];

        public List<PullFailure> Failures { get; } = [];

        public RunCounts Counts => new(Found, Offers.Count, Unchanged, Offers.Sum(o => o.Rows));
    }
}
