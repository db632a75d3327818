using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>Takes the rows of a file one by one, from where its tokenizer stands.</summary>
internal interface IRowTaker
{
    /// <summary>Rows so far in the whole delivery, as its lines are numbered.</summary>
    long RowCount { get; }

    /// <summary>Records so far in this file, the header not counted.</summary>
    long RowInFile { get; }

    /// <summary>Takes the record that the tokenizer stands at.</summary>
    void Take();

    /// <summary>Takes an empty line that stands between rows.</summary>
    void TakeBlankLine();
}

/// <summary>Runs through the rows of one file.</summary>
internal static class RowLoop
{
    private const long RowsPerCheckpoint = 10_000;

    /// <summary>Rows between two looks at the cancellation token and two reports of progress.</summary>
    private const long RowsPerReport = 8192;

    /// <summary>Hands every record to <paramref name="rows"/>; only the last line of a file may be empty.</summary>
    public static ObjectRows Read<T>(
        CsvTokenizer csv, string file, T rows, ErrorLog errors, IProgress<long>? progress, CancellationToken cancellationToken)
        where T : class, IRowTaker
    {
        var firstRow = rows.RowCount + 1;
        var checkpoints = new List<long>();
        var blankAt = -1L;
        try
        {
            while (csv.Read())
            {
                if (blankAt >= 0)
                {
                    Mark(blankAt);
                    rows.TakeBlankLine();
                    blankAt = -1;
                }

                if (csv.IsBlank)
                {
                    blankAt = csv.RecordOffset;
                    continue;
                }

                Mark(csv.RecordOffset);
                rows.Take();
                if (rows.RowCount % RowsPerReport == 0)
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

        return new ObjectRows((uint)firstRow, (uint)(rows.RowCount + 1 - firstRow), csv.BytesRead, checkpoints);

        void Mark(long offset)
        {
            if ((rows.RowCount + 1 - firstRow) % RowsPerCheckpoint == 0)
            {
                checkpoints.Add(offset);
            }
        }
    }
}
