using System.Globalization;
using CiCost.Accounting.Booking;

namespace CiCost.Cli.Output;

/// <summary>One line on standard error that says how far a booking is; nothing when standard error is no terminal.</summary>
internal sealed class ProgressLine : IProgress<BookingProgress>, IDisposable
{
    // Standard error itself: what others write goes through a writer that lets no escape sequence pass.
    private readonly StreamWriter? _terminal = Console.IsErrorRedirected ? null : new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
    private bool _isShown;

    public void Report(BookingProgress value)
    {
        if (_terminal is null)
        {
            return;
        }

        var rows = value.Rows == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {value.Rows:#,##0} rows");
        _terminal.Write($"\r{value.Step}{rows}\u001b[K");
        _isShown = true;
    }

    public void Dispose()
    {
        if (_isShown)
        {
            _terminal?.Write("\r\u001b[K");
            _isShown = false;
        }
    }
}
