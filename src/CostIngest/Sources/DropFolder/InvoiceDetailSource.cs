using System.Runtime.CompilerServices;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>
/// Takes the files of a month as its invoices (FOCUS 1.4, InvoiceDetail): they are kept as evidence with the figures that the books must
/// tie to, and never booked.
/// </summary>
/// <param name="files">Finds, settles, verifies and copies the files.</param>
/// <param name="areCreditsWithin">True when the invoice's lines have credits inside, so that only tax can be told apart.</param>
internal sealed class InvoiceDetailSource(ISource files, bool areCreditsWithin) : ISource
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<Offer> FindAsync(MonthRange months, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var offer in files.FindAsync(months, cancellationToken).ConfigureAwait(false))
        {
            // The setting makes other figures of the same files.
            yield return areCreditsWithin ? offer with { Version = offer.Version + " credits within" } : offer;
        }
    }

    /// <inheritdoc/>
    public async Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken)
    {
        var drop = (DropOffer)offer;
        var fetched = await files.FetchAsync(offer, folder, cancellationToken).ConfigureAwait(false);
        var totals = new InvoiceTotals(offer.Month, areCreditsWithin);
        var mistakes = new InvoiceMistakes();
        var reader = new InvoiceDetailReader(offer.Month, totals, mistakes);
        foreach (var file in fetched.Files)
        {
            reader.Read(file, Path.Combine(drop.Folder, Path.GetFileName(file)), cancellationToken);
        }

        mistakes.Refuse();
        return new FetchedFigures(fetched.Files, totals.ToFigures());
    }
}
