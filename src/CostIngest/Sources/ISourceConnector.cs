using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Sources;

/// <summary>A kind of source: reads its settings and makes the source. One per folder under Sources.</summary>
public interface ISourceConnector
{
    /// <summary>The word that <c>connector:</c> takes in sources.yaml.</summary>
    string Name { get; }

    /// <summary>Makes the source. Reads every setting through <paramref name="settings"/>, which lists mistakes; opens no connection and
    /// reads no secret.</summary>
    SourceSetup Create(SourceSettings settings, SourceServices services);
}

/// <summary>A source and how the books take what it fetches.</summary>
/// <param name="Source">The source.</param>
/// <param name="Format">The kind of its deliveries, such as <c>focus-csv</c>; null for sources that fetch figures or evidence only.</param>
/// <param name="Profile">The profile for known defects, or null.</param>
/// <param name="Mode">Whether a delivery replaces the period's or is appended.</param>
public sealed record SourceSetup(ISource Source, string? Format, string? Profile = null, SourceMode Mode = SourceMode.Replace);

/// <summary>What a source works with.</summary>
/// <param name="Time">The clock.</param>
/// <param name="StateFolder">
/// A folder of this source's own beside the books, for what saves requests (ETags of pages). Losing it costs requests, never correctness.
/// It is made when it is first written to.
/// </param>
public sealed record SourceServices(TimeProvider Time, string StateFolder);
