namespace CiCost.Domain.Lines;

/// <summary>A delivery is larger than a limit allows. Nothing of it is booked.</summary>
/// <param name="limit">The name of the limit.</param>
/// <param name="value">Its value.</param>
/// <param name="rowNumber">The row at which it was reached, from 1, in the delivery.</param>
/// <param name="file">The file of that row; empty when it is not known.</param>
public sealed class LineLimitException(string limit, long value, long rowNumber, string file = "")
    : Exception($"{(file.Length == 0 ? "Row" : $"{file}: row")} {rowNumber} reaches the limit {limit} = {value}. Nothing was booked. "
        + "If the file is right, raise the limit in the configuration.")
{
    /// <summary>The name of the limit.</summary>
    public string Limit { get; } = limit;

    /// <summary>The row at which it was reached, from 1.</summary>
    public long RowNumber { get; } = rowNumber;
}
