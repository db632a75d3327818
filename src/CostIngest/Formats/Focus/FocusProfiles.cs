namespace CiCost.CostIngest.Formats.Focus;

/// <summary>
/// The profiles and tolerances of a format: of FOCUS, in <c>profiles.json</c>, or of a native format, in its mapping.
/// </summary>
internal sealed class FocusProfiles
{
    private static readonly Lazy<FocusProfiles> Lazy = new(() =>
        new FocusProfiles("focus-csv", EmbeddedJson.Read<ProfilesFile>("profiles.json")));

    /// <summary>What every read of every format does with numbers: the rule is recorded, and each use is counted.</summary>
    private static readonly (Tolerance Tolerance, ToleranceRow Row)[] OfNumbers =
    [
        (Tolerance.LongFractions, new ToleranceRow("long-fractions",
            "an amount with more than 18 digits behind the point is rounded half-even to 18, at most 5E-19 a field; a quantity to 9", "")),
        (Tolerance.LargeQuantities, new ToleranceRow("large-quantities",
            "a quantity, or a price times a quantity, beyond 9.2E18 is left out of the line and stays in the raw row", "")),
    ];

    private readonly Dictionary<string, (Tolerance Granted, string Description)> _profiles = [];
    private readonly Dictionary<Tolerance, ToleranceRow> _words = [];
    private readonly Tolerance _everyRead;
    private readonly string _kind;

    public FocusProfiles(string kind, ProfilesFile file)
    {
        _kind = kind;
        foreach (var row in file.Tolerances)
        {
            _words.Add(Enum.Parse<Tolerance>(row.Name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true), row);
        }

        foreach (var (tolerance, row) in OfNumbers)
        {
            _words.Add(tolerance, row);
        }

        _everyRead = Join(file.EveryRead) | Tolerance.LongFractions | Tolerance.LargeQuantities;
        foreach (var profile in file.Profiles)
        {
            _profiles.Add(profile.Name, (Join(profile.Tolerances), profile.Description));
        }
    }

    public static FocusProfiles Instance => Lazy.Value;

    /// <summary>Name and one line of what it tolerates.</summary>
    public IReadOnlyDictionary<string, string> Descriptions => _profiles.ToDictionary(p => p.Key, p => p.Value.Description);

    /// <summary>All tolerances, in the order of their bits.</summary>
    public IReadOnlyList<Tolerance> All => [.. _words.Keys.Order()];

    /// <summary>What a profile grants; null is no profile, which grants what every read does.</summary>
    /// <exception cref="ArgumentException">There is no such profile.</exception>
    public Tolerance Grants(string? profile)
    {
        if (profile is null)
        {
            return _everyRead;
        }

        return _profiles.TryGetValue(profile, out var found)
            ? found.Granted | _everyRead
            : throw new ArgumentException($"There is no profile '{profile}' for {_kind}. There are: "
                + $"{string.Join(", ", _profiles.Keys)}.", nameof(profile));
    }

    /// <summary>The stable name of one tolerance.</summary>
    public string NameOf(Tolerance tolerance) => _words[tolerance].Name;

    /// <summary>The end of a message: which profiles would accept what is refused.</summary>
    /// <param name="needed">All tolerances that the value needs.</param>
    /// <param name="granted">What the profile in use grants: a profile that lacks any of it would not help.</param>
    public string Advice(Tolerance needed, Tolerance granted)
    {
        var missing = needed & ~granted;
        var names = _profiles.Where(p => ((p.Value.Granted | _everyRead) & (needed | granted)) == (needed | granted)).Select(p => p.Key)
            .ToList();
        if (missing == Tolerance.None || names.Count == 0)
        {
            return "";
        }

        var why = string.Join(" and ", _words.Where(w => missing.HasFlag(w.Key)).OrderBy(w => w.Key).Select(w => w.Value.Advice));
        return $", or ingest with --profile {string.Join(" or ", names)} if this source {why}";
    }

    private Tolerance Join(IEnumerable<string> names) =>
        names.Select(n => _words.Single(w => w.Value.Name == n).Key).Aggregate(Tolerance.None, (all, one) => all | one);

    internal sealed record ToleranceRow(string Name, string Description, string Advice);

    internal sealed record ProfileRow(string Name, string Description, IReadOnlyList<string> Tolerances);

    internal sealed record ProfilesFile(
        IReadOnlyList<ToleranceRow> Tolerances, IReadOnlyList<string> EveryRead, IReadOnlyList<ProfileRow> Profiles);
}
