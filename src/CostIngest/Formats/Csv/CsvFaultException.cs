namespace CiCost.CostIngest.Formats.Csv;

/// <summary>The bytes are no CSV from here on: where the next record begins is unknown, so nothing after it can be read.</summary>
internal sealed class CsvFaultException(string rule, string message, string value = "") : Exception(message)
{
    /// <summary>The stable name of the broken rule.</summary>
    public string Rule { get; } = rule;

    /// <summary>The bytes in question, as text.</summary>
    public string Value { get; } = value;
}
