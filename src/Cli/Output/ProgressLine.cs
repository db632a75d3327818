using System.Globalization;
using CiCost.Accounting.Booking;

namespace CiCost.Cli.Output;

/// <summary>One line on standard error that says how far a booking is; nothing when standard error is no terminal.</summary>
internal sealed class ProgressLine : IProgress<BookingProgress>, IDisposable
{
    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private bool _isShown;

    public void Report(BookingProgress value)
    {
        if (!_isTerminal)
        {
            return;
        }

        var rows = value.Rows == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {value.Rows:#,##0} rows");
        Console.Error.Write($"\r{value.Step}{rows}\u001b[K");
        _isShown = true;
    }

    public void Dispose()
    {
        if (_isShown)
        {
            Console.Error.Write("\r\u001b[K");
            _isShown = false;
        }
    }
}
