using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>
/// FOCUS 1.0 to 1.4 as CSV (dataset CostAndUsage), read exactly as the specification says or with the named tolerances of a profile,
/// and brought up to the meaning of FOCUS 1.4. Nothing is repaired silently: what a profile lets pass is counted and listed.
/// </summary>
public sealed class FocusCsvFormat : ILineFormat
{
    /// <inheritdoc/>
    public string Kind => "focus-csv";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Profiles => FocusProfiles.Instance.Descriptions;

    /// <inheritdoc/>
    public int MappingVersion => 2;

    /// <inheritdoc/>
    public FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(encoder);
        var granted = FocusProfiles.Instance.Grants(request.Profile);
        var errors = new ErrorLog(request.Limits, request.AllowQuarantine);
        var uses = new ToleranceLog(FocusProfiles.Instance);
        var rows = new FocusRowReader(encoder, request, granted, uses, errors);
        var objects = new List<ObjectRows>();
        FocusLayout? first = null;
        foreach (var content in request.Objects)
        {
            using var stream = content.Open();
            var csv = new CsvTokenizer(stream, request.Limits.MaxRecordBytes);
            var layout = ReadHeader(csv, content.Name, request, granted, errors, uses);
            first ??= layout;
            FocusHeader.RefuseOtherColumns(first, request.Objects[0].Name, layout, content.Name);
            encoder.BeginObject(content.Name);
            rows.Begin(csv, layout, content.Name);
            objects.Add(RowLoop.Read(csv, content.Name, rows, errors, request.Progress, cancellationToken));
        }

        if (errors.IsRefused)
        {
            throw errors.Refusal(null);
        }

        UnreadColumns.Count(uses, first?.Unread ?? []);
        request.Progress?.Report(rows.RowCount);
        return new FormatReport
        {
            FormatVersion = first?.Version ?? throw new ArgumentException("A delivery has at least one object.", nameof(request)),
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
        return RawRowReader.Read(content, rowNumbers, cancellationToken);
    }

    private static FocusLayout ReadHeader(
        CsvTokenizer csv, string file, FormatRequest request, Tolerance granted, ErrorLog errors, ToleranceLog uses)
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

        var names = FocusHeader.ReadNames(csv, file, request.Limits.MaxColumns);
        return FocusHeader.Judge(names, file, request, granted, errors, uses);
    }
}
