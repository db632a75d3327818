using CiCost.Ledger.Proofs;

namespace CiCost.Accounting.Checks.Deep;

/// <summary>A delivery that could not be compared with its raw objects.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="Where">The delivery, its source and month.</param>
/// <param name="Reason">Why.</param>
/// <param name="IsFault">False when an older program booked it, by a mapping that this one no longer has: nothing is wrong with it.</param>
public sealed record UnreadDelivery(int DeliveryId, string Where, string Reason, bool IsFault);

/// <summary>What reading all raw objects again found.</summary>
/// <param name="Deliveries">Deliveries that were compared.</param>
/// <param name="Lines">Lines and events that were read.</param>
/// <param name="Differences">Values that are not what the objects say.</param>
/// <param name="Unread">Deliveries that were not compared.</param>
public sealed record ReplayOutcome(int Deliveries, long Lines, IReadOnlyList<RecordDifference> Differences, IReadOnlyList<UnreadDelivery> Unread);
