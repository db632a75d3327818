namespace CiCost.CostIngest.Formats.Native;

/// <summary>One row of a file as fields by number, whatever the file's form is. Its spans are valid until the next row or call.</summary>
internal interface IRecord
{
    /// <summary>Fields in the row.</summary>
    int FieldCount { get; }

    /// <summary>The bytes of a field as they stand in the file.</summary>
    ReadOnlySpan<byte> Raw(int field);

    /// <summary>The bytes of a field's value: without quotes and escapes.</summary>
    ReadOnlySpan<byte> Value(int field);

    /// <summary>Is the value marked off, so that any character in it is meant?</summary>
    bool IsQuoted(int field);

    /// <summary>The bytes of the whole row.</summary>
    ReadOnlySpan<byte> RawRecord();
}
