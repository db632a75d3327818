using System.Globalization;
using System.Text.Json;
using CiCost.Domain.Attribution;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Money;
using CiCost.TestKit;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.JobCosting;

/// <summary>Seconds x rate, against Python's decimal; GPUs in labels.</summary>
public sealed class RateCardTests
{
    private static readonly int Cases = Counts.Of(10_000);

    private const string Python = """
        import json, sys
        from decimal import Decimal, getcontext, ROUND_HALF_EVEN
        getcontext().prec = 60
        for seconds, milli, rate in json.load(sys.stdin):
            cost = Decimal(seconds) * Decimal(milli) * Decimal(rate) / Decimal(3600000)
            print(format(cost.quantize(Decimal(1).scaleb(-18), rounding=ROUND_HALF_EVEN), 'f'))
        """;

    private static readonly RateCard Card = new()
    {
        Id = "gpu",
        Labels = new LinearPattern("gpu(?:[.](?<gpus>[0-9]+))?"),
        FromDay = 100,
        ToDay = 200,
        Unit = RateUnit.GpuHour,
        RateNanos = 2_250_000_000,
        Currency = "USD",
        Method = ValuationMethod.DonorStated,
        Evidence = "test",
    };

    [Test]
    public async Task Cost_OfAnySecondsAndRate_IsPythonsDecimal()
    {
        var histogram = new Histogram();
        var cases = Gen.Sample(
            from seconds in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 86_400)), (2, Gen.Choose(1, int.MaxValue)))
            from milli in Gen.Elements(1, 125, 500, 1000, 2000, 8000, 333)
            from rate in Gen.Frequency((1, Gen.Elements(1L, 7L, 1_000_000_000_000_000)), (1, Gen.Constant(0L)),
                (4, Gen.Choose(1, int.MaxValue).Select(n => n * 37L)))
            select (seconds, milli, rate), Cases, new FsCheck.Rnd((ulong)Counts.Seed()), Cases).ToArray();
        var input = JsonSerializer.Serialize(cases.Select(c =>
            new object[] { c.seconds, c.milli, (c.rate / 1_000_000_000m).ToString(CultureInfo.InvariantCulture) }));
        var expected = (await PythonTool.RunAsync(Python, input)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(expected, Has.Length.EqualTo(Cases));
        var wrong = new List<string>();
        foreach (var ((seconds, milli, rate), python) in cases.Zip(expected))
        {
            var ours = DecimalText.OfAttos((Card with { MilliGpus = milli, RateNanos = rate }).CostAttos("gpu", seconds));
            var isWhole = (Int128)seconds * milli * rate * 1_000_000_000 % 3_600_000 == 0;
            histogram.Count(("zero seconds", seconds == 0), ("zero rate", rate == 0), ("a part of a GPU", milli < 1000),
                ("several GPUs", milli > 1000), ("over a day", seconds > 86_400), ("rounded", !isWhole));
            if (Normal(ours) != Normal(python))
            {
                wrong.Add($"{seconds} s x {milli} x {rate}: {ours}, python {python}");
            }
        }

        histogram.AssertEachAtLeast(5, Cases);
        Assert.That(wrong, Is.Empty);
    }

    [TestCase("linux.gpu", null, 1000)]
    [TestCase("linux.gpu.4", null, 4000)]
    [TestCase("linux.gpu.8", null, 8000)]
    [TestCase("linux.gpu.8", 500, 500, Description = "the rate says half a GPU: the number in the label does not count")]
    public void Gpus_OfALabel_AreItsNumberOrTheRates(string label, int? milli, int expected) =>
        Assert.That((Card with { MilliGpus = milli }).MilliGpusOf(label), Is.EqualTo(expected));

    [Test]
    public void Hour_OfAGpuLabel_CostsTheRateTimesItsGpus_AJobHourCostsTheRate() => Assert.Multiple(() =>
    {
        Assert.That(DecimalText.OfAttos(Card.CostAttos("gpu.4", 3600)), Is.EqualTo("9"));
        Assert.That(DecimalText.OfAttos((Card with { Unit = RateUnit.JobHour }).CostAttos("gpu.4", 3600)), Is.EqualTo("2.25"));
        Assert.That(DecimalText.OfAttos((Card with { MilliGpus = 500 }).CostAttos("gpu", 3600)), Is.EqualTo("1.125"));
    });

    [Test]
    public void Label_WithNoGpu_StillCostsSomething() => Assert.That(
        Card.MilliGpusOf("linux.gpu.0"), Is.EqualTo(1000), "a job that held a machine never costs nothing");

    [TestCase("gpu", 99, false)]
    [TestCase("gpu", 100, true)]
    [TestCase("gpu", 199, true)]
    [TestCase("gpu", 200, false)]
    [TestCase("cpu", 150, false)]
    public void Rate_CoversItsLabelsOnItsDays(string label, int day, bool expected) =>
        Assert.That(Card.Covers(label, day), Is.EqualTo(expected));

    private static string Normal(string amount) =>
        amount.Contains('.', StringComparison.Ordinal) ? amount.TrimEnd('0').TrimEnd('.') : amount;
}
