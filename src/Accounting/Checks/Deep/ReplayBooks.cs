using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;
using CiCost.Accounting.Policies;
using CiCost.Domain.Lines;
using CiCost.Ledger;
using CiCost.Ledger.Booking;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Objects;
using CiCost.Ledger.Proofs;
using CiCost.Ledger.Sources;

namespace CiCost.Accounting.Checks.Deep;

/// <summary>
/// Reads the raw objects of every delivery again, superseded ones too, as they were booked: with the profile and the dimensions of their own
/// time. What comes out is compared with everything that the books keep of the delivery. A delivery that a former mapping of its format booked
/// is known by its fingerprint and left out: this program would rightly read other lines.
/// </summary>
public sealed class ReplayBooks(
    Books books,
    PolicyShelf policies,
    IEnumerable<ILineFormat> formats,
    IEnumerable<IJobFormat> jobFormats,
    BookDeliveryOptions options,
    CancellationToken cancellationToken)
{
    private readonly Dictionary<string, ILineFormat> _formats = formats.ToDictionary(f => f.Kind, StringComparer.Ordinal);
    private readonly Dictionary<string, IJobFormat> _jobFormats = jobFormats.ToDictionary(f => f.Kind, StringComparer.Ordinal);

    /// <summary>Reads and compares all of them.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ReplayOutcome Run()
    {
        var directory = new DeliveryDirectory(books);
        var sources = new SourceRegistry(books).List().ToDictionary(s => s.Key, StringComparer.Ordinal);
        List<RecordDifference> differences = [];
        List<UnreadDelivery> unread = [];
        var (compared, lines) = (0, 0L);
        var deliveries = directory.List(); // What is booked from now on is left to the next run.
        using var replay = new BooksReplay(books);
        foreach (var delivery in deliveries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var where = $"delivery {delivery.Id} of {delivery.SourceKey} {delivery.BillingMonth}";
            try
            {
                var (found, rows) = Compare(replay, directory, sources[delivery.SourceKey], delivery);
                differences.AddRange(found);
                lines += rows;
                compared++;
            }
            catch (OlderMappingException older)
            {
                unread.Add(new UnreadDelivery(delivery.Id, where, older.Message, IsFault: false));
            }
            catch (Exception exception) when (Findings.IsOne(exception))
            {
                // Whatever keeps it from being read is what the check has to say.
                replay.Abandon();
                unread.Add(new UnreadDelivery(delivery.Id, where, exception.Message, IsFault: true));
            }
        }

        var left = unread.Select(u => u.DeliveryId).ToHashSet();
        differences.AddRange(replay.CompareFirstUses(left));
        differences.AddRange(replay.CompareJobRuns(left));
        return new ReplayOutcome(compared, lines, differences, unread);
    }

    private (IReadOnlyList<RecordDifference> Differences, long Rows) Compare(BooksReplay replay, DeliveryDirectory directory, Source source,
        Delivery delivery)
    {
        var addresses = new RawObjectDirectory(books);
        List<(string Name, StoredObject Object)> objects = [.. directory.ObjectsOf(delivery.Id).Select(o => (o.Name, addresses.Find(o.Sha256).Object))];
        var jobs = _jobFormats.GetValueOrDefault(delivery.Kind);
        var format = jobs is not null ? null : _formats.GetValueOrDefault(delivery.Kind)
            ?? throw new BooksException("kind-unknown", $"There is no format '{delivery.Kind}'.");
        var dimensions = jobs is not null ? DimensionOptions.None
            : policies.Get(new BookVersionDirectory(books).ById(delivery.BookVersionId).RuleSetId).Set.DimensionOptions;
        var profile = jobs is not null ? null : delivery.Profile;
        string Fingerprint(int mapping) => DeliveryFingerprint.Of(delivery.Kind, mapping, profile, dimensions, objects);
        var mapping = jobs?.MappingVersion ?? format!.MappingVersion;
        var stored = directory.FingerprintOf(delivery.Id);
        if (stored != Fingerprint(mapping) && Enumerable.Range(1, mapping - 1).FirstOrDefault(m => Fingerprint(m) == stored) is > 0 and var older)
        {
            throw new OlderMappingException($"booked by mapping {older} of {delivery.Kind}, this program has {mapping}");
        }

        replay.Begin(delivery);
        List<ContentObject> contents =
            [.. objects.Select(o => new ContentObject(o.Name, () => books.Objects.OpenContent(o.Object.Sha256, options.MaxContentBytes, o.Name)))];
        var findings = jobs is not null ? JobPump.Run(jobs, contents, replay.Write, cancellationToken)
            : LinePump.Run(format!, new FormatRequest
            {
                Objects = contents,
                Profile = profile,
                Dimensions = dimensions,
                Limits = options.FormatLimits,
                AllowQuarantine = source.AllowQuarantine,
            }, options.EncoderLimits, replay.Write, cancellationToken);
        var request = new BookingRequest
        {
            Source = source,
            BillingMonth = delivery.BillingMonth,
            Part = delivery.Part,
            Fingerprint = Fingerprint(mapping),
            Objects = objects,
            Profile = delivery.Profile,
            ToolVersion = options.ToolVersion,
        };
        return (replay.Finish(request, findings), findings.Encoded.RowCount);
    }

    /// <summary>A former mapping booked it.</summary>
    private sealed class OlderMappingException(string message) : Exception(message);
}
