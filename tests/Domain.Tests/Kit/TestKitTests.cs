using CiCost.TestKit;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Kit;

/// <summary>The tools of the tests can fail: a tool that always agrees would prove nothing.</summary>
public sealed class TestKitTests
{
    [Test]
    public void Golden_SameText_PassesWhateverTheLineEnds()
    {
        using var folder = new TempFolder();
        folder.Write("a.approved.txt", "one\ntwo\n");

        Assert.That(() => Golden.Verify("one\r\ntwo", "a", folder.FullName, accept: false, isContinuousIntegration: true), Throws.Nothing);
    }

    [Test]
    public void Golden_OtherText_WritesWhatItGotAndShowsTheDifference()
    {
        using var folder = new TempFolder();
        folder.Write("a.approved.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");

        Assert.That(
            () => Golden.Verify("1\n2\n3\n4\nfive\n6\n7\n8\n9", "a", folder.FullName, accept: false, isContinuousIntegration: false),
            Throws.TypeOf<AssertionException>().With.Message.Contains("@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"));
        Assert.That(File.ReadAllText(folder.File("a.received.txt")), Does.Contain("five"));
    }

    [Test]
    public void Golden_Accept_WritesTheApprovedTextButNeverInContinuousIntegration()
    {
        using var folder = new TempFolder();

        Golden.Verify("text", "a", folder.FullName, accept: true, isContinuousIntegration: false);
        Assert.That(File.ReadAllText(folder.File("a.approved.txt")), Is.EqualTo("text\n"));
        Assert.That(
            () => Golden.Verify("other", "a", folder.FullName, accept: true, isContinuousIntegration: true),
            Throws.TypeOf<AssertionException>());
        Assert.That(File.ReadAllText(folder.File("a.approved.txt")), Is.EqualTo("text\n"));
    }

    [Test]
    public void Falsify_PropertyThatDoesNotHold_ReportsASmallCaseAndItsSeed()
    {
        var report = Properties.Falsify(Gen.Choose(0, 1_000), 1_000, n => n < 500 ? null : $"{n} is too large", n => n > 0 ? [n - 1] : []);

        Assert.That(report, Does.Contain("500 is too large").And.Contain("CICOST_REPLAY="));
        Assert.That(Properties.Falsify(Gen.Choose(0, 499), 1_000, n => n < 500 ? null : "too large"), Is.Null);
    }

    [Test]
    public void Histogram_Cases_GivePercentPerClass()
    {
        var histogram = new Histogram();
        for (var i = 0; i < 100; i++)
        {
            histogram.Count(("rare", i < 4), ("half", i % 2 == 0));
        }

        Assert.That((histogram.Percent("rare"), histogram.Percent("half"), histogram.Percent("none")), Is.EqualTo((4m, 50m, 0m)));
    }

    [Test]
    public void ManualTime_Advance_RunsTimersInOrderOfTime()
    {
        var clock = new ManualTime(new DateTimeOffset(2026, 8, 5, 0, 0, 0, TimeSpan.Zero));
        var seen = new List<string>();
        var (two, three) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
        using var every = clock.CreateTimer(_ => seen.Add($"every {clock.GetUtcNow():mm}"), null, two, two);
        using var once = clock.CreateTimer(_ => seen.Add($"once {clock.GetUtcNow():mm}"), null, three, Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That(seen, Is.EqualTo(["every 02", "once 03", "every 04"]));
        Assert.That(clock.GetElapsedTime(0), Is.EqualTo(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public async Task Python_Script_GetsItsInputAndItsFailureIsAFailure()
    {
        var text = await PythonTool.RunAsync("import sys; print(sys.stdin.read() + sys.argv[1])", "in", null, "out");

        Assert.That(text, Is.EqualTo("inout\n"));
        Assert.That(() => PythonTool.RunAsync("raise SystemExit('why')"), Throws.InvalidOperationException.With.Message.Contains("why"));
        Assert.That(
            () => PythonTool.RunAsync("import time; time.sleep(60)", timeout: TimeSpan.FromMilliseconds(300)),
            Throws.InvalidOperationException.With.Message.Contains("stopped"));
    }

    [Test]
    public void TempFolder_Disposed_IsGone()
    {
        string path;
        using (var folder = new TempFolder())
        {
            path = folder.FullName;
            Assert.That(File.Exists(folder.Write("a/b.txt", "c")), Is.True);
        }

        Assert.That(Directory.Exists(path), Is.False);
    }
}
