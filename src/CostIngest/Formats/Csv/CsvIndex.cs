namespace CiCost.CostIngest.Formats.Csv;

/// <summary>What breaks the form of a CSV file at a byte.</summary>
internal enum CsvFault
{
    None,

    /// <summary>A quote inside a field that does not begin with one.</summary>
    StrayQuote,

    /// <summary>Something else than a comma or a line end after a closing quote.</summary>
    TextAfterQuote,

    /// <summary>A byte 0.</summary>
    Nul,
}

/// <summary>Where the fields and records of a stretch of bytes end. Reused; its arrays grow with the stretch.</summary>
internal sealed class CsvIndex
{
    /// <summary>Room for the unconditional writes of <see cref="CsvScanner"/> behind the last entry.</summary>
    private const int Slack = 64;

    /// <summary>Position of the comma or line feed that ends each field.</summary>
    public int[] FieldEnds { get; private set; } = [];

    /// <summary>For each record, the index in <see cref="FieldEnds"/> of its last field.</summary>
    public int[] RecordEnds { get; private set; } = [];

    /// <summary>Fields found.</summary>
    public int FieldCount { get; set; }

    /// <summary>Complete records found.</summary>
    public int RecordCount { get; set; }

    /// <summary>The first fault; the records before it are good.</summary>
    public CsvFault Fault { get; set; }

    /// <summary>Where the fault is.</summary>
    public int FaultPosition { get; set; }

    /// <summary>Does the stretch end inside quotes?</summary>
    public bool EndsInQuotes { get; set; }

    /// <summary>Forgets everything and makes room for a stretch of this many bytes.</summary>
    public void Reset(int length)
    {
        if (FieldEnds.Length < length + Slack)
        {
            FieldEnds = new int[length + Slack];
            RecordEnds = new int[length + Slack];
        }

        FieldCount = 0;
        RecordCount = 0;
        Fault = CsvFault.None;
        FaultPosition = -1;
        EndsInQuotes = false;
    }
}
