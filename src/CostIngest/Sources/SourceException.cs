namespace CiCost.CostIngest.Sources;

/// <summary>A pull that cannot go on. Nothing of the offer was booked; the next run starts from what the books hold.</summary>
public sealed class SourceException : Exception
{
    /// <summary>Makes the refusal.</summary>
    /// <param name="code">Its stable name, a section of docs/errors.md.</param>
    /// <param name="message">What happened, where, and what to do. Never a secret.</param>
    /// <param name="inner">What caused it.</param>
    public SourceException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>The stable name.</summary>
    public string Code { get; }
}
