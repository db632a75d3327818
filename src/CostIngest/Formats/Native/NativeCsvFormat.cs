using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>A provider's own bill as CSV, brought to the meaning of FOCUS 1.4 by a mapping file and a few rules of its own.</summary>
public abstract class NativeCsvFormat : ILineFormat
{
    private readonly NativeMapping _mapping;
    private readonly int _linesPerRow;

    private protected NativeCsvFormat(NativeMapping mapping, int linesPerRow = 1)
    {
        _mapping = mapping;
        _linesPerRow = linesPerRow;
    }

    /// <inheritdoc/>
    public string Kind => _mapping.Kind;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Profiles => _mapping.Profiles.Descriptions;

    /// <inheritdoc/>
    public int MappingVersion => 2;

    /// <inheritdoc/>
    public int? LinesOfARow => _linesPerRow;

    /// <inheritdoc/>
    public FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(encoder);
        return NativeCsvReader.Read(_mapping, request, encoder, context => RowsOf(_mapping, context), (csv, _) => new CsvRecord(csv),
            VersionOf, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RawRow> ReadRows(ContentObject content, IReadOnlyList<long> rowNumbers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(rowNumbers);
        if (_linesPerRow == 1)
        {
            return RawRowReader.Read(content, rowNumbers, cancellationToken);
        }

        // Line n of the object was made from raw row (n + 1) / 2 when each row makes two lines.
        var raw = rowNumbers.Select(n => (n + _linesPerRow - 1) / _linesPerRow).ToList();
        var rows = RawRowReader.Read(content, [.. raw.Distinct()], cancellationToken).ToDictionary(r => r.RowNumber);
        return [.. raw.Select(n => rows[n])];
    }

    private protected abstract NativeRowReader RowsOf(NativeMapping mapping, NativeReadContext context);

    /// <summary>The variant of the format that the header shows.</summary>
    private protected abstract string VersionOf(NativeLayout layout);
}
