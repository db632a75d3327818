using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CiCost.Domain.Focus;

/// <summary>
/// The columns of FOCUS 1.0 to 1.4 as data: <c>focus-catalogue.json</c>, an extract of the FOCUS specification (CC-BY-4.0; the
/// attribution stands in the file). A new version of the standard is a new row there, not new code.
/// </summary>
public sealed class FocusCatalogue
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter() },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Lazy<FocusCatalogue> Lazy = new(Load);
    private readonly FrozenDictionary<string, FocusColumn> _byName;
    private readonly FrozenDictionary<string, FrozenSet<string>> _otherDatasets;

    private FocusCatalogue(CatalogueFile file)
    {
        NewestVersion = file.NewestVersion;
        Attribution = file.Attribution;
        Licence = file.Licence;
        Columns = file.CostAndUsage;
        _byName = file.CostAndUsage.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);
        _otherDatasets = file.OtherDatasets.ToFrozenDictionary(
            d => d.Key, d => d.Value.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    /// <summary>The embedded catalogue.</summary>
    public static FocusCatalogue Instance => Lazy.Value;

    /// <summary>The newest version in the catalogue, for example <c>1.4</c>.</summary>
    public string NewestVersion { get; }

    /// <summary>Whose work the data is, and from where it was taken.</summary>
    public string Attribution { get; }

    /// <summary>The licence of the data.</summary>
    public string Licence { get; }

    /// <summary>The columns of CostAndUsage, those of the newest version first, then the removed ones.</summary>
    public IReadOnlyList<FocusColumn> Columns { get; }

    /// <summary>The column of CostAndUsage with exactly this name, or null.</summary>
    public FocusColumn? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The column whose name differs only in case, or null: for "did you mean".</summary>
    public FocusColumn? FindIgnoringCase(string name) =>
        Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The other FOCUS dataset that a header belongs to, for example <c>ContractCommitment</c>: all its columns that are not custom
    /// ones are of that dataset, and at least one of them is not of CostAndUsage. Null when there is none.
    /// </summary>
    public string? OtherDatasetOf(IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var standard = names.Where(n => !IsCustom(n)).ToList();
        return standard.All(_byName.ContainsKey)
            ? null
            : _otherDatasets.Where(d => standard.All(d.Value.Contains)).Select(d => d.Key).FirstOrDefault();
    }

    /// <summary>The columns of another FOCUS dataset, for example <c>InvoiceDetail</c>.</summary>
    /// <exception cref="KeyNotFoundException">The catalogue has no such dataset.</exception>
    public IReadOnlySet<string> ColumnsOf(string dataset) => _otherDatasets[dataset];

    /// <summary>
    /// The version that a header shows: the lowest one that knows all its columns, and 1.4 when the file names the service provider
    /// but not ProviderName, which every version before 1.4 demands.
    /// </summary>
    public string VersionOf(IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Contains("ServiceProviderName") && !names.Contains("ProviderName"))
        {
            return NewestVersion;
        }

        return names.Select(Find).OfType<FocusColumn>().Select(c => c.IntroducedIn).Append("1.0").Max(StringComparer.Ordinal)!;
    }

    /// <summary>Is this the name of a custom column: <c>x_</c> by the specification, <c>oci_</c> as Oracle writes them?</summary>
    public static bool IsCustom(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith("x_", StringComparison.Ordinal) || name.StartsWith("oci_", StringComparison.Ordinal);
    }

    private static FocusCatalogue Load()
    {
        using var stream = typeof(FocusCatalogue).Assembly.GetManifestResourceStream("CiCost.Domain.Focus.focus-catalogue.json")
            ?? throw new InvalidOperationException("The resource focus-catalogue.json is missing from the program.");
        var file = JsonSerializer.Deserialize<CatalogueFile>(stream, Options)
            ?? throw new InvalidOperationException("The resource focus-catalogue.json is empty.");
        return new FocusCatalogue(file);
    }

    private sealed record CatalogueFile
    {
        public required string NewestVersion { get; init; }

        public required string Attribution { get; init; }

        public required string Licence { get; init; }

        public required IReadOnlyList<FocusColumn> CostAndUsage { get; init; }

        public required IReadOnlyDictionary<string, IReadOnlyList<string>> OtherDatasets { get; init; }
    }
}
