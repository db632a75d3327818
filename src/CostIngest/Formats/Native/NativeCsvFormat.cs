using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
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
    public int MappingVersion => 1;

    /// <inheritdoc/>
    public FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(encoder);
        if (request.Objects.Count == 0)
        {
            throw new ArgumentException("A delivery has at least one object.", nameof(request));
        }

        var granted = _mapping.Profiles.Grants(request.Profile);
        var errors = new ErrorLog(request.Limits, request.AllowQuarantine);
        var uses = new ToleranceLog(_mapping.Profiles);
        var rows = RowsOf(_mapping, new NativeReadContext(request, encoder, granted, uses, errors));
        var objects = new List<ObjectRows>();
        NativeLayout? first = null;
        foreach (var content in request.Objects)
        {
            using var stream = content.Open();
            var csv = new CsvTokenizer(stream, request.Limits.MaxRecordBytes);
            var layout = ReadHeader(csv, content.Name, request, errors);
            first ??= layout;
            RefuseOtherColumns(first, request.Objects[0].Name, layout, content.Name);
            rows.Begin(new CsvRecord(csv), layout, content.Name);
            objects.Add(RowLoop.Read(csv, content.Name, rows, errors, request.Progress, cancellationToken));
        }

        rows.Finish();
        if (errors.IsRefused)
        {
            throw errors.Refusal(null);
        }

        request.Progress?.Report(rows.RowCount);
        return new FormatReport
        {
            FormatVersion = VersionOf(first!),
            EmptyCosts = rows.EmptyCosts,
            Objects = objects,
            Tolerances = uses.ToList(),
            Quarantined = errors.Quarantined,
        };
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

    private NativeLayout ReadHeader(CsvTokenizer csv, string file, FormatRequest request, ErrorLog errors)
    {
        try
        {
            // A stream with content has a first record; an empty one is a fault.
            csv.Read();
        }
        catch (CsvFaultException fault)
        {
            throw errors.Refusal(new RowError(file, 0, "", fault.Rule, fault.Value, fault.Message));
        }

        return NativeLayout.Of(FocusHeader.ReadNames(csv, file, request.Limits.MaxColumns), file, _mapping, request.Dimensions);
    }

    /// <summary>The parts of a delivery come from one export. Tag columns may come and go between them.</summary>
    private void RefuseOtherColumns(NativeLayout first, string firstFile, NativeLayout next, string file)
    {
        var others = next.Names.Except(first.Names).Concat(first.Names.Except(next.Names))
            .Where(n => !_mapping.TagPrefixes.Any(p => n.StartsWith(p, StringComparison.Ordinal))).ToList();
        if (others.Count > 0)
        {
            var names = string.Join(", ", others);
            throw new DeliveryRejectedException([new RowError(file, 0, "", "header-parts-differ", names.Length > 200 ? names[..200] : names,
                $"The parts of one delivery must have the same columns, in any order; these are in only one of {firstFile} and this "
                    + "file. Deliver files of different exports under different sources.")]);
        }
    }
}
