namespace CiCost.Accounting.Booking;

/// <summary>Deliveries that are refused unless somebody says that they are meant.</summary>
/// <param name="Empty">Without a row, in place of one with rows.</param>
/// <param name="Shorter">With fewer rows or days, in place of a longer one.</param>
/// <param name="OtherMonth">With rows that are not of the month.</param>
/// <param name="Repeated">With rows that another object has, too.</param>
public sealed record AcceptedDeliveries(bool Empty, bool Shorter, bool OtherMonth, bool Repeated)
{
    /// <summary>None of them.</summary>
    public static AcceptedDeliveries None { get; } = new(false, false, false, false);
}
