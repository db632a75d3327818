using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.TestKit;
using FsCheck.Fluent;

namespace CiCost.Accounting.Tests.Presentation;

/// <summary>What is paid ahead, in cents: every row foots, and a month opens with what the one before it closed with.</summary>
public sealed class RollForwardCentsTests
{
    private static readonly int Cases = Counts.Of(10_000);

    /// <summary>Rounded alone, 0.00 + 0.01 - 0.00 - 0.00 - 0.00 would be 0.00.</summary>
    [Test]
    public void Parts_OfLessThanACent_AddUpToTheClosingThatIsPrinted()
    {
        var cents = RollForwardCents.Of(Exact(0, 6_000_000, 3_000_000, 0, 0));
        Assert.That(cents, Is.EqualTo(new RollForwardCents(0, 0, 0, 0, 0, 0, 0)));
    }

    [Test]
    public void Cents_OfAnyMovements_FootAndStayWithinACent() => Properties.Hold(
        Gen.Choose(-50_000_000, 1_000_000_000).ArrayOf(5),
        Cases,
        m =>
        {
            var exact = Exact(m[0], m[1], m[2], m[3], m[4]);
            var cents = RollForwardCents.Of(exact);
            var near = new[]
            {
                (cents.Opening, exact.OpeningNanos), (cents.Purchases, exact.PurchasedNanos), (cents.Applied, exact.AppliedNanos),
                (cents.Refunded, exact.RefundedNanos), (cents.Expired, exact.ExpiredNanos), (cents.Closing, exact.ClosingNanos),
            };
            return cents.Opening + cents.Purchases - cents.Applied - cents.Refunded - cents.Expired != cents.Closing ? $"{cents} does not foot"
                : cents.Opening != PresentationCube.RoundHalfEven(exact.OpeningNanos) ? "the opening is not what the month before closed with"
                : near.Any(n => Int128.Abs((n.Item1 * (Int128)PresentationCube.NanosPerCent) - n.Item2) > 2 * (Int128)PresentationCube.NanosPerCent)
                    ? $"{cents} is far from {exact}"
                : null;
        });

    private static PrepaidRollForward Exact(Int128 opening, Int128 purchased, Int128 applied, Int128 refunded, Int128 expired) => new(
        "account", "USD", "plan", opening, purchased, applied, refunded, expired, opening + purchased - applied - refunded - expired, 0);
}
