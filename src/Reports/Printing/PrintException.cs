namespace CiCost.Reports.Printing;

/// <summary>Why a report could not be printed.</summary>
public enum PrintFailure
{
    /// <summary>No browser is installed, or not where the setting says.</summary>
    BrowserMissing = 0,

    /// <summary>The browser, or the program that changes the user, did not start or ended at once.</summary>
    BrowserDidNotStart = 1,

    /// <summary>The browser ended while it was working.</summary>
    BrowserEnded = 2,

    /// <summary>The process that lays the page out crashed, twice.</summary>
    RendererCrashed = 3,

    /// <summary>It took longer than allowed.</summary>
    TimedOut = 4,

    /// <summary>
    /// The page asked for something from outside, broke its own security policy, or used a font that is not the report's.
    /// </summary>
    PageNotClean = 5,

    /// <summary>The browser refused a command or gave an answer that is no PDF.</summary>
    Protocol = 6,
}

/// <summary>A report was not printed; there is never half a report.</summary>
public sealed class PrintException(PrintFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public PrintFailure Failure { get; } = failure;
}
