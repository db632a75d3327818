namespace CiCost.Domain.Lines;

/// <summary>Why a row of a bill could not be read, in the words of the person who has to mend it.</summary>
/// <param name="File">The file's name as it was given.</param>
/// <param name="RowNumber">From 1, the first row after the header; 0 for the header or the file as a whole.</param>
/// <param name="Column">The column's name in the file; empty when the row as a whole is meant.</param>
/// <param name="Rule">The stable name of the broken rule, for example <c>charge-period-start-not-utc</c>; see docs/errors.md.</param>
/// <param name="Value">The offending text, cut at 200 characters.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record RowError(string File, long RowNumber, string Column, string Rule, string Value, string Message)
{
    /// <summary>One line: file, row, column, value, message.</summary>
    public override string ToString()
    {
        var row = RowNumber == 0 ? "header" : $"row {RowNumber}";
        var column = Column.Length == 0 ? "" : $", column {Column}";
        var value = Value.Length == 0 ? "" : $", value '{Value}'";
        return $"{File}: {row}{column}{value}: {Message} [{Rule}]";
    }
}
