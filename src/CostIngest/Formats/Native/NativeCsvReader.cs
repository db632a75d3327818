using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>Reads the CSV files of one delivery under a mapping.</summary>
internal static class NativeCsvReader
{
    /// <summary>Reads them in order.</summary>
    /// <param name="mapping">What the columns mean.</param>
    /// <param name="request">The files and how to read them.</param>
    /// <param name="encoder">Takes the lines.</param>
    /// <param name="rowsOf">Makes the rules of the format.</param>
    /// <param name="recordOf">Makes the record of a file.</param>
    /// <param name="versionOf">The variant of the format that a header shows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="separator">What stands between fields; null for a comma.</param>
    public static FormatReport Read(
        NativeMapping mapping, FormatRequest request, LineEncoder encoder, Func<NativeReadContext, NativeRowReader> rowsOf,
        Func<CsvTokenizer, NativeLayout, IRecord> recordOf, Func<NativeLayout, string> versionOf, CancellationToken cancellationToken,
        CsvSeparator? separator = null)
    {
        if (request.Objects.Count == 0)
        {
            throw new ArgumentException("A delivery has at least one object.", nameof(request));
        }

        var granted = mapping.Profiles.Grants(request.Profile);
        var errors = new ErrorLog(request.Limits, request.AllowQuarantine);
        var uses = new ToleranceLog(mapping.Profiles);
        var rows = rowsOf(new NativeReadContext(request, encoder, granted, uses, errors, cancellationToken));
        var objects = new List<ObjectRows>();
        var unread = new List<string>();
        NativeLayout? first = null;
        foreach (var content in request.Objects)
        {
            using var stream = content.Open();
            var csv = new CsvTokenizer(stream, request.Limits.MaxRecordBytes, separator: separator);
            var layout = ReadHeader(mapping, csv, content.Name, request, errors);
            first ??= layout;
            RefuseOtherColumns(first, request.Objects[0].Name, layout, content.Name);
            unread.AddRange(layout.Unread.Except(unread));
            encoder.BeginObject(content.Name);
            rows.Begin(recordOf(csv, layout), layout, content.Name);
            objects.Add(RowLoop.Read(csv, content.Name, rows, errors, request.Progress, cancellationToken));
        }

        rows.Finish();
        if (errors.IsRefused)
        {
            throw errors.Refusal(null);
        }

        UnreadColumns.Count(uses, unread);
        request.Progress?.Report(rows.RowCount);
        return new FormatReport
        {
            FormatVersion = versionOf(first!),
            EmptyCosts = rows.EmptyCosts,
            Objects = objects,
            Tolerances = uses.ToList(),
            Quarantined = errors.Quarantined,
        };
    }

    private static NativeLayout ReadHeader(
        NativeMapping mapping, CsvTokenizer csv, string file, FormatRequest request, ErrorLog errors)
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

        if (csv.FieldCount == 1 && CsvSeparator.Misread(CsvText.ForMessage(csv.Raw(0))) is { } misread)
        {
            throw errors.Refusal(new RowError(file, 0, "", "csv-separator", CsvText.ForMessage(csv.Raw(0)), misread
                + " Export it with commas, or describe it with a mapping that names the separator (docs/sources/mapped-csv.md)."));
        }

        return NativeLayout.Of(FocusHeader.ReadNames(csv, file, request.Limits.MaxColumns), file, mapping, request.Dimensions);
    }

    /// <summary>
    /// The parts of a delivery come from one export. Columns of tags, and others that no rule reads, may come and go between them: AWS's
    /// report has a column for each property of a product that is in the file.
    /// </summary>
    private static void RefuseOtherColumns(NativeLayout first, string firstFile, NativeLayout next, string file)
    {
        var others = next.Read.Except(first.Read).Concat(first.Read.Except(next.Read)).ToList();
        if (others.Count > 0)
        {
            var names = string.Join(", ", others);
            throw new DeliveryRejectedException([new RowError(file, 0, "", "header-parts-differ", names.Length > 200 ? names[..200] : names,
                $"The parts of one delivery must have the same columns, in any order; these are in only one of {firstFile} and this "
                    + "file. Deliver files of different exports under different sources.")]);
        }
    }
}
