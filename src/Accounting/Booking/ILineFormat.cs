using CiCost.Domain.Lines;

namespace CiCost.Accounting.Booking;

/// <summary>A format of bills, for example FOCUS CSV: reads the objects of a delivery into a <see cref="LineEncoder"/>.</summary>
public interface ILineFormat
{
    /// <summary>The name that <c>--kind</c> takes, for example <c>focus-csv</c>.</summary>
    string Kind { get; }

    /// <summary>The names that <c>--profile</c> takes, each with one line of what it tolerates.</summary>
    IReadOnlyDictionary<string, string> Profiles { get; }

    /// <summary>Changes when the same bytes would give other lines; part of a delivery's identity.</summary>
    int MappingVersion { get; }

    /// <summary>Lines that each row of a file makes; null when it differs from row to row: only reading the file tells.</summary>
    int? LinesOfARow => 1;

    /// <summary>Reads all objects in order. Row numbers run from 1 over all of them; a header is no row.</summary>
    /// <exception cref="DeliveryRejectedException">A row cannot be read and the source allows no quarantine, or a file is
    /// broken.</exception>
    /// <exception cref="LineLimitException">A limit was reached.</exception>
    FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken);

    /// <summary>Reads single raw rows again, for <c>explain</c>.</summary>
    /// <param name="content">The decompressed content of one object.</param>
    /// <param name="rowNumbers">
    /// Numbers inside the object as its lines are numbered, from 1, ascending; what a format makes of one row has several.
    /// </param>
    /// <returns>For each the row of the file that it was made from, with its raw fields
    /// by column name, as they stand in the file, after CSV unquoting.</returns>
    IReadOnlyList<RawRow> ReadRows(ContentObject content, IReadOnlyList<long> rowNumbers, CancellationToken cancellationToken);
}

/// <summary>One object of a delivery, ready to be read.</summary>
/// <param name="Name">The name to use in messages.</param>
/// <param name="Open">
/// Opens the decompressed bytes. The stream verifies the stored hash, the gzip checksums and the size limit and throws at the latest
/// when its end is read.
/// </param>
public sealed record ContentObject(string Name, Func<Stream> Open)
{
    /// <summary>All objects of its delivery, where one alone does not say how it is to be read; empty where it does.</summary>
    public IReadOnlyList<ContentObject> DeliveredWith { get; init; } = [];
}

/// <summary>What to read and how.</summary>
public sealed record FormatRequest
{
    /// <summary>The objects, in the order of the delivery.</summary>
    public required IReadOnlyList<ContentObject> Objects { get; init; }

    /// <summary>The profile, or null for none: then the file must be as its standard says.</summary>
    public string? Profile { get; init; }

    /// <summary>Which custom columns and tags are dimensions.</summary>
    public DimensionOptions Dimensions { get; init; } = DimensionOptions.None;

    /// <summary>What bounds the reader.</summary>
    public FormatLimits Limits { get; init; } = new();

    /// <summary>True when rows that cannot be read are set aside instead of refusing the delivery.</summary>
    public bool AllowQuarantine { get; init; }

    /// <summary>Told the number of rows read so far, every few thousand rows.</summary>
    public IProgress<long>? Progress { get; init; }
}

/// <summary>What bounds a reader: reaching a limit is a named error.</summary>
public sealed record FormatLimits
{
    /// <summary>The most columns in a file.</summary>
    public int MaxColumns { get; init; } = 1_000;

    /// <summary>The most bytes in one record, line breaks inside quotes included.</summary>
    public int MaxRecordBytes { get; init; } = 1024 * 1024;

    /// <summary>The most rows set aside before the delivery is refused all the same.</summary>
    public int MaxQuarantinedRows { get; init; } = 10_000;

    /// <summary>The most errors that a refusal lists.</summary>
    public int MaxReportedErrors { get; init; } = 50;
}

/// <summary>What a reader has to say beside the lines.</summary>
public sealed record FormatReport
{
    /// <summary>The version of the standard that the header shows, for example <c>1.2</c>.</summary>
    public required string FormatVersion { get; init; }

    /// <summary>Cost fields that were empty or null and count as 0.</summary>
    public long EmptyCosts { get; init; }

    /// <summary>Per object, in order, where its rows lie.</summary>
    public required IReadOnlyList<ObjectRows> Objects { get; init; }

    /// <summary>Which tolerances of the profile were used, how often, and where first.</summary>
    public IReadOnlyList<ToleranceUse> Tolerances { get; init; } = [];

    /// <summary>Rows set aside.</summary>
    public IReadOnlyList<RowError> Quarantined { get; init; } = [];
}

/// <summary>Where the rows of one object lie.</summary>
/// <param name="FirstRowNumber">In the delivery, from 1.</param>
/// <param name="RowCount">Data rows, quarantined ones included.</param>
/// <param name="ContentBytes">Decompressed size.</param>
/// <param name="Checkpoints">Byte offset in the decompressed content of every 10,000th row of the object: rows 1, 10,001, 20,001...</param>
public sealed record ObjectRows(uint FirstRowNumber, uint RowCount, long ContentBytes, IReadOnlyList<long> Checkpoints);

/// <summary>A tolerance that a profile granted.</summary>
/// <param name="Name">Its stable name, for example <c>null-literal</c>.</param>
/// <param name="Count">How many fields or rows.</param>
/// <param name="FirstRowNumber">In the delivery; 0 for the header.</param>
/// <param name="Example">The first value that needed it.</param>
public sealed record ToleranceUse(string Name, long Count, long FirstRowNumber, string Example);

/// <summary>One raw row.</summary>
/// <param name="RowNumber">The row of the file, from 1, a header not counted.</param>
/// <param name="ByteOffset">Where it begins in the decompressed content.</param>
/// <param name="Fields">Column name and text, in the order of the file.</param>
public sealed record RawRow(long RowNumber, long ByteOffset, IReadOnlyList<KeyValuePair<string, string>> Fields);
