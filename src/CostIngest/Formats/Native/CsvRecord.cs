using CiCost.CostIngest.Formats.Csv;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>The record that a tokenizer stands at.</summary>
internal sealed class CsvRecord(CsvTokenizer csv) : IRecord
{
    private CsvText _unquoted;

    public int FieldCount => csv.FieldCount;

    public ReadOnlySpan<byte> Raw(int field) => csv.Raw(field);

    public ReadOnlySpan<byte> Value(int field) => _unquoted.Value(csv.Raw(field));

    public bool IsQuoted(int field) => csv.Raw(field) is [(byte)'"', ..];

    public ReadOnlySpan<byte> RawRecord() => csv.RawRecord();
}
