using CiCost.TestKit;

namespace CiCost.Domain.Tests.Kit;

/// <summary>The default run is a part of the long one, large enough and always the same; the long run leaves nothing out.</summary>
public sealed class CountsTests
{
    [Test]
    public void Default_OfAnyCount_IsAtLeastTwoPercentAndNeverNothing()
    {
        foreach (var full in Enumerable.Range(1, 2_000).Concat([10_000, 24_000, 100_000, 150_000, int.MaxValue]))
        {
            var part = Counts.Of(full, areLong: false);
            Assert.That(part, Is.InRange(1, full), $"of {full}");
            Assert.That(part * 50L, Is.AtLeast(full), $"2 % of {full}");
            Assert.That(Counts.Of(full, areLong: true), Is.EqualTo(full));
        }

        Assert.That(() => Counts.Of(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Default_HasFixedSeeds_AndTheLongRunNewOnes()
    {
        var fixedSeeds = Enumerable.Range(0, 20).Select(_ => Counts.Seed(null, areLong: false)).Distinct();
        var newSeeds = Enumerable.Range(0, 20).Select(_ => Counts.Seed("", areLong: true)).Distinct();
        Assert.Multiple(() =>
        {
            Assert.That(fixedSeeds.Count(), Is.EqualTo(1));
            Assert.That(newSeeds.Count(), Is.GreaterThan(1));
            Assert.That(Counts.Seed("17", areLong: false), Is.EqualTo(17));
            Assert.That(Counts.Seed("17", areLong: true), Is.EqualTo(17));
        });
    }

    [Test]
    public void Variable_SaysLongOrNothing_AndElseIsRefused()
    {
        Assert.That((Counts.IsLong(null), Counts.IsLong(""), Counts.IsLong("all")), Is.EqualTo((false, false, true)));
        Assert.That(() => Counts.IsLong("long"), Throws.InvalidOperationException.With.Message.Contains("CICOST_TEST_COUNTS is 'long'"));
        Assert.That(Counts.AreLong, Is.EqualTo(Environment.GetEnvironmentVariable(Counts.Variable) == Counts.All));
    }

    [Test]
    public async Task SharedFolder_AskedTwice_IsMadeOnce_AndItsCopiesAreTheirOwn()
    {
        var made = 0;
        var shared = new SharedFolder(folder =>
        {
            made++;
            folder.Write("a/b.txt", "first");
            return Task.CompletedTask;
        });
        using (var copy = await shared.CopyAsync())
        {
            copy.Write("a/b.txt", "changed");
        }

        var path = await shared.PathAsync();
        Assert.That(await File.ReadAllTextAsync(Path.Combine(path, "a", "b.txt")), Is.EqualTo("first"));
        Assert.That(made, Is.EqualTo(1));
        SharedFolder.RemoveAll();
        Assert.That(Directory.Exists(path), Is.False);
    }
}
