using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger;
using CiCost.Ledger.Evidence;
using CiCost.Ledger.Objects;

namespace CiCost.Accounting.Booking;

/// <summary>Keeps what a provider states beside its bills: the answers as they came, and the figures in them. Nothing is booked.</summary>
public sealed class RecordEvidence(Books books, long maxObjectBytes)
{
    /// <summary>Stores the raw answers first, then the figures in one transaction; the same version again changes nothing.</summary>
    /// <returns>The evidence's number.</returns>
    /// <exception cref="BooksException">A file is too large, or another writer holds the books too long.</exception>
    public async Task<long> RunAsync(string sourceKey, BillingMonth month, string part, string version, IReadOnlyList<string> files,
        IReadOnlyList<ControlFigure> figures, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        List<(string, StoredObject)> objects = [];
        foreach (var file in files)
        {
            objects.Add((Path.GetFileName(file), await books.Objects.PutAsync(file, maxObjectBytes, cancellationToken).ConfigureAwait(false)));
        }

        return await new EvidenceStore(books).RecordAsync(sourceKey, month, part, version, objects, figures, cancellationToken)
            .ConfigureAwait(false);
    }
}
