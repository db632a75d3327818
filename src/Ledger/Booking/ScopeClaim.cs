using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Booking;

/// <summary>The place that a booking takes, decided inside its transaction.</summary>
/// <param name="ScopeId">The scope, made when it is new.</param>
/// <param name="UnchangedDeliveryId">The scope's delivery when it has these bytes already: then there is nothing to book.</param>
/// <param name="Supersedes">The delivery whose place this one takes.</param>
/// <param name="DeliveryId">The new delivery.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScopeClaim(long ScopeId, int? UnchangedDeliveryId, int? Supersedes, int DeliveryId)
{
    /// <summary>Takes the place for a request.</summary>
    public static ScopeClaim Take(SqliteConnection connection, BookingRequest request, TimeProvider time)
    {
        var scopeId = ScopeDirectory.FindOrAdd(connection, request, time.GetUtcNow().ToUnixTimeMilliseconds());
        var current = ScopeDirectory.CurrentDelivery(connection, scopeId);
        return current is not null && current.Value.Fingerprint == request.Fingerprint
            ? new ScopeClaim(scopeId, current.Value.DeliveryId, null, 0)
            : new ScopeClaim(scopeId, null, current?.DeliveryId, ScopeDirectory.NextDeliveryId(connection));
    }
}
