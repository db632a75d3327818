using CiCost.Accounting.Funding;

namespace CiCost.Accounting.Presentation;

/// <summary>
/// A roll-forward of what is paid ahead, in cents, that foots as the exact one does (accounting.md, 9 and 10): opening and closing are rounded
/// once, so that a month opens with what the month before it closed with, and what is between them takes largest remainder.
/// </summary>
public sealed record RollForwardCents(long Opening, long Purchases, long Applied, long Refunded, long Expired, long Closing, long RefundedBeyond)
{
    /// <summary>The cents of a roll-forward: opening + purchases - applied - refunded - expired = closing.</summary>
    public static RollForwardCents Of(PrepaidRollForward exact)
    {
        ArgumentNullException.ThrowIfNull(exact);
        var (opening, closing) = (PresentationCube.RoundHalfEven(exact.OpeningNanos), PresentationCube.RoundHalfEven(exact.ClosingNanos));
        var moves = PresentationCube.CentsOf(
            [exact.PurchasedNanos, -exact.AppliedNanos, -exact.RefundedNanos, -exact.ExpiredNanos], closing - opening);
        return new RollForwardCents(
            opening, moves[0], -moves[1], -moves[2], -moves[3], closing, PresentationCube.RoundHalfEven(exact.RefundedBeyondNanos));
    }
}
