using CiCost.Accounting.Costs;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>
/// From the container into books. The totals are those that tests/data/focus/README.md states for layouts/azure-focus: the month to date
/// 20.5, regenerated 19.5.
/// </summary>
[TestFixture]
public sealed class AzureExportsPullTests
{
    private BlobFake _blobs = null!;
    private OneSource _rig = null!;
    private BookFixture _books = null!;

    [SetUp]
    public async Task SetUp()
    {
        _blobs = await BlobFake.StartAsync();
        _rig = AzureExportsTests.Rig(_blobs);
        _books = await BookFixture.OpenAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        _books.Dispose();
        _rig.Dispose();
        await _blobs.DisposeAsync();
    }

    [Test]
    public async Task Pull_FixtureThenRestated_BooksTheStatedTotalsAndTheirDifferenceIsOneLine()
    {
        _blobs.PutLayout("fixture");
        var first = await _rig.PullAsync(_books, "2026-05", "2026-07");
        var before = Lines("2026-05");

        Assert.That(first.Failures, Is.Empty);
        Assert.That(first.Offers.Select(o => (o.Month.ToString(), o.Rows)), Is.EqualTo([("2026-05", 5L), ("2026-06", 5L)]));
        Assert.That(Billed("2026-05"), Is.EqualTo(20.5m));
        Assert.That(Billed("2026-06"), Is.EqualTo(12m), "8 + 2 + 4 - 1.5 credit - 0.5 correction of May");

        _blobs.PutLayout("restated");
        var second = await _rig.PullAsync(_books, "2026-05", "2026-07");

        Assert.That(second.Failures, Is.Empty);
        Assert.That(second.Counts.Unchanged, Is.EqualTo(1), "June");
        Assert.That(Billed("2026-05"), Is.EqualTo(19.5m));
        Assert.That(Billed("2026-06"), Is.EqualTo(12m));
        var after = Lines("2026-05");
        Assert.That(after.Keys, Is.EquivalentTo(before.Keys));
        Assert.That(after.Where(l => before[l.Key] != l.Value).Select(l => (l.Key, Was: before[l.Key], Is: l.Value)),
            Is.EqualTo([("Virtual Machines", 10m, 9m)]), "the whole of -1.00");
    }

    [Test]
    public async Task Pull_Again_FetchesNothing()
    {
        _blobs.PutLayout("fixture");
        await _rig.PullAsync(_books, "2026-05", "2026-06");
        _blobs.Server.Forget();

        var again = await _rig.PullAsync(_books, "2026-05", "2026-06");

        Assert.That(again.Offers, Is.Empty);
        Assert.That(again.Counts.Unchanged, Is.EqualTo(2));
        Assert.That(_blobs.Server.Requests.Where(r => r.Path.EndsWith(".gz", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Pull_ManifestWithAnotherRowCount_BooksNothingOfTheMonth()
    {
        _blobs.PutLayout("fixture");
        _blobs.Put(ExportLayout.June + "manifest.json", ExportLayout.Manifest("fixture", ExportLayout.June, ("\"dataRowCount\": 5", "\"dataRowCount\": 6")),
            _blobs.Now);

        var result = await _rig.PullAsync(_books, "2026-05", "2026-06");

        Assert.That(result.Offers.Select(o => o.Month.ToString()), Is.EqualTo(["2026-05"]));
        Assert.That(result.Failures.Single().Message, Does.Contain("6").And.Contain("5"));
        Assert.That(Billed("2026-06"), Is.Zero);
        Assert.That(_books.Check().Where(o => o.State == CheckState.Fails && o.Check is "LinesEqualRollup" or "ObjectsAreIntact"), Is.Empty);
    }

    [Test]
    public async Task Pull_OverwrittenMidRead_BooksTheNewRunOnceAndTheNextPullChangesNothing()
    {
        _blobs.PutLayout("fixture");
        _blobs.Server.Misbehave(Fault.Before(ReplaceMay) with { When = BlobFake.IsFile });

        var first = await _rig.PullAsync(_books, "2026-05");
        Assert.That(Billed("2026-05"), Is.EqualTo(19.5m));
        var version = _books.Scalar("SELECT COUNT(*) FROM delivery");
        var second = await _rig.PullAsync(_books, "2026-05");

        Assert.That(first.Failures.Concat(second.Failures), Is.Empty);
        Assert.That(second.Offers.Single().IsUnchanged, Is.True, "the version that was offered was the old one");
        Assert.That(_books.Scalar("SELECT COUNT(*) FROM delivery"), Is.EqualTo(version));
        Assert.That(Billed("2026-05"), Is.EqualTo(19.5m));
    }

    [Test]
    public async Task Pull_StorageFailsAfterTheListing_BooksNothingAndTheNextPullConverges()
    {
        _blobs.PutLayout("fixture");
        _blobs.Server.Misbehave(Fault.Answer(500) with { When = BlobFake.IsFile, Times = 6 });

        var failed = await _rig.PullAsync(_books, "2026-05");
        Assert.That(failed.ErrorCode, Is.EqualTo("provider-unavailable"));
        Assert.That(failed.IsRetriable, Is.True);
        Assert.That(Billed("2026-05"), Is.Zero);

        Assert.That((await _rig.PullAsync(_books, "2026-05")).IsSuccess, Is.True);
        Assert.That(Billed("2026-05"), Is.EqualTo(20.5m));
    }

    [Test]
    public async Task Pull_WithRefusedSignature_LeavesNoTraceOfItInTheBooks()
    {
        _rig.Write("sas", "sv=2023-11-03&sig=s3cretsignature");

        var result = await _rig.PullAsync(_books, "2026-05");

        Assert.That(result.ErrorCode, Is.EqualTo("credentials-refused"));
        var run = new SourceRunDirectory(_books.Books).List(SourceRig.Only, 10).Single();
        Assert.That(run.ErrorMessage, Is.Not.Null.And.Not.Contain("s3cretsignature"));
        Assert.That(File.ReadAllText(_books.Books.Path), Does.Not.Contain("s3cretsignature"));
    }

    private void ReplaceMay()
    {
        _blobs.PutLayout("restated");
        _blobs.Remove(ExportLayout.May + "part_0_0001.csv.gz");
    }

    private decimal Billed(string month) => _books.Total(CostMetric.Billed, month, TimeAxis.Billing);

    private Dictionary<string, decimal> Lines(string month)
    {
        Assert.That(BillingMonth.Parse(month).ToString(), Is.EqualTo(month));
        return _books.Ask(CostMetric.Billed, month, TimeAxis.Billing, "ServiceName").Rows
            .ToDictionary(r => r.Keys[0], r => (decimal)r.Nanos / 1_000_000_000m);
    }
}
