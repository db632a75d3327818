using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger.Objects;
using CiCost.Ledger.Sources;

namespace CiCost.Ledger.Booking;

/// <summary>What identifies a delivery before its rows are read.</summary>
public sealed record BookingRequest
{
    /// <summary>The source; one that the books do not know yet is registered in the booking's transaction.</summary>
    public required Source Source { get; init; }

    /// <summary>The billing period that the delivery is for: from the request or the manifest, never from the rows.</summary>
    public required BillingMonth BillingMonth { get; init; }

    /// <summary><c>*</c> for replace sources, the object's name for append sources.</summary>
    public required string Part { get; init; }

    /// <summary>SHA-256 hex over everything that decides what the lines are: object contents in order, format, profile,
    /// dimensions.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The objects in order, with their names.</summary>
    public required IReadOnlyList<(string Name, StoredObject Object)> Objects { get; init; }

    /// <summary>The profile that was used, or null.</summary>
    public string? Profile { get; init; }

    /// <summary>The version of this program.</summary>
    public required string ToolVersion { get; init; }
}

/// <summary>What the reader found, beside the encoded lines.</summary>
public sealed record BookingFindings
{
    /// <summary>The version of the format.</summary>
    public required string FormatVersion { get; init; }

    /// <summary>Cost fields that were empty and count as 0.</summary>
    public required long EmptyCostCount { get; init; }

    /// <summary>Per object: first row, rows, content size, byte offsets of every 10,000th row.</summary>
    public required IReadOnlyList<(uint FirstRow, uint RowCount, long ContentBytes, IReadOnlyList<long> Checkpoints)> Objects { get; init; }

    /// <summary>Tolerances used.</summary>
    public required IReadOnlyList<(string Name, long Count, long FirstRow, string Example)> Tolerances { get; init; }

    /// <summary>Rows set aside.</summary>
    public required IReadOnlyList<RowError> Quarantined { get; init; }

    /// <summary>What was added up.</summary>
    public required EncodedDelivery Encoded { get; init; }
}

/// <summary>A delivery that is in the books.</summary>
/// <param name="DeliveryId">Its id.</param>
/// <param name="Supersedes">The delivery whose place it took, or null.</param>
/// <param name="BookVersionId">The book version that it made.</param>
/// <param name="NewDimensionSets">Sets that the books had not seen.</param>
public sealed record BookedDelivery(int DeliveryId, int? Supersedes, long BookVersionId, int NewDimensionSets);
