using CiCost.Accounting.Jobs;
using CiCost.Accounting.Policies;
using CiCost.Ledger;
using CiCost.Ledger.Booking;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Jobs;
using CiCost.Ledger.Objects;
using CiCost.Ledger.Sources;

namespace CiCost.Accounting.Booking;

/// <summary>
/// Books one delivery, whole or not at all: stores the raw bytes, reads them, writes lines, rollup and totals in one transaction, and
/// then removes what it superseded. The same bytes again change nothing and say so.
/// </summary>
public sealed class BookDelivery(
    Books books,
    PolicyShelf policies,
    IEnumerable<ILineFormat> formats,
    IEnumerable<IJobFormat> jobFormats,
    BookDeliveryOptions options)
{
    private readonly Dictionary<string, IJobFormat> _jobFormats = jobFormats.ToDictionary(f => f.Kind, StringComparer.Ordinal);
    private readonly Dictionary<string, ILineFormat> _formats = formats.ToDictionary(f => f.Kind, StringComparer.Ordinal);

    /// <summary>The most bytes in one delivered file.</summary>
    public long MaxObjectBytes => options.MaxObjectBytes;

    /// <summary>Books it.</summary>
    /// <exception cref="BooksException">The request cannot be met; nothing was changed.</exception>
    /// <exception cref="Domain.Lines.DeliveryRejectedException">A row or file cannot be read; nothing was booked.</exception>
    /// <exception cref="Domain.Lines.LineLimitException">A limit was reached; nothing was booked.</exception>
    public async Task<BookDeliveryResult> RunAsync(BookDeliveryRequest request, IProgress<BookingProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var source = ResolveSource(request);
        var profile = request.Profile ?? source.Profile;
        RequireProfile(source.Kind, profile);
        var part = PartOf(source, request);
        var policy = policies.Current();

        var watch = new StepWatch(books.Time);
        progress?.Report(new BookingProgress("fetch", 0));
        var objects = await FetchAsync(request, cancellationToken).ConfigureAwait(false);
        var fetchMs = watch.NextMs();

        var booking = new BookingRequest
        {
            Source = source,
            BillingMonth = request.BillingMonth,
            Part = part,
            Fingerprint = _jobFormats.TryGetValue(source.Kind, out var jobs)
                ? DeliveryFingerprint.Of(jobs.Kind, jobs.MappingVersion, null, Domain.Lines.DimensionOptions.None, objects)
                : DeliveryFingerprint.Of(source.Kind, FormatOf(source.Kind).MappingVersion, profile, policy.Set.DimensionOptions, objects),
            Objects = objects,
            Profile = profile,
            ToolVersion = options.ToolVersion,
        };
        var (deliveryId, isUnchanged, loadMs, checkpointMs) = jobs is not null
            ? await LoadJobsAsync(booking, request.ExpectedRows, jobs, watch, progress, cancellationToken).ConfigureAwait(false)
            : await LoadAsync(booking, request, FormatOf(source.Kind), source.AllowQuarantine, policy.Set, watch, progress, cancellationToken)
                .ConfigureAwait(false);

        if (isUnchanged && request.EndsMonth)
        {
            await new DeliveryNotes(books).RecordAsync(deliveryId, DeliveryGuard.EndsMonth, DeliveryGuard.EndsMonthText, cancellationToken)
                .ConfigureAwait(false);
        }

        progress?.Report(new BookingProgress("prune", 0));
        await new SupersededLines(books).PruneAfterBookingAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Describe(deliveryId, isUnchanged, new BookingTimings(fetchMs, loadMs, checkpointMs, watch.NextMs()));
        }
        catch (System.Data.Common.DbException exception) when (StorageFault.Of(exception, books.Path) is { } fault)
        {
            throw new BooksException(fault.Code, $"Delivery {deliveryId} is booked; it could not be read back. {fault.Message}", exception);
        }
    }

    private Source ResolveSource(BookDeliveryRequest request)
    {
        var known = new SourceRegistry(books).List();
        if (known.FirstOrDefault(s => s.Key == request.SourceKey) is { } source)
        {
            return request.Kind is null || request.Kind == source.Kind
                ? source
                : throw new BooksException("source-kind",
                    $"The source '{source.Key}' is registered with kind '{source.Kind}', not '{request.Kind}'. Leave --kind out, or use "
                    + "another --source.");
        }

        if (request.Kind is null)
        {
            var names = known.Count == 0 ? "none is registered yet" : "known are " + string.Join(", ", known.Select(s => s.Key));
            throw new BooksException("source-unknown",
                $"The source '{request.SourceKey}' is not registered ({names}). Name its format with --kind to register it.");
        }

        RequireProfile(request.Kind, request.Profile);
        return new Source(request.SourceKey, request.Kind, request.Profile, request.Mode, request.AllowQuarantine);
    }

    private ILineFormat FormatOf(string kind) => _formats.TryGetValue(kind, out var format)
        ? format
        : throw new BooksException("kind-unknown",
            $"There is no format '{kind}'. Known kinds: {string.Join(", ", _formats.Keys.Concat(_jobFormats.Keys).Order(StringComparer.Ordinal))}.");

    private void RequireProfile(string kind, string? profile)
    {
        var profiles = _jobFormats.ContainsKey(kind) ? [] : FormatOf(kind).Profiles.Keys.Order(StringComparer.Ordinal).ToArray();
        if (profile is not null && !profiles.Contains(profile))
        {
            throw new BooksException("profile-unknown",
                $"The format '{kind}' has no profile '{profile}'. Known profiles: {string.Join(", ", profiles)}.");
        }
    }

    private static string PartOf(Source source, BookDeliveryRequest request)
    {
        var count = request.Files.Count + request.ObjectAddresses.Count;
        if (count == 0)
        {
            throw new BooksException("file-missing", "Nothing to book: give at least one --file.");
        }

        if (request.Part is not null || source.Mode == SourceMode.Replace)
        {
            return request.Part ?? "*";
        }

        return count == 1
            ? Path.GetFileName(request.Files.Count == 1 ? request.Files[0] : request.ObjectAddresses[0])
            : throw new BooksException("append-one-file",
                $"The source '{source.Key}' appends: each file is a delivery of its own. Give one --file at a time.");
    }

    private async Task<IReadOnlyList<(string Name, StoredObject Object)>> FetchAsync(BookDeliveryRequest request,
        CancellationToken cancellationToken)
    {
        List<(string, StoredObject)> objects = [];
        foreach (var file in request.Files)
        {
            var stored = await books.Objects.PutAsync(file, options.MaxObjectBytes, cancellationToken).ConfigureAwait(false);
            objects.Add((Path.GetFileName(file), stored));
        }

        foreach (var address in request.ObjectAddresses)
        {
            objects.Add(new RawObjectDirectory(books).Find(address));
        }

        return objects;
    }

    private async Task<(int DeliveryId, bool IsUnchanged, long LoadMs, long CheckpointMs)> LoadAsync(
        BookingRequest request,
        BookDeliveryRequest asked,
        ILineFormat format,
        bool allowQuarantine,
        CiCost.Policy.PolicySet policy,
        StepWatch watch,
        IProgress<BookingProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var booking = await DeliveryBooking.BeginAsync(books, request, cancellationToken).ConfigureAwait(false);
        if (booking.UnchangedDeliveryId is { } unchanged)
        {
            return (unchanged, true, watch.NextMs(), 0);
        }

        booking.AttributeWhileLoading(policy.Attributor);
        var formatRequest = new FormatRequest
        {
            Objects = [.. request.Objects.Select(o
                => new ContentObject(o.Name, () => books.Objects.OpenContent(o.Object.Sha256, options.MaxContentBytes, o.Name)))],
            Profile = request.Profile,
            Dimensions = policy.DimensionOptions,
            Limits = options.FormatLimits,
            AllowQuarantine = allowQuarantine,
            Progress = progress is null ? null : new RowProgress(progress),
        };
        var findings = LinePump.Run(format, formatRequest, options.EncoderLimits, booking.Write, cancellationToken);
        var rows = findings.Objects.Sum(o => (long)o.RowCount);
        RequireRows(asked.ExpectedRows, rows);
        if (rows == 0 && !asked.AcceptsEmpty)
        {
            RequireNothingToReplace(request);
        }

        var accepted = new DeliveryGuard(books, request, asked).Judge(findings.Encoded);
        var booked = booking.Finish(findings with { Tolerances = [.. findings.Tolerances, .. accepted] }, policy.Attributor);
        booking.Commit();
        var loadMs = watch.NextMs();
        progress?.Report(new BookingProgress("checkpoint", findings.Encoded.RowCount));
        booking.Checkpoint();
        return (booked.DeliveryId, false, loadMs, watch.NextMs());
    }

    private async Task<(int DeliveryId, bool IsUnchanged, long LoadMs, long CheckpointMs)> LoadJobsAsync(
        BookingRequest request,
        long? expectedRows,
        IJobFormat format,
        StepWatch watch,
        IProgress<BookingProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var booking = await JobRunBooking.BeginAsync(books, request, cancellationToken).ConfigureAwait(false);
        if (booking.UnchangedDeliveryId is { } unchanged)
        {
            return (unchanged, true, watch.NextMs(), 0);
        }

        var findings = JobPump.Run(format,
            [.. request.Objects.Select(o => new ContentObject(o.Name, () => books.Objects.OpenContent(o.Object.Sha256, options.MaxContentBytes, o.Name)))],
            events =>
            {
                booking.Write(events);
                progress?.Report(new BookingProgress("load", events[^1].RowNumber));
            },
            cancellationToken);
        RequireRows(expectedRows, findings.Encoded.RowCount);
        var booked = booking.Finish(findings);
        booking.Commit();
        return (booked.DeliveryId, false, watch.NextMs(), 0);
    }

    /// <summary>An export that fails may be a header and nothing else: a month with a bill is not emptied by it.</summary>
    private void RequireNothingToReplace(BookingRequest request)
    {
        var current = new DeliveryDirectory(books).List().FirstOrDefault(d => d.SupersededBy is null && d.SourceKey == request.Source.Key
            && d.BillingMonth == request.BillingMonth && d.Part == request.Part);
        if (current is { RowCount: > 0 })
        {
            throw new BooksException("delivery-empty",
                $"The delivery has no row, and delivery {current.Id} of {current.SourceKey} for {current.BillingMonth}, whose place it would take, "
                + $"has {current.RowCount}. Nothing was booked. Ask the provider; when the month is really without charges, book it with "
                + "'cicost ingest --accept-empty'.");
        }
    }

    private static void RequireRows(long? expected, long rows)
    {
        if (expected is { } stated && stated != rows)
        {
            throw new BooksException("row-count",
                $"The provider states {stated} rows, the files have {rows}. The delivery is not whole; nothing was booked. Pull it again, and "
                + "ask the provider when it stays so.");
        }
    }

    private BookDeliveryResult Describe(int deliveryId, bool isUnchanged, BookingTimings timings)
    {
        var directory = new DeliveryDirectory(books);
        var delivery = directory.Get(deliveryId);
        return new BookDeliveryResult
        {
            DeliveryId = deliveryId,
            SourceKey = delivery.SourceKey,
            BillingMonth = delivery.BillingMonth,
            Part = delivery.Part,
            FormatVersion = delivery.FormatVersion,
            Profile = delivery.Profile,
            Rows = delivery.RowCount,
            Quarantined = delivery.QuarantinedCount,
            EmptyCosts = delivery.EmptyCostCount,
            IsUnchanged = isUnchanged,
            Supersedes = delivery.Supersedes,
            BookVersionId = delivery.BookVersionId,
            NewDimensionSets = delivery.NewDimensionSets,
            Totals = DeliveryCosts.Of(directory.TotalsOf(deliveryId)),
            Tolerances = [.. directory.TolerancesOf(deliveryId).Select(t => new ToleranceUse(t.Name, t.Count, t.FirstRow, t.Example))],
            Objects = [.. directory.ObjectsOf(deliveryId).Select(o => o.Sha256)],
            Timings = timings,
        };
    }

    private sealed class RowProgress(IProgress<BookingProgress> target) : IProgress<long>
    {
        public void Report(long value) => target.Report(new BookingProgress("load", value));
    }
}
