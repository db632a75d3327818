namespace CiCost.CostIngest.Sources.Google;

/// <summary>Values in the CSV files that these sources write.</summary>
internal static class CsvValue
{
    /// <summary>With quotes where they are needed.</summary>
    public static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
