using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;
using CiCost.TestKit.Disks;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>What a person is told when the disk gets full: the true cause, and the true state of the books.</summary>
[NonParallelizable]
public sealed class FullDiskTests
{
    private const int Step = 24 * 1024;

    [Test]
    public async Task Ingest_OnAFullDisk_SaysWhetherItIsBooked()
    {
        using var disk = new SmallDisk(64);
        using var elsewhere = new TempFolder();
        var bill = Bill.Write(elsewhere.File("bill.csv"), 2_000, 1);
        PolicyFolder.CopyTo(elsewhere.File("policy"));
        Dictionary<string, int> seen = [];

        // From too little for the raw object to enough for everything: on the way the booking fits and moving the log does not.
        var ends = 0;
        for (var free = 0L; ends < 3 && free < disk.FreeBytes; free += Step)
        {
            disk.MakeRoom();
            disk.Clear();
            var cicost = new Cicost(disk.FullName);
            (await cicost.RunAsync("attribute", "--policy", elsewhere.File("policy"))).Expect(0);
            disk.LeaveFree(free);
            var result = await cicost.RunAsync("ingest", "--policy", elsewhere.File("policy"), "--source", "bill", "--kind", "focus-csv",
                "--month", Bill.Month, "--file", bill.Path, "--json");
            disk.MakeRoom();
            var isBooked = (await cicost.JsonAsync("deliveries")).GetProperty("deliveries").GetArrayLength() == 1;
            var said = result.Json();
            var point = $"{free} bytes free: {result.Errors}";
            if (result.ExitCode == 0)
            {
                Assert.That(isBooked, Is.True, point);
                Count(result.Errors.Contains("warning: What is booked stands", StringComparison.Ordinal) ? "booked, upkeep failed" : "booked");
                ends += result.Errors.Length == 0 ? 1 : 0;
                continue;
            }

            Assert.Multiple(() =>
            {
                Assert.That(result.ExitCode, Is.EqualTo(1), point);
                Assert.That(said.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("disk-full"), point);
                Assert.That(result.Errors, Does.Contain("The disk is full."));
                Assert.That(isBooked, Is.EqualTo(result.Errors.Contains(" is booked", StringComparison.Ordinal)), point);
            });
            Count("refused");
            (await cicost.RunAsync("ingest", "--source", "bill", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path,
                "--policy", elsewhere.File("policy"))).Expect(0);
        }

        TestContext.Out.WriteLine(string.Join(", ", seen.Select(s => $"{s.Key}: {s.Value}")));
        Assert.That(seen.Keys, Is.EquivalentTo(new[] { "refused", "booked, upkeep failed", "booked" }));
        void Count(string end) => seen[end] = seen.GetValueOrDefault(end) + 1;
    }
}
