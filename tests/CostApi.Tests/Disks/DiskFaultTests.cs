using CiCost.Ledger;
using CiCost.TestKit;
using CiCost.TestKit.Disks;

namespace CiCost.CostApi.Tests.Disks;

/// <summary>
/// The disk is full, or fails, at any write of everything that writes: what was begun is whole or absent, the fault has its name, nothing
/// is held, and the same process does the same work again with the same result.
/// </summary>
[NonParallelizable]
public sealed class DiskFaultTests
{
    private static readonly int PointsPerWork = Counts.Of(30);
    private static readonly string[] NamesOfFaults = [.. StorageFault.Codes, "disk", "hooks-not-booked", "hook-not-kept"];

    [TestCaseSource(typeof(DiskRig), nameof(DiskRig.Works))]
    public async Task Work_OnADiskThatGetsFull_EndsWholeAndGoesOnWhenThereIsRoom(string work)
    {
        using var disk = new SmallDisk(64);
        using var template = new TempFolder();
        await DiskRig.PrepareAsync(template.File("books"), work);
        var expected = await UndisturbedAsync(disk, template, work);

        TestContext.Out.WriteLine(expected.State);
        var random = new Random(Counts.Seed());
        var told = 0;
        for (var i = 0; i < PointsPerWork; i++)
        {
            var free = i == 0 ? 0 : random.NextInt64(expected.Bytes + 1);
            using var rig = await CopyAsync(disk, template, work);
            var before = await rig.StateAsync();
            disk.LeaveFree(free);
            told += await FailAsync(rig, $"{work} with {free} bytes") ? 1 : 0;
            disk.MakeRoom();
            await GoOnAsync(rig, before, expected.State, $"{work} with {free} bytes");
        }

        Assert.That(told, Is.Positive, "no point was full");
    }

    [TestCaseSource(nameof(WorksAndFaults))]
    public async Task Work_OnADiskThatFails_EndsWholeAndGoesOnWhenItIsMended(string work, DiskFault fault)
    {
        using var template = new TempFolder();
        using var place = new TempFolder();
        using var disk = new FaultyDisk(place.FullName);
        await DiskRig.PrepareAsync(template.File("books"), work);
        string expected;
        long operations;
        using (var rig = await CopyAsync(place.File("undisturbed"), template, work))
        {
            disk.Heal();
            Assert.That(await rig.WorkAsync(), Is.Null);
            operations = disk.Count;
            expected = await rig.StateAsync();
        }

        Assert.That(operations, Is.Positive, "the database is not on this disk");
        var random = new Random(Counts.Seed());
        for (var i = 0; i < PointsPerWork; i++)
        {
            var from = i == 0 ? 1 : random.NextInt64(1, operations + 1);
            using var rig = await CopyAsync(place.File($"point-{i}"), template, work);
            var before = await rig.StateAsync();
            disk.FailFrom(from, fault);
            await FailAsync(rig, $"{work}, {fault} from {from} of {operations}");
            disk.Heal();
            await GoOnAsync(rig, before, expected, $"{work}, {fault} from {from} of {operations}");
        }
    }

    private static IEnumerable<TestCaseData> WorksAndFaults() =>
        DiskRig.Works.SelectMany(work => Enum.GetValues<DiskFault>().Select(fault => new TestCaseData(work, fault)));

    private static async Task<(string State, long Bytes)> UndisturbedAsync(SmallDisk disk, TempFolder template, string work)
    {
        using var rig = await CopyAsync(disk, template, work);
        var free = disk.FreeBytes;
        Assert.That(await rig.WorkAsync(), Is.Null);
        return (await rig.StateAsync(), free - disk.FreeBytes);
    }

    /// <summary>Runs the work on the disk as it is; true when it failed, and by a fault with a name.</summary>
    private static async Task<bool> FailAsync(DiskRig rig, string point)
    {
        try
        {
            var code = await rig.WorkAsync();
            Assert.That(code, Is.Null.Or.AnyOf(NamesOfFaults), point);
            return code is not null;
        }
        catch (Exception exception) when (exception is not AssertionException)
        {
            var fault = exception as BooksException ?? StorageFault.Of(exception);
            Assert.That(fault?.Code, Is.AnyOf(NamesOfFaults), $"{point}: {exception}");
            return true;
        }
    }

    /// <summary>Nothing is held and nothing is half there; the same process does the work now.</summary>
    private static async Task GoOnAsync(DiskRig rig, string before, string expected, string point)
    {
        Assert.That(rig.Writer, Is.Null, $"{point}: somebody holds the books");
        var after = await rig.StateAsync();
        Assert.That(after, Is.EqualTo(before).Or.EqualTo(expected).Or.Matches<string>(rig.IsBetween), $"{point}: half done");
        if (rig.IsDoneOnce && after == expected)
        {
            return;
        }

        rig.CleanUp();
        Assert.That(await rig.WorkAsync(), Is.Null, point);
        Assert.That(await rig.StateAsync(), Is.EqualTo(expected), point);
    }

    private static async Task<DiskRig> CopyAsync(SmallDisk disk, TempFolder template, string work)
    {
        disk.Clear();
        return await CopyAsync(Path.Combine(disk.FullName, "place"), template, work);
    }

    private static async Task<DiskRig> CopyAsync(string place, TempFolder template, string work)
    {
        var from = template.File("books");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(place, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
            File.SetLastWriteTimeUtc(to, File.GetLastWriteTimeUtc(file));
        }

        return await DiskRig.OpenAsync(place, work);
    }
}
