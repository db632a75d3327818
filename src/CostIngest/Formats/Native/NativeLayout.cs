using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>Where the columns of one native file stand.</summary>
internal sealed class NativeLayout
{
    private static readonly int[] Nowhere = [];
    private readonly Dictionary<string, int[]> _byName = new(StringComparer.Ordinal);

    private NativeLayout(IReadOnlyList<string> names, NativeMapping mapping, DimensionOptions options, Dictionary<string, int> indexes)
    {
        Names = names;
        foreach (var column in mapping.Columns)
        {
            _byName.Add(column.Name, [.. column.Native.Select(n => indexes.GetValueOrDefault(Plain(n), -1)).Where(i => i >= 0).Distinct()]);
        }

        Copies = [.. mapping.Columns.Where(c => c.Focus is not null && IsFixed(c.Focus))
            .Select(c => (Enum.Parse<DimensionColumn>(c.Focus!), _byName[c.Name])).Where(c => c.Item2.Length > 0)];
        Extras = [.. mapping.Columns.Where(c => c.Focus is not null && !IsFixed(c.Focus) && options.CustomColumns.Contains(c.Focus))
            .Select(c => (c.Focus!, _byName[c.Name])).Where(c => c.Item2.Length > 0)];
        var read = mapping.Columns.SelectMany(c => c.Native).Select(Plain).ToHashSet(StringComparer.Ordinal);
        Read = names.Where(n => read.Contains(Plain(n))).ToHashSet(StringComparer.Ordinal);
        Unread = [.. names.Where(n => !Read.Contains(n) && KeyOf(n, mapping.TagPrefixes) is null && !mapping.Unread.Contains(Plain(n)))];
        Tags = [.. names.Select((name, i) => (KeyOf(name, mapping.TagPrefixes), i)).Where(t => t.Item1 is not null)
            .Select(t => (t.Item1!, t.i)).OrderBy(t => t.Item1, StringComparer.Ordinal)];
    }

    /// <summary>The header.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The columns that rules read.</summary>
    public IReadOnlySet<string> Read { get; }

    /// <summary>The columns that neither rules nor tags read, and that the mapping does not know.</summary>
    public IReadOnlyList<string> Unread { get; }

    /// <summary>The columns whose text is a dimension as it is.</summary>
    public (DimensionColumn Column, int[] Indexes)[] Copies { get; }

    /// <summary>The listed custom columns.</summary>
    public (string Name, int[] Indexes)[] Extras { get; }

    /// <summary>The columns that hold one tag each.</summary>
    public (string Key, int Index)[] Tags { get; }

    /// <summary>
    /// Where a column of the mapping stands, by its name there: no place, or several of which the first with a value counts.
    /// </summary>
    public int[] Find(string name) => _byName.GetValueOrDefault(name, Nowhere);

    /// <summary>Makes the layout of a file.</summary>
    /// <exception cref="DeliveryRejectedException">A required column is missing, or one stands twice under two spellings.</exception>
    public static NativeLayout Of(List<string> names, string file, NativeMapping mapping, DimensionOptions options)
    {
        var wanted = mapping.Columns.SelectMany(c => c.Native).Select(Plain).ToHashSet(StringComparer.Ordinal);
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            var plain = Plain(names[i]);
            if (!indexes.TryAdd(plain, i) && wanted.Contains(plain))
            {
                throw Refuse(file, "header-duplicate-name", names[i],
                    $"'{names[indexes[plain]]}' and '{names[i]}' are two spellings of one column, so it is not clear which one is meant. "
                        + "Export one of them.");
            }
        }

        var missing = mapping.Columns.Where(c => c.Required && !c.Native.Any(n => indexes.ContainsKey(Plain(n)))).Select(c => c.Native[0])
            .ToList();
        if (missing.Count > 0)
        {
            throw Refuse(file, "header-missing-columns", string.Join(", ", missing),
                $"Without {(missing.Count == 1 ? "this column" : $"these {missing.Count} columns")} no row can be booked as "
                    + $"{mapping.Kind}: {string.Join(", ", missing)}. {LanguageOf(names, wanted)}Export the file with them, or name its "
                    + "format with --kind (FOCUS files: focus-csv).");
        }

        return new NativeLayout(names, mapping, options, indexes);
    }

    /// <summary>
    /// A column name without separators and case: one column is <c>lineItem/UsageType</c> in one export, <c>line_item_usage_type</c> in
    /// another.
    /// </summary>
    public static string Plain(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>
    /// A portal writes names in the language of its user: "Kategorie der Verbrauchseinheit (MeterCategory)" (kubecost, issue 1526), or without
    /// the English name.
    /// </summary>
    private static string LanguageOf(List<string> names, HashSet<string> wanted)
    {
        var foreign = names.FirstOrDefault(n => n.IndexOf('(', StringComparison.Ordinal) is > 0 and var at && wanted.Contains(Plain(n[at..])))
            ?? names.FirstOrDefault(n => n.Any(c => c > 127 && char.IsLetter(c)));
        return foreign is null ? ""
            : $"The header is in another language ('{foreign}'): the portal writes the language of its user. Set it to English and export "
                + "again. ";
    }

    private static bool IsFixed(string focus) => Enum.IsDefined(typeof(DimensionColumn), focus);

    private static string? KeyOf(string name, IReadOnlyList<string> prefixes)
    {
        var prefix = prefixes.FirstOrDefault(p => name.Length > p.Length && name.StartsWith(p, StringComparison.Ordinal));
        return prefix is null ? null : name[prefix.Length..];
    }

    private static DeliveryRejectedException Refuse(string file, string rule, string value, string message) =>
        new([new RowError(file, 0, "", rule, value.Length > 200 ? value[..200] : value, message)]);
}
