using CiCost.CostIngest.Formats.Csv;
using CiCost.CostIngest.Formats.Native;

namespace CiCost.CostIngest.Formats.MappedCsv;

/// <summary>A CSV record whose numbers read as FOCUS writes them; messages show them as they stand in the file.</summary>
internal sealed class MappedRecord(CsvTokenizer csv, NumberForm numbers, IReadOnlySet<int> numeric) : IRecord
{
    private readonly CsvRecord _record = new(csv);
    private byte[] _scratch = new byte[256];

    public int FieldCount => _record.FieldCount;

    public ReadOnlySpan<byte> Raw(int field) => _record.Raw(field);

    public ReadOnlySpan<byte> Value(int field)
    {
        var value = _record.Value(field);
        if (numbers.IsPlain || value.IsEmpty || !numeric.Contains(field))
        {
            return value;
        }

        if (_scratch.Length <= value.Length)
        {
            _scratch = new byte[value.Length * 2];
        }

        return numbers.Plain(value, _scratch);
    }

    public bool IsQuoted(int field) => _record.IsQuoted(field);

    public ReadOnlySpan<byte> RawRecord() => _record.RawRecord();
}
