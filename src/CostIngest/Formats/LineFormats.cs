using CiCost.Accounting.Booking;

namespace CiCost.CostIngest.Formats;

/// <summary>The formats that this program reads.</summary>
public static class LineFormats
{
    /// <summary>One instance of each.</summary>
    public static IReadOnlyList<ILineFormat> All() => [new Focus.FocusCsvFormat()];
}
