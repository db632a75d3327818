namespace CiCost.Accounting.Costs;

/// <summary>The names of metrics in questions and answers: <c>BorneOutside</c> is <c>borne-outside</c>.</summary>
public static class CostMetrics
{
    private static readonly Dictionary<CostMetric, string> Texts = Enum.GetValues<CostMetric>().ToDictionary(m => m, m
        => string.Concat(m.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString())));

    /// <summary>All names, in the order of <see cref="CostMetric"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<CostMetric>().Select(Text)];

    /// <summary>The name of a metric.</summary>
    public static string Text(CostMetric metric) => Texts[metric];

    /// <summary>The metric of one of <see cref="Names"/>; case does not matter.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static CostMetric Parse(string name)
    {
        foreach (var (metric, text) in Texts)
        {
            if (string.Equals(text, name, StringComparison.OrdinalIgnoreCase))
            {
                return metric;
            }
        }

        throw new ArgumentException($"'{name}' is no metric. Known: {string.Join(", ", Names)}.", nameof(name));
    }
}
