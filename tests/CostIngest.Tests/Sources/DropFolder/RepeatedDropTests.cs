using System.IO.Compression;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Sources.DropFolder;

/// <summary>A file that lies in a drop folder twice counts once, or is refused by name: browsers, sync programs and people make such copies.</summary>
public sealed class RepeatedDropTests
{
    private SourceRig _rig = null!;
    private BookFixture _books = null!;

    [SetUp]
    public async Task Begin()
    {
        _rig = new SourceRig();
        _books = await BookFixture.OpenAsync();
    }

    [TearDown]
    public void End()
    {
        _books.Dispose();
        _rig.Dispose();
    }

    [TestCase("replace", "july (1).csv")]
    [TestCase("replace", "july.csv.gz")]
    [TestCase("append", "july (1).csv")]
    [TestCase("append", "july.csv.gz")]
    public async Task CopyBesideAFile_IsRefused_WithBothNames(string mode, string copy)
    {
        Put("july.csv");
        Put(copy);

        var failure = (await PullAsync(mode)).Failures.Single();

        Assert.Multiple(() =>
        {
            Assert.That(failure.Code, Is.EqualTo("delivery-repeated"));
            Assert.That(failure.Message, Does.Contain("july.csv").And.Contain(copy).And.Contain("the same 2 rows on 2 days"));
            Assert.That(failure.IsRetriable, Is.False);
            Assert.That(_books.Total(CostMetric.Consumption, "2026-07"), Is.EqualTo(mode == "append" ? 2m : 0m));
        });
    }

    [Test]
    public async Task CopyThatIsMeant_IsTakenByTheFlag()
    {
        Put("july.csv");
        Put("july (1).csv");

        var result = await PullAsync("replace", AcceptedDeliveries.None with { Repeated = true });

        Assert.That((result.Failures, _books.Total(CostMetric.Consumption, "2026-07")), Is.EqualTo((Array.Empty<PullFailure>(), 4m)));
    }

    private async Task<PullResult> PullAsync(string mode, AcceptedDeliveries? accepts = null)
    {
        var pull = _rig.Pulling(_books, "drop-folder", $"folder: {_rig.Folder.File("drop")}", "format: focus-csv", $"mode: {mode}");
        pull.Accepts = accepts ?? AcceptedDeliveries.None;
        await SourceRig.RunAsync(pull);
        _rig.Time.Advance(TimeSpan.FromMinutes(15));
        return await SourceRig.RunAsync(pull);
    }

    private void Put(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_rig.Folder.File("drop"), "2026-07"));
        var content = Encoding.UTF8.GetBytes(BillLine.File([BillLine.ALine().On("2026-07-01"), BillLine.ALine().On("2026-07-02")]));
        using var file = File.Create(Path.Combine(folder.FullName, name));
        using Stream target = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        target.Write(content);
    }
}
