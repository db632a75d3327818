using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;

namespace CiCost.Accounting.Booking;

/// <summary>What to book.</summary>
public sealed record BookDeliveryRequest
{
    /// <summary>The source's key.</summary>
    public required string SourceKey { get; init; }

    /// <summary>The format; given, an unknown source is registered with it. Null for a source that the books know.</summary>
    public string? Kind { get; init; }

    /// <summary>The profile for this delivery; null takes the source's.</summary>
    public string? Profile { get; init; }

    /// <summary>For a source that is registered now: how its deliveries relate.</summary>
    public SourceMode Mode { get; init; }

    /// <summary>For a source that is registered now: whether rows that cannot be read are set aside.</summary>
    public bool AllowQuarantine { get; init; }

    /// <summary>The billing period that the delivery is complete for.</summary>
    public required BillingMonth BillingMonth { get; init; }

    /// <summary>The part of the scope; null takes the file's name for append sources and <c>*</c> for all others.</summary>
    public string? Part { get; init; }

    /// <summary>The files, in order.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Whether a delivery without a row may take the place of one with rows: somebody has to say that it is meant.</summary>
    public bool AcceptsEmpty { get; init; }

    /// <summary>Whether a delivery that lost rows or days may take the place of a longer one (docs/errors.md, delivery-shorter).</summary>
    public bool AcceptsShorter { get; init; }

    /// <summary>Whether a delivery may be booked for a month that its rows are not of (docs/errors.md, delivery-other-month).</summary>
    public bool AcceptsOtherMonth { get; init; }

    /// <summary>Whether two objects may have the same rows of a day, and both count (docs/errors.md, delivery-repeated).</summary>
    public bool AcceptsRepeated { get; init; }

    /// <summary>
    /// True when the provider itself says of which month the files are and that they are all of it, in a manifest, a listing or an answer:
    /// then a shorter bill is the provider's own correction, and a month is the provider's.
    /// </summary>
    public bool IsStatedByProvider { get; init; }

    /// <summary>Whether nothing more will come for the month: recorded with the delivery, so that the month counts as complete.</summary>
    public bool EndsMonth { get; init; }

    /// <summary>Data rows by the provider's own count; another count refuses the delivery. Null when it does not say.</summary>
    public long? ExpectedRows { get; init; }

    /// <summary>Addresses of objects that are in the store already, instead of files.</summary>
    public IReadOnlyList<string> ObjectAddresses { get; init; } = [];
}

/// <summary>What booking did.</summary>
public sealed record BookDeliveryResult
{
    /// <summary>The delivery; when unchanged, the one that has these bytes already.</summary>
    public required int DeliveryId { get; init; }

    /// <summary>The source's key.</summary>
    public required string SourceKey { get; init; }

    /// <summary>The scope's billing period.</summary>
    public required BillingMonth BillingMonth { get; init; }

    /// <summary>The scope's part.</summary>
    public required string Part { get; init; }

    /// <summary>Version of the format.</summary>
    public required string FormatVersion { get; init; }

    /// <summary>The profile used, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>Data rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows set aside.</summary>
    public required long Quarantined { get; init; }

    /// <summary>Cost fields that were empty or null and count as 0.</summary>
    public required long EmptyCosts { get; init; }

    /// <summary>True when the same bytes are booked already: nothing changed.</summary>
    public required bool IsUnchanged { get; init; }

    /// <summary>The delivery whose place this one took.</summary>
    public int? Supersedes { get; init; }

    /// <summary>The book version after it.</summary>
    public required long BookVersionId { get; init; }

    /// <summary>Dimension sets that the books had not seen.</summary>
    public required long NewDimensionSets { get; init; }

    /// <summary>Exact totals by currency.</summary>
    public required IReadOnlyDictionary<string, ExactCosts> Totals { get; init; }

    /// <summary>Tolerances of the profile that were used.</summary>
    public required IReadOnlyList<ToleranceUse> Tolerances { get; init; }

    /// <summary>The objects' addresses, in order.</summary>
    public required IReadOnlyList<string> Objects { get; init; }

    /// <summary>How long each step took.</summary>
    public required BookingTimings Timings { get; init; }
}

/// <summary>The four exact totals of a currency and what rounding the lines left out of each, as decimal text.</summary>
/// <param name="Billed">Sum of BilledCost.</param>
/// <param name="Effective">Sum of EffectiveCost.</param>
/// <param name="List">Sum of ListCost.</param>
/// <param name="Contracted">Sum of ContractedCost.</param>
/// <param name="Residue">The same four of exact total minus rounded lines; null inside itself.</param>
public sealed record ExactCosts(string Billed, string Effective, string List, string Contracted, ExactCosts? Residue);

/// <summary>How long each step took, in milliseconds.</summary>
/// <param name="FetchMs">Reading, hashing and storing the raw bytes.</param>
/// <param name="LoadMs">Verifying, reading and booking them, up to the fsync of the commit.</param>
/// <param name="CheckpointMs">Moving the write-ahead log into the database.</param>
/// <param name="PruneMs">Removing superseded lines.</param>
public sealed record BookingTimings(long FetchMs, long LoadMs, long CheckpointMs, long PruneMs);

/// <summary>How far a booking is.</summary>
/// <param name="Step">fetch, load, checkpoint or prune.</param>
/// <param name="Rows">Rows read so far.</param>
public sealed record BookingProgress(string Step, long Rows);
