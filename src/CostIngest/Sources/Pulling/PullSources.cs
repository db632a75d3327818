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

    // How long a run that was told to end may take for it: less than a server waits for it when it stops.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

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

        var held = SourceFolder.Lock(books.Path, sourceKey);
        var pulling = Task.CompletedTask;
        try
        {
            var range = months ?? MonthRange.Until(books.Time.GetUtcNow(), entry.MonthsBack);
            var runId = await _runs.BeginAsync(sourceKey, cause, range, cancellationToken).ConfigureAwait(false);
            var run = new PullRun(runId, entry, setup, range, SourceFolder.Spool(books.Path, sourceKey));
            using var budget = new CancellationTokenSource(TimeSpan.FromMinutes(entry.TimeBudgetMinutes), books.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
            var token = both.Token;

            // On a thread of its own: a folder on a server that does not answer blocks whoever asks it.
            pulling = Task.Run(() => PullAsync(run, token), CancellationToken.None);
            await WatchAsync(run, pulling, budget.Token, token).ConfigureAwait(false);
            FailPoint.Reach("pull.before-end");
            await EndAsync(run).ConfigureAwait(false);
            return run.ToResult();
        }
        finally
        {
            // A run that hangs keeps its source, and its thread, until the file system answers.
            if (pulling.IsCompleted)
            {
                await held.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                _ = pulling.ContinueWith(_ => held.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Waits for the end of the work, and a little longer than it may take; every failure of it becomes one of the run.</summary>
    private async Task WatchAsync(PullRun run, Task pulling, CancellationToken budget, CancellationToken either)
    {
        var key = run.Entry.Key;
        try
        {
            await pulling.WaitAsync(either).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            _ = await Task.WhenAny(pulling, Task.Delay(Grace, books.Time, CancellationToken.None)).ConfigureAwait(false);
            var hangs = pulling.IsCompleted ? "" : " It still waits for a file system or a provider that does not answer, and the source "
                + "stays taken until that does.";
            run.Fail(budget.IsCancellationRequested
                ? new PullFailure(key, "time-budget", $"The run took longer than its {run.Entry.TimeBudgetMinutes} minutes. What was taken "
                    + $"is whole. Raise timeBudgetMinutes when the source needs it.{hangs}", IsRetriable: true)
                : new PullFailure(key, "run-cancelled", $"The run was stopped. What was taken is whole; the next run goes on.{hangs}", true));
        }
        catch (Exception exception)
        {
            run.Fail(key, exception);
        }

        if (pulling.IsCompleted)
        {
            EmptySpool(run);
        }
    }

    private static void EmptySpool(PullRun run)
    {
        try
        {
            SourceFolder.Empty(run.Spool);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            run.Fail(run.Entry.Key, exception);
        }
    }

    private static BooksException Missing(string path)
    {
        var other = Path.ChangeExtension(path, Path.GetExtension(path) == ".yaml" ? ".yml" : ".yaml");
        var hint = File.Exists(other) ? $" '{other}' is there: rename it, or name it with --sources." : "";
        return new BooksException("sources-missing",
            $"There is no file '{path}' in {Directory.GetCurrentDirectory()}. Write it (docs/sources/README.md), or name another one with "
            + $"--sources FILE.{hint}");
    }

    // The end of a run is written even when the run itself was cancelled. When the disk does not let it, whoever asked for the run is told,
    // and the next run calls this one abandoned.
    private async Task EndAsync(PullRun run)
    {
        try
        {
            var (outcome, code, message) = run.Ending();
            await _runs.EndAsync(run.RunId, outcome, run.Counts, code, message, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (PullFailures.Of(run.Entry.Key, exception) is not null)
        {
            run.Fail(run.Entry.Key, exception);
        }
    }

    private async Task PullAsync(PullRun run, CancellationToken cancellationToken)
    {
        var taken = _pulls.List(run.Entry.Key).ToDictionary(t => (t.BillingMonth, t.Part), t => t.Version);
        await foreach (var offer in run.Setup.Source.FindAsync(run.Months, cancellationToken).ConfigureAwait(false))
        {
            if (!run.Find(offer))
            {
                throw new SourceException("offer-repeated", $"{offer.Description}: the source offers {offer.Month} {offer.Part} twice in one run.");
            }

            if (taken.GetValueOrDefault((offer.Month, offer.Part)) == offer.Version)
            {
                run.LeaveUnchanged();
                continue;
            }

            try
            {
                await TakeAsync(run, offer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                if (run.FailOffer(offer.Description, exception) >= MaxFailures)
                {
                    return;
                }
            }
        }
    }

    private async Task TakeAsync(PullRun run, Offer offer, CancellationToken cancellationToken)
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
        run.Take(pulled);
        FailPoint.Reach("pull.taken");
    }

    private async Task<PulledOffer> BookAsync(PullRun run, Offer offer, FetchedDelivery delivery, CancellationToken cancellationToken)
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

    private async Task<PulledOffer> RecordAsync(PullRun run, Offer offer, IReadOnlyList<string> files,
        IReadOnlyList<Domain.Reconciliation.ControlFigure> figures, CancellationToken cancellationToken)
    {
        var evidenceId = await new RecordEvidence(books, booking.MaxObjectBytes)
            .RunAsync(run.Entry.Key, offer.Month, offer.Part, offer.Version, files, figures, cancellationToken).ConfigureAwait(false);
        return new PulledOffer(offer.Month, offer.Part, offer.Description, null, evidenceId, false, figures.Count);
    }
}
