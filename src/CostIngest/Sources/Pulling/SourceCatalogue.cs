using CiCost.Policy;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources.Pulling;

/// <summary>The sources of a file, each with its connector's set-up. Made whole or refused with every mistake.</summary>
public sealed class SourceCatalogue
{
    private readonly Dictionary<string, SourceSetup> _setups;

    private SourceCatalogue(IReadOnlyList<SourceEntry> entries, Dictionary<string, SourceSetup> setups) => (Entries, _setups) = (entries, setups);

    /// <summary>The sources in the order of the file.</summary>
    public IReadOnlyList<SourceEntry> Entries { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="file">sources.yaml.</param>
    /// <param name="connectors">What <c>connector:</c> may name.</param>
    /// <param name="servicesOf">What a source works with, by its key.</param>
    /// <exception cref="PolicyException">It lists every mistake.</exception>
    public static SourceCatalogue Read(SourcesFile file, IEnumerable<ISourceConnector> connectors, Func<string, SourceServices> servicesOf)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(servicesOf);
        var known = connectors.ToDictionary(c => c.Name, StringComparer.Ordinal);
        Dictionary<string, SourceSetup> setups = new(StringComparer.Ordinal);
        foreach (var entry in file.Entries)
        {
            if (known.TryGetValue(entry.Connector, out var connector))
            {
                setups[entry.Key] = connector.Create(entry.Settings, servicesOf(entry.Key));
            }
            else
            {
                entry.Settings.RefuseAll("connector",
                    $"There is no connector '{entry.Connector}'. There are: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
            }
        }

        file.Check();
        return new SourceCatalogue(file.Entries, setups);
    }

    /// <summary>A source's entry and set-up; null when the file has no such source.</summary>
    public (SourceEntry Entry, SourceSetup Setup)? Find(string sourceKey) => _setups.TryGetValue(sourceKey, out var setup)
        ? (Entries.First(e => e.Key == sourceKey), setup)
        : null;
}
