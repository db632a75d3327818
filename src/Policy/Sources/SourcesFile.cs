using System.Text.RegularExpressions;
using CiCost.Policy.Reading;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Sources;

/// <summary>
/// The file <c>sources.yaml</c>: which feeds are pulled, how, and when. It is configuration of a machine, not policy: it says nothing about
/// what a figure means, and it is not part of a book version.
/// </summary>
public sealed partial class SourcesFile
{
    private static readonly Shape FileShape = new("sourcesFile", ["sources"], []);

    private readonly string _name;
    private readonly ErrorList _all;

    private SourcesFile(string name, ErrorList all, IReadOnlyList<SourceEntry> entries) => (_name, _all, Entries) = (name, all, entries);

    /// <summary>The sources in the order of the file.</summary>
    public IReadOnlyList<SourceEntry> Entries { get; }

    /// <summary>Reads the file; the settings of each source are read and checked by its connector, then <see cref="Check"/> throws.</summary>
    /// <exception cref="PolicyException">It cannot be read, or is not a list of sources.</exception>
    public static SourcesFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var errors = new ErrorList();
        return PolicyLoader.ReadText(path, errors.In(path)) is { } text ? Parse(path, text) : throw new PolicyException(errors.Sorted(), path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="name">What errors call the file.</param>
    /// <param name="text">YAML.</param>
    /// <exception cref="PolicyException">It is not a list of sources.</exception>
    public static SourcesFile Parse(string name, string text)
    {
        var all = new ErrorList();
        var errors = all.In(name);
        List<SourceEntry> entries = [];
        if (YamlReader.Read(text, errors) is { } root && MapReader.Open(root, FileShape, errors) is { } file)
        {
            entries.AddRange(file.List("sources").Select(node => Read(node, errors)).OfType<SourceEntry>());
            foreach (var twice in entries.GroupBy(e => e.Key, StringComparer.Ordinal).Where(g => g.Count() > 1))
            {
                errors.Add(twice.Last().Line, 1, PolicyErrorCode.DuplicateId, $"The source '{twice.Key}' is there twice. Rename one of them.");
            }
        }

        return entries.Count == 0 && all.Any ? throw new PolicyException(all.Sorted(), name) : new SourcesFile(name, all, entries);
    }

    /// <summary>After every connector has read its settings: throws when any of them, or the file, has a mistake.</summary>
    /// <exception cref="PolicyException">It lists every mistake.</exception>
    public void Check()
    {
        foreach (var entry in Entries)
        {
            entry.Settings.RefuseUnread();
        }

        if (_all.Any)
        {
            throw new PolicyException(_all.Sorted(), _name);
        }
    }

    private static SourceEntry? Read(YamlNode node, FileErrors errors)
    {
        if (node is not YamlMap map)
        {
            errors.Add(node, PolicyErrorCode.WrongType, $"A source is a mapping with key, connector and settings, not {node.Kind}.");
            return null;
        }

        var settings = new SourceSettings(map, errors);
        var entry = new SourceEntry
        {
            Key = settings.Text("key"),
            Connector = settings.Text("connector"),
            Line = map.Line,
            Settings = settings,
            Schedule = settings.OptionalText("schedule"),
            JitterMinutes = settings.Number("jitterMinutes", 0, 0, 24 * 60),
            MonthsBack = settings.Number("monthsBack", 1, 0, 60),
            TimeBudgetMinutes = settings.Number("timeBudgetMinutes", 60, 1, 24 * 60),
            Retries = settings.Number("retries", 3, 0, 20),
            FreshHours = settings.Number("freshWithinHours", 48, 1, 24 * 90),
            DataHours = settings.OptionalText("newDataWithinHours") is null ? null : settings.Number("newDataWithinHours", 1, 1, 24 * 90),
        };
        if (entry.Key.Length > 0 && (entry.Key.Length > 64 || !KeyPattern().IsMatch(entry.Key)))
        {
            errors.Add(map, PolicyErrorCode.BadId, $"'{Words.Cut(entry.Key)}' is not a source's key. Use up to 64 of a-z, 0-9 and single hyphens.");
        }

        return entry;
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPattern();
}

/// <summary>A source of the file.</summary>
public sealed record SourceEntry
{
    /// <summary>The source's key in the books.</summary>
    public required string Key { get; init; }

    /// <summary>The kind of source, such as <c>aws-data-exports</c>.</summary>
    public required string Connector { get; init; }

    /// <summary>The line where it begins.</summary>
    public required int Line { get; init; }

    /// <summary>What only its connector understands.</summary>
    public required SourceSettings Settings { get; init; }

    /// <summary>When it is pulled, as a cron expression with seconds in UTC; null for on request only.</summary>
    public string? Schedule { get; init; }

    /// <summary>A run starts up to so many minutes later, so that sources do not all ask at once.</summary>
    public required int JitterMinutes { get; init; }

    /// <summary>How many months before the current one are asked for again each time: while a provider still restates them.</summary>
    public required int MonthsBack { get; init; }

    /// <summary>A run that takes longer ends as failed.</summary>
    public required int TimeBudgetMinutes { get; init; }

    /// <summary>How often a failed scheduled run is repeated, with growing pauses.</summary>
    public required int Retries { get; init; }

    /// <summary>Without a successful run for so many hours the source counts as stale.</summary>
    public required int FreshHours { get; init; }

    /// <summary>When runs succeed and nothing new came for so many hours, the source counts as silent; null for sources that may have
    /// nothing new for long.</summary>
    public required int? DataHours { get; init; }
}
