using System.Globalization;
using System.Text;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Tests.Lines;

public sealed class Hash128Tests
{
    [Test]
    public void Append_AnotherCutOfTheSameText_Differs()
    {
        var texts = new[] { ("ab", "c"), ("a", "bc"), ("abc", ""), ("", "abc") };

        Assert.That(texts.Select(t => Hash128.Seed.Append(Utf8(t.Item1)).Append(Utf8(t.Item2))), Is.Unique);
    }

    [Test]
    public void Append_ZerosOfAnyLength_Differ() =>
        Assert.That(Enumerable.Range(0, 200).Select(length => Hash128.Seed.Append(new byte[length])), Is.Unique);

    [Test]
    public void Append_AMillionShortTexts_NeverCollideInEitherLane()
    {
        var low = new HashSet<ulong>();
        var high = new HashSet<ulong>();
        for (var i = 0; i < 1_000_000; i++)
        {
            var hash = Hash128.Seed.Append(Utf8((i % 2 == 0 ? "i-" : "vol-") + i.ToString("x", CultureInfo.InvariantCulture)));
            low.Add(hash.Low);
            high.Add(hash.High);
        }

        Assert.That((low.Count, high.Count), Is.EqualTo((1_000_000, 1_000_000)));
    }

    [Test]
    public void Append_OneFlippedBit_FlipsAboutHalfOfAllBits()
    {
        var random = new Random(20_260_701);
        var flipsOfOutput = new int[128];
        var (trials, fewest) = (0, 128);
        for (var length = 1; length <= 48; length++)
        {
            for (var repeat = 0; repeat < 20; repeat++)
            {
                var text = new byte[length];
                random.NextBytes(text);
                var before = Hash128.Seed.Append(text).ToUInt128();
                var bit = random.Next(length * 8);
                text[bit / 8] ^= (byte)(1 << (bit % 8));
                var difference = before ^ Hash128.Seed.Append(text).ToUInt128();
                fewest = Math.Min(fewest, (int)UInt128.PopCount(difference));
                trials++;
                for (var i = 0; i < 128; i++)
                {
                    flipsOfOutput[i] += (int)((difference >> i) & 1);
                }
            }
        }

        TestContext.Out.WriteLine($"fewest flips {fewest}, of one output bit {flipsOfOutput.Min()} to {flipsOfOutput.Max()} in {trials}");
        Assert.That(flipsOfOutput.Sum(), Is.InRange(trials * 128 * 45 / 100, trials * 128 * 55 / 100));
        Assert.That(flipsOfOutput.Min(), Is.AtLeast(trials * 40 / 100));
        Assert.That(flipsOfOutput.Max(), Is.AtMost(trials * 60 / 100));
        Assert.That(fewest, Is.AtLeast(24));
    }

    [Test]
    public void Append_OnEveryRunAndMachine_IsTheSame()
    {
        var hash = Hash128.Seed.Append("ci-runner"u8).Append(1, -1);

        Assert.That(hash.ToUInt128().ToString("x32", CultureInfo.InvariantCulture), Is.EqualTo("9869f419a214ab0e948b2cb1235e1841"));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
