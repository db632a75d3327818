using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>
/// What the mapping file of a native format says: which columns become which, how charges are classed, what is tolerated.
/// </summary>
internal sealed class NativeMapping
{
    /// <summary>What a read of any of these formats lets pass and counts.</summary>
    private static readonly IReadOnlyList<FocusProfiles.ToleranceRow> EveryFormat =
    [
        new("zero-length-period", "a charge period that ends when it begins: its cost is booked on that day", ""),
        new("unread-columns", "columns whose names speak of tags, descriptions or money, and that are not read", ""),
    ];

    private NativeMapping(MappingFile file)
    {
        Kind = file.Kind;
        Columns = file.Columns;
        Constants = [.. file.Constants.Select(c => (Enum.Parse<DimensionColumn>(c.Key), c.Value))];
        Charges = file.Charges;
        Values = file.Values.ToDictionary(
            v => v.Key,
            v => (IReadOnlyDictionary<string, string>)new Dictionary<string, string>(v.Value, StringComparer.OrdinalIgnoreCase));
        TagPrefixes = file.TagPrefixes;
        Unread = (file.Unread ?? []).Select(NativeLayout.Plain).ToHashSet(StringComparer.Ordinal);
        Profiles = new FocusProfiles(file.Kind, new FocusProfiles.ProfilesFile(
            [.. file.Tolerances, .. EveryFormat], [.. file.EveryRead ?? [], .. EveryFormat.Select(t => t.Name)], file.Profiles));
    }

    public string Kind { get; }

    /// <summary>The columns that are read, in the order of the file.</summary>
    public IReadOnlyList<ColumnRow> Columns { get; }

    /// <summary>What every line of the format has.</summary>
    public IReadOnlyList<(DimensionColumn Column, string Value)> Constants { get; }

    /// <summary>By charge type as the file writes it: what kind of charge it is.</summary>
    public IReadOnlyDictionary<string, ChargeRow> Charges { get; }

    /// <summary>Tables from a value of the file to a value of FOCUS, by name; keys compare without regard to case.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Values { get; }

    /// <summary>How the names of columns begin that hold one tag each; the rest of the name is the tag's key.</summary>
    public IReadOnlyList<string> TagPrefixes { get; }

    /// <summary>Columns of money or text that are known and not read, without case and separators.</summary>
    public IReadOnlySet<string> Unread { get; }

    public FocusProfiles Profiles { get; }

    /// <summary>Reads <c>mapping.json</c> of a folder below Formats.</summary>
    public static NativeMapping Load(string folder) => new(Read(folder));

    /// <summary>Makes a mapping that stands in no file of the program.</summary>
    public static NativeMapping Of(MappingFile file) => new(file);

    private static MappingFile Read(string folder)
    {
        var file = EmbeddedJson.Read<MappingFile>("mapping.json", folder);
        if (file.Base is null)
        {
            return file;
        }

        var basis = Read(file.Base);
        return file with
        {
            Constants = Merge(basis.Constants, file.Constants),
            Charges = Merge(basis.Charges, file.Charges),
            Values = Merge(basis.Values, file.Values),
            Tolerances = [.. basis.Tolerances, .. file.Tolerances],
            Profiles = [.. basis.Profiles, .. file.Profiles],
            EveryRead = [.. basis.EveryRead ?? [], .. file.EveryRead ?? []],
        };
    }

    private static Dictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> basis, IReadOnlyDictionary<string, T> own) =>
        new(basis.Where(b => !own.ContainsKey(b.Key)).Concat(own), StringComparer.Ordinal);

    /// <summary>A column of the file.</summary>
    /// <param name="Native">Its names; of several columns that a file has, the first one with a value counts.</param>
    /// <param name="Name">What the rules call it.</param>
    /// <param name="Focus">The FOCUS or custom column that takes its text as it is; null when only rules read it.</param>
    /// <param name="Required">Is a file without it refused?</param>
    internal sealed record ColumnRow(IReadOnlyList<string> Native, string Name, string? Focus = null, bool Required = false);

    /// <summary>How a charge type is booked.</summary>
    /// <param name="Category">ChargeCategory.</param>
    /// <param name="Class">ChargeClass.</param>
    /// <param name="Frequency">ChargeFrequency; null when another column tells it.</param>
    /// <param name="Pricing">PricingCategory; null when there is none or another column tells it.</param>
    /// <param name="Billed">Name of the rule for BilledCost.</param>
    /// <param name="Effective">Name of the rule for EffectiveCost.</param>
    /// <param name="List">Name of the rule for ListCost.</param>
    /// <param name="Contracted">Name of the rule for ContractedCost.</param>
    internal sealed record ChargeRow(
        string Category,
        string? Class = null,
        string? Frequency = null,
        string? Pricing = null,
        string Billed = "cost",
        string Effective = "cost",
        string List = "cost",
        string Contracted = "cost");

    internal sealed record MappingFile(
        string Kind,
        IReadOnlyList<string> Sources,
        IReadOnlyList<ColumnRow> Columns,
        IReadOnlyDictionary<string, string> Constants,
        IReadOnlyDictionary<string, ChargeRow> Charges,
        IReadOnlyDictionary<string, Dictionary<string, string>> Values,
        IReadOnlyList<string> TagPrefixes,
        IReadOnlyList<FocusProfiles.ToleranceRow> Tolerances,
        IReadOnlyList<FocusProfiles.ProfileRow> Profiles,
        string? Base = null,
        IReadOnlyList<string>? EveryRead = null,
        IReadOnlyList<string>? Unread = null);
}
