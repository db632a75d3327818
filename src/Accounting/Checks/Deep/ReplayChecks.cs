using System.Globalization;
using System.Security.Cryptography;
using CiCost.Domain.Checks;
using CiCost.Ledger.Objects;

namespace CiCost.Accounting.Checks.Deep;

/// <summary>A check of what raw objects decide.</summary>
/// <param name="name">The stable name.</param>
/// <param name="claim">The claim.</param>
/// <param name="tables">The tables that it is about.</param>
public abstract class ReplayCheck(string name, string claim, params string[] tables) : DeepCheck(name, claim)
{
    private const string Do = "It is not what the raw objects say: it was changed after the booking. Restore a backup.";

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Replay.Differences.Where(d => tables.Contains(d.Table, StringComparer.Ordinal)).Select(d => Failure(d, Do));
    }
}

/// <summary>What is recorded with a delivery.</summary>
public sealed class DeliveriesAreTheirObjects() : ReplayCheck(
    "DeliveriesAreTheirObjects", "Every delivery, superseded ones too, read again from its raw objects, has the fingerprint, the counts, the totals, "
        + "the posting month and the digests per block and day that the books keep.",
    "delivery", "delivery_object", "delivery_total", "delivery_day", "delivery_day_total", "delivery_block", "delivery_tolerance", "quarantine",
    "dimension_set")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Replay.Unread.Where(u => u.IsFault)
            .Select(u => Failure(u.Where, $"It cannot be read again: {u.Reason.TrimEnd('.')}. Restore a backup."))
            .Concat(base.Run(context));
    }

    /// <summary>What was read, and what was left out.</summary>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        yield return $"{CheckWords.Number(context.Replay.Deliveries)} deliveries were read again, {CheckWords.Number(context.Replay.Lines)} rows.";
        foreach (var delivery in context.Replay.Unread.Where(u => !u.IsFault))
        {
            yield return $"{delivery.Where} was not compared row by row: {delivery.Reason}. Its records are proved by their digest, its sums by the "
                + "checks on sums; 'cicost reread' books it anew.";
        }
    }
}

/// <summary>Lines and their dictionaries.</summary>
public sealed class LinesAreTheirObjects() : ReplayCheck(
    "LinesAreTheirObjects", "Every line of a current delivery is its row of the bill, in every column: costs, quantities, unit prices, instants, "
        + "resource, tags and dimension set.",
    "cost_line", "cost_line_high", "resource", "tag_set", "unit_price");

/// <summary>Rollups, superseded ones too.</summary>
public sealed class RollupsAreTheirObjects() : ReplayCheck(
    "RollupsAreTheirObjects", "The rollups by day and by month under every delivery, superseded ones too, are the sums of its rows: what is answered "
        + "as of the past is what the books said then.",
    "rollup", "rollup_high", "rollup_month", "rollup_month_high");

/// <summary>Job runs.</summary>
public sealed class JobRunsAreTheirObjects() : ReplayCheck(
    "JobRunsAreTheirObjects", "Every job run is the greatest of its events in the raw objects, in every column.", "job_run")
{
    /// <inheritdoc/>
    public override bool HasAnything(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Audit.HasJobRuns();
    }
}

/// <summary>What was recorded of raw objects.</summary>
public sealed class ObjectsAreAsDelivered() : DeepCheck(
    "ObjectsAreAsDelivered", "The content of every raw object has the hash and the size under which it was delivered.")
{
    private const int ChunkBytes = 1024 * 1024;

    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var stored in new RawObjectDirectory(context.Books).Recorded())
        {
            var (hash, size) = stored.CompressedHere ? ContentOf(context, stored) : (stored.Sha256, stored.StoredBytes);
            if (hash != stored.DeliveredSha256 || size != stored.DeliveredBytes)
            {
                yield return Failure($"raw_object, object {stored.Sha256}", "What is recorded of the delivered file is not so. Restore a backup.",
                    Text(hash, size), Text(stored.DeliveredSha256, stored.DeliveredBytes));
            }
        }
    }

    private static (string Hash, long Size) ContentOf(CheckContext context, StoredObject stored)
    {
        using var content = context.Books.Objects.OpenContent(stored.Sha256, long.MaxValue);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[ChunkBytes];
        var size = 0L;
        int read;
        while ((read = content.Read(chunk)) > 0)
        {
            hash.AppendData(chunk.AsSpan(0, read));
            size += read;
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), size);
    }

    private static string Text(string hash, long size) => $"{hash}, {size.ToString(CultureInfo.InvariantCulture)} bytes";
}
