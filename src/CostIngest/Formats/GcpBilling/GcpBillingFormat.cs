using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Json;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.GcpBilling;

/// <summary>
/// Google's billing export of BigQuery, standard or detailed, as JSON lines. A row makes one line for its cost before credits, and then
/// one for each of its credits in their order.
/// </summary>
public sealed class GcpBillingFormat : ILineFormat
{
    private const int RowsPerReport = 8192;
    private const uint LinesPerCheckpoint = 10_000;
    private static readonly Lazy<NativeMapping> Mapping = new(() => NativeMapping.Load("GcpBilling"));
    private static readonly Lazy<string[]> Names = new(() => [.. Mapping.Value.Columns.SelectMany(c => c.Native).Distinct()]);

    /// <inheritdoc/>
    public string Kind => Mapping.Value.Kind;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Profiles => Mapping.Value.Profiles.Descriptions;

    /// <inheritdoc/>
    public int MappingVersion => 2;

    /// <inheritdoc/>
    public int? LinesOfARow => null;

    /// <inheritdoc/>
    public FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(encoder);
        var granted = Mapping.Value.Profiles.Grants(request.Profile);
        var errors = new ErrorLog(request.Limits, request.AllowQuarantine);
        var uses = new ToleranceLog(Mapping.Value.Profiles);
        var record = new GcpRecord(Names.Value);
        var rows = new GcpBillingRows(
            Mapping.Value, new NativeReadContext(request, encoder, granted, uses, errors, cancellationToken), record);
        var unread = new List<string>();
        var objects = new List<ObjectRows>();
        foreach (var content in request.Objects)
        {
            using var stream = content.Open();
            var lines = new JsonLines(stream, request.Limits.MaxRecordBytes);
            encoder.BeginObject(content.Name);
            rows.Begin(record, NativeLayout.Of([.. Names.Value], content.Name, Mapping.Value, request.Dimensions), content.Name);
            objects.Add(ReadObject(lines, content.Name, record, rows, errors, request.Progress, cancellationToken));
            unread.AddRange(record.OtherColumns().Where(n => !Mapping.Value.Unread.Contains(NativeLayout.Plain(n))).Except(unread));
        }

        if (errors.IsRefused)
        {
            throw errors.Refusal(null);
        }

        UnreadColumns.Count(uses, unread);
        request.Progress?.Report(rows.RowCount);
        return new FormatReport
        {
            FormatVersion = record.IsDetailed ? "detailed" : "standard",
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
        using var stream = content.Open();
        var lines = new JsonLines(stream, new FormatLimits().MaxRecordBytes);
        var record = new GcpRecord(Names.Value);
        var found = new List<RawRow>(rowNumbers.Count);
        var (row, line) = (0L, 0L);
        while (found.Count < rowNumbers.Count && lines.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            record.Load(lines.Line);
            row++;
            line += 1 + record.Credits.Count;
            while (found.Count < rowNumbers.Count && rowNumbers[found.Count] <= line)
            {
                found.Add(new RawRow(row, lines.Offset, [.. record.Names.Select((name, i)
                    => new KeyValuePair<string, string>(name, System.Text.Encoding.UTF8.GetString(record.Value(i))))]));
            }
        }

        return found.Count == rowNumbers.Count
            ? found
            : throw new ArgumentException(
                $"{content.Name} makes {line} lines; line {rowNumbers[found.Count]} is not among them.", nameof(rowNumbers));
    }

    private static ObjectRows ReadObject(
        JsonLines lines, string file, GcpRecord record, GcpBillingRows rows, ErrorLog errors, IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        var firstLine = rows.RowCount + 1;
        List<long> checkpoints = [];
        try
        {
            while (lines.Read())
            {
                record.Load(lines.Line);

                // The line that a checkpoint is due for may be one of the row's credits.
                while ((long)checkpoints.Count * LinesPerCheckpoint <= rows.RowCount + record.Credits.Count + 1 - firstLine)
                {
                    checkpoints.Add(lines.Offset);
                }

                rows.Take();
                if (rows.RowInFile % RowsPerReport == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report(rows.RowCount);
                }
            }
        }
        catch (CsvFaultException fault)
        {
            throw errors.Refusal(new RowError(file, rows.RowInFile + 1, "", fault.Rule, fault.Value, fault.Message));
        }

        return new ObjectRows((uint)firstLine, (uint)(rows.RowCount + 1 - firstLine), lines.BytesRead, checkpoints);
    }
}
