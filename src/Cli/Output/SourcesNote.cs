namespace CiCost.Cli.Output;

/// <summary>Says under figures which sources are stale or silent: what the figures may lack.</summary>
internal static class SourcesNote
{
    public static void Write(SourcesInShort sources)
    {
        foreach (var source in sources.NotFresh.Where(s => s.State is "stale" or "silent"))
        {
            Console.Out.WriteLine($"{source.State}: {source.Source}: {source.Message}");
        }
    }
}
