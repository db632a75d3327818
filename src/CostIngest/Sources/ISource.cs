using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources;

/// <summary>A configured source: finds what a provider offers, and fetches it. It neither books nor remembers anything.</summary>
public interface ISource
{
    /// <summary>
    /// Everything that the provider holds whole for these months, oldest month first. Only listings and manifests are read. An unfinished
    /// or replaced delivery is no offer.
    /// </summary>
    /// <exception cref="SourceException">The provider refuses, or what it answers makes no sense.</exception>
    IAsyncEnumerable<Offer> FindAsync(MonthRange months, CancellationToken cancellationToken);

    /// <summary>
    /// Downloads an offer into an empty folder and compares it with what the provider says of it: sizes, row counts, versions. Returns
    /// the whole or throws.
    /// </summary>
    /// <exception cref="SourceException">It is not whole, or it changed while it was read and the new state could not be had.</exception>
    Task<Fetched> FetchAsync(Offer offer, string folder, CancellationToken cancellationToken);
}
