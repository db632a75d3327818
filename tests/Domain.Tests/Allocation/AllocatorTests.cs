using CiCost.Domain.Allocation;
using CiCost.TestKit;

namespace CiCost.Domain.Tests.Allocation;

public sealed class AllocatorTests
{
    private static readonly int CasesPerProperty = Counts.Of(10_000);

    [TestCaseSource(nameof(PropertyNames))]
    public void Allocate_RandomCases_Holds(string property)
    {
        var histogram = new Histogram();
        Properties.Hold(AllocatorCases.All, CasesPerProperty, c => CountedIn(histogram, c, property), AllocatorCases.Shrink);
        histogram.AssertEachAtLeast(percent: 5, leastCases: CasesPerProperty);
    }

    [Test]
    public void Allocate_RandomCases_EqualsTheSecondAllocator() => Properties.Hold(
        AllocatorCases.All,
        CasesPerProperty,
        c =>
        {
            var one = Allocator.Allocate(c.AmountNanos, c.Weights);
            var other = new AllocatorMutant(Mistake.None).Divide(c.AmountNanos, c.Weights);
            return one.Rule == other.Rule && one.Shares.SequenceEqual(other.Shares) ? null : $"{one} but {other}";
        },
        AllocatorCases.Shrink);

    [Test]
    public void EachMutant_WithOneMistake_ViolatesAProperty([Values] Mistake mistake)
    {
        var mutant = new AllocatorMutant(mistake);
        var violated = AllocatorProperties.All
            .Where(p => Properties.Falsify(AllocatorCases.All, CasesPerProperty, c => p.Value(mutant.Divide, c)) is not null)
            .Select(p => p.Key).ToArray();

        TestContext.Out.WriteLine($"{mistake}: {string.Join(", ", violated)}");
        Assert.That(violated, mistake == Mistake.None ? Is.Empty : Is.Not.Empty);
    }

    [Test]
    public void Allocate_Ties_FallInOrderOfKeys()
    {
        var result = Allocator.Allocate(2, [new("c", 1), new("b", 1), new("a", 1)]);

        Assert.That(result.Shares.Select(s => $"{s.Key}:{s.AmountNanos}"), Is.EqualTo(["a:1", "b:1", "c:0"]));
        Assert.That((result.Rule, result.RemainderUnits), Is.EqualTo((RemainderRule.LargestRemainder, 2)));
    }

    [Test]
    public void Allocate_LargestAmountAndWeights_IsExact()
    {
        var weight = (Int128)1 << 63;
        var result = Allocator.Allocate(long.MinValue, [new("a", weight), new("b", weight), new("c", weight)]);

        long[] expected = [-3_074_457_345_618_258_603, -3_074_457_345_618_258_603, -3_074_457_345_618_258_602];
        Assert.That(result.Shares.Select(s => (long)s.AmountNanos), Is.EqualTo(expected));
    }

    [TestCase(5)]
    [TestCase(-5)]
    [TestCase(0)]
    public void Allocate_NobodyOrZeroWeights_GoesToUnallocated(long amount)
    {
        var nobody = Allocator.Allocate(amount, []);
        var zero = Allocator.Allocate(amount, [new("Meta", 0), new("AWS", 0)]);

        Assert.That(nobody.Shares.Select(s => (s.Key, (long)s.AmountNanos)), Is.EqualTo([(Allocator.Unallocated, amount)]));
        Assert.That(
            zero.Shares.Select(s => (s.Key, (long)s.AmountNanos)),
            Is.EqualTo([("AWS", 0L), ("Meta", 0L), (Allocator.Unallocated, amount)]));
        Assert.That(nobody.Rule, Is.EqualTo(RemainderRule.AllUnallocated));
    }

    [Test]
    public void Allocate_NegativeWeight_NamesThePartyAndTheWeight() => Assert.That(
        () => Allocator.Allocate(1, [new("Meta", -3)]),
        Throws.ArgumentException.With.Message.Contains("'Meta'").And.Message.Contains("-3"));

    [TestCase("")]
    [TestCase(Allocator.Unallocated)]
    public void Allocate_KeyThatIsNoName_Throws(string key) =>
        Assert.That(() => Allocator.Allocate(1, [new(key, 1)]), Throws.ArgumentException);

    [Test]
    public void Allocate_OneKeyTwice_NamesIt() => Assert.That(
        () => Allocator.Allocate(1, [new("AWS", 1), new("Meta", 1), new("AWS", 2)]),
        Throws.ArgumentException.With.Message.Contains("'AWS'"));

    [Test]
    public void Allocate_SumOfWeightsBeyond128Bits_Throws() => Assert.That(
        () => Allocator.Allocate(1, [new("a", Int128.MaxValue), new("b", 1)]),
        Throws.TypeOf<OverflowException>());

    private static IEnumerable<string> PropertyNames() => AllocatorProperties.All.Keys;

    private static string? CountedIn(Histogram histogram, AllocatorCase c, string property)
    {
        var shares = Allocator.Allocate(c.AmountNanos, c.Weights).Shares;
        var heavy = c.Weights.Where(w => w.Weight > 0).ToArray();
        histogram.Count(
            ("negative amount", c.AmountNanos < 0),
            ("a zero weight", heavy.Length < c.Weights.Length && heavy.Length > 0),
            ("all weights zero", c.Weights.Length > 0 && heavy.Length == 0),
            ("tie", heavy.Length > heavy.Select(w => w.Weight).Distinct().Count() && shares.Any(s => s.HasRemainderUnit)),
            ("amount at the edge", c.AmountNanos <= long.MinValue + 1 || c.AmountNanos >= long.MaxValue - 1),
            ("weight at the edge", c.Weights.Any(w => w.Weight >= long.MaxValue)),
            ("empty", c.Weights.Length == 0));
        return AllocatorProperties.All[property](Allocator.Allocate, c);
    }
}
