using CiCost.Accounting.Presentation;
using CiCost.Domain.Attribution;

namespace CiCost.Accounting.Tests.Presentation;

/// <summary>The one definition of Indicative (accounting.md, 14, as amended).</summary>
public sealed class IndicativeTests
{
    [TestCase(80, 20, 0, false, Description = "80 % is enough")]
    [TestCase(79, 21, 0, true)]
    [TestCase(0, 100, 0, true, Description = "billed is not invoiced")]
    [TestCase(-100, 0, 0, false, Description = "negative and all of it invoiced")]
    [TestCase(-50, 100, 0, true, Description = "absolute: 50 of 150")]
    [TestCase(100, 0, -60, true, Description = "absolute: 100 of 160")]
    [TestCase(0, 0, 0, false, Description = "nothing is not indicative")]
    public void Figures_BelowFourFifthsInvoiced_AreIndicative(long invoiced, long billed, long estimated, bool expected) =>
        Assert.That(Indicative.Is([(CostBasis.Billed, billed), (CostBasis.Invoiced, invoiced), (CostBasis.Estimated, estimated)]),
            Is.EqualTo(expected));
}
