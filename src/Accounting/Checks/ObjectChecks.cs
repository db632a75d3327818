using System.Globalization;
using CiCost.Domain.Checks;
using CiCost.Ledger.Objects;

namespace CiCost.Accounting.Checks;

/// <summary>Every raw object is in the store, unchanged.</summary>
public sealed class ObjectsAreIntact() : Check(
    "ObjectsAreIntact", "Every raw object that a booking refers to is in the store with the bytes that its address names.")
{
    /// <inheritdoc/>
    public override IEnumerable<CheckFailure> Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var store = context.Books.Objects;
        foreach (var (sha256, storedBytes) in new RawObjectDirectory(context.Books).List())
        {
            if (store.SizeOf(sha256) is not { } size)
            {
                yield return Failure($"object {sha256}", "It is not in the store. Restore it from a backup, or deliver the file again.",
                    storedBytes.ToString(CultureInfo.InvariantCulture) + " bytes", "nothing");
            }
            else if (size != storedBytes || !store.HashHolds(sha256))
            {
                yield return Failure($"object {sha256}", "Its bytes have changed. Restore it from a backup.",
                    storedBytes.ToString(CultureInfo.InvariantCulture) + " bytes", size.ToString(CultureInfo.InvariantCulture)
                    + " bytes with another hash");
            }
        }
    }

    /// <summary>Objects that no booking refers to: a run was killed after storing one. The next identical delivery adopts it.</summary>
    public override IEnumerable<string> Notices(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var booked = new RawObjectDirectory(context.Books).List().Select(o => o.Sha256).ToHashSet(StringComparer.Ordinal);
        return context.Books.Objects.List().Where(sha256 => !booked.Contains(sha256)).Select(sha256 =>
            $"object {sha256} belongs to no booking: a run ended after storing it. The next delivery of the same file adopts it.");
    }
}
