namespace CiCost.Ledger;

/// <summary>The books cannot do what was asked, for a reason that the caller can mend; nothing was changed.</summary>
/// <param name="code">The stable name of the error; see docs/errors.md.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="cause">What it was found by; null when it was found by looking.</param>
public sealed class BooksException(string code, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>The stable name of the error.</summary>
    public string Code { get; } = code;
}
