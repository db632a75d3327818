namespace CiCost.Accounting.Checks;

/// <summary>The active codes of ISO 4217.</summary>
internal static class CurrencyList
{
    private static readonly HashSet<string> Codes = Load();

    public static bool Contains(string code) => Codes.Contains(code);

    private static HashSet<string> Load()
    {
        using var stream = typeof(CurrencyList).Assembly.GetManifestResourceStream("CiCost.Accounting.Checks.iso-4217.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l
            => !l.StartsWith('#'))];
    }
}
