namespace CiCost.Cli.Output;

/// <summary>Says under figures which sources are stale, silent or old: what the figures may lack.</summary>
internal static class SourcesNote
{
    public static void Write(SourcesInShort sources)
    {
        foreach (var source in sources.NotFresh.Where(s => s.State is "stale" or "silent"))
        {
            Console.Out.WriteLine($"{source.State}: {source.Source}: {source.Message}");
        }

        var old = sources.NotFresh.Where(s => s.State == "old").Select(s => s.Source).ToList();
        if (old.Count > 0)
        {
            Console.Out.WriteLine($"old: there is no new data of {string.Join(", ", old)}; 'cicost sources' says since when.");
        }
    }
}
