using CiCost.Accounting.Booking;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Ledger;
using CiCost.Policy;
using CiCost.Policy.Sources;

namespace CiCost.CostApi.Scheduling;

/// <summary>The pulls of a sources file into some books.</summary>
public static class ConfiguredPulls
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="PolicyException">It lists every mistake of the file.</exception>
    public static PullSources Read(string sourcesFile, IReadOnlyList<ISourceConnector> connectors, Books books, BookDelivery booking)
    {
        ArgumentNullException.ThrowIfNull(books);
        var catalogue = SourceCatalogue.Read(SourcesFile.Load(sourcesFile), connectors,
            key => new SourceServices(books.Time, SourceFolder.State(books.Path, key)));
        return new PullSources(books, catalogue, booking);
    }
}
