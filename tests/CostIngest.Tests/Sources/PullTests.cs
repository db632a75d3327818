using CiCost.Accounting.Costs;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Tests.Sources.Buildkite;
using CiCost.CostIngest.Tests.Sources.GitHub;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources;

/// <summary>The sources through the use case that pulls, into books.</summary>
public sealed class PullTests
{
    [Test]
    public async Task DropFolder_RestatedMonth_IsReplacedWhole()
    {
        using var rig = new SourceRig();
        using var books = await BookFixture.OpenAsync();
        var month = rig.Folder.File("drop", "2026-07");
        Directory.CreateDirectory(month);
        var pulling = rig.Pulling(books, "drop-folder", $"folder: {rig.Folder.File("drop")}", "format: focus-csv", "complete: marker");
        BillLine[] lines = [BillLine.ALine().On("2026-07-01").Costing("10"), BillLine.ALine().On("2026-07-02").Costing("5")];

        Put(month, "a.csv", lines);
        var unmarked = await SourceRig.RunAsync(pulling);
        Put(month, ".done");
        var first = await SourceRig.RunAsync(pulling);
        var total = books.Total(CostMetric.Billed, "2026-07");
        Put(month, "b.csv", BillLine.ALine().On("2026-07-03").Costing("2"));
        Put(month, "a.csv", lines[0].Costing("11"), lines[1]);
        Put(month, ".done");
        var second = await SourceRig.RunAsync(pulling);

        Assert.Multiple(() =>
        {
            Assert.That((unmarked.IsSuccess, unmarked.Counts.Offers), Is.EqualTo((true, 0)));
            Assert.That((first.IsSuccess, total), Is.EqualTo((true, 15m)), first.ErrorMessage);
            Assert.That((second.IsSuccess, books.Total(CostMetric.Billed, "2026-07")), Is.EqualTo((true, 18m)), second.ErrorMessage);
        });
    }

    [TestCase("a.csv")]
    [TestCase("SHA256SUMS")]
    [TestCase(".done")]
    [TestCase("later.part")]
    public async Task DropFolder_WithANamedPipe_IsRefusedAtOnceAndDoesNotKeepOthersBack(string name)
    {
        using var rig = new SourceRig();
        using var books = await BookFixture.OpenAsync();
        foreach (var month in new[] { "2026-06", "2026-07" })
        {
            Directory.CreateDirectory(rig.Folder.File("drop", month));
            Put(rig.Folder.File("drop", month), "b.csv", BillLine.ALine().On(month + "-01").Costing("10"));
        }

        Put(rig.Folder.File("drop", "2026-07"), ".done");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [rig.Folder.File("drop", "2026-06", name)]))
        {
            await mkfifo.WaitForExitAsync();
        }

        var pulling = rig.Pulling(books, "drop-folder", $"folder: {rig.Folder.File("drop")}", "format: focus-csv", "complete: marker");
        var result = await SourceRig.RunAsync(pulling, "2026-06..2026-07").WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Multiple(() =>
        {
            Assert.That((result.ErrorCode, result.IsRetriable, result.Counts.Taken), Is.EqualTo(("file-not-regular", false, 1)));
            Assert.That(result.ErrorMessage, Does.Contain($"2026-06/{name} is a named pipe"));
            Assert.That(books.Total(CostMetric.Billed, "2026-07"), Is.EqualTo(10m));
        });
    }

    [Test]
    public async Task Mistake_OfTheProgram_EndsTheRunAndIsKeptForTheLog()
    {
        using var rig = new SourceRig();
        using var books = await BookFixture.OpenAsync();
        using var connector = new BlockedConnector { Mistake = new InvalidCastException("wrong") };
        var pulling = SourceRig.Pulling(books, SourceRig.Catalogue(connector, "", new SourceServices(books.Time, rig.State)));
        var result = await SourceRig.RunAsync(pulling);
        Assert.Multiple(() =>
        {
            Assert.That((result.ErrorCode, result.IsRetriable), Is.EqualTo(("internal-error", true)));
            Assert.That(result.Defects, Is.EqualTo(new[] { connector.Mistake }));
            Assert.That(new SourceRunDirectory(books.Books).Find(result.RunId)!.Outcome, Is.EqualTo(RunOutcome.Failed));
        });
    }

    [Test]
    public async Task FileSystem_ThatDoesNotAnswer_EndsTheRunAtItsBudgetAndKeepsTheSourceUntilItDoes()
    {
        using var rig = new SourceRig();
        using var books = await BookFixture.OpenAsync();
        using var connector = new BlockedConnector();
        var pulling = SourceRig.Pulling(books, SourceRig.Catalogue(connector, "timeBudgetMinutes: 5", new SourceServices(books.Time, rig.State)));
        var running = SourceRig.RunAsync(pulling);
        await connector.Begun.Task;
        while (!running.IsCompleted)
        {
            books.Time.Advance(TimeSpan.FromMinutes(6));
            await Task.WhenAny(running, Task.Delay(10));
        }

        var result = await running;
        Assert.Multiple(() =>
        {
            Assert.That((result.ErrorCode, result.IsRetriable), Is.EqualTo(("time-budget", true)));
            Assert.That(result.ErrorMessage, Does.Contain("does not answer"));
            Assert.That(new SourceRunDirectory(books.Books).Find(result.RunId)!.Outcome, Is.EqualTo(RunOutcome.Failed));
            Assert.That(() => SourceRig.RunAsync(pulling), Throws.TypeOf<BooksException>().With.Property("Code").EqualTo("source-busy"));
        });

        connector.Answer();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            try
            {
                Assert.That((await SourceRig.RunAsync(pulling)).IsSuccess, Is.True);
                return;
            }
            catch (BooksException busy) when (busy.Code == "source-busy")
            {
                await Task.Delay(5, patience.Token);
            }
        }
    }

    [Test]
    public async Task DropFolder_OneBadMonth_DoesNotKeepOthersBack()
    {
        using var rig = new SourceRig();
        using var books = await BookFixture.OpenAsync();
        foreach (var month in new[] { "2026-06", "2026-07" })
        {
            Directory.CreateDirectory(rig.Folder.File("drop", month));
            Put(rig.Folder.File("drop", month), "a.csv", BillLine.ALine().On(month + "-01").Costing("10"));
            Put(rig.Folder.File("drop", month), ".done");
        }

        File.WriteAllText(rig.Folder.File("drop", "2026-06", "SHA256SUMS"), "nonsense");
        var pulling = rig.Pulling(books, "drop-folder", $"folder: {rig.Folder.File("drop")}", "format: focus-csv", "complete: marker");

        var result = await SourceRig.RunAsync(pulling, "2026-06..2026-07");

        Assert.That((result.ErrorCode, result.Counts.Taken), Is.EqualTo(("checksums-unreadable", 1)));
        Assert.That(books.Total(CostMetric.Billed, "2026-07"), Is.EqualTo(10m));
    }

    [Test]
    public async Task GitHubJobs_RunThatEndsLater_IsOneJobWithItsEnd()
    {
        await using var github = await GitHubFixture.StartAsync();
        using var books = await BookFixture.OpenAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 120);
        var going = github.Fake.Add("acme/app", 7, DateTimeOffset.Parse("2026-07-02T07:00:00Z"), "in_progress");
        var pulling = github.Rig.Pulling(books, "github-jobs", github.Settings("repositories: [acme/app]"));

        var first = await SourceRig.RunAsync(pulling);
        var open = books.Scalar("SELECT COUNT(*) FROM job_run WHERE completed_s IS NULL");
        (going.Status, going.UpdatedAt) = ("completed", going.UpdatedAt.AddHours(1));
        (going.Jobs[0]["status"], going.Jobs[0]["completed_at"]) = ("completed", "2026-07-02T08:30:00Z");
        var second = await SourceRig.RunAsync(pulling);

        Assert.Multiple(() =>
        {
            Assert.That((first.ErrorMessage, second.ErrorMessage), Is.EqualTo(((string?)null, (string?)null)));
            Assert.That((first.Counts.Rows, second.Counts.Rows, open), Is.EqualTo((121L, 121L, "1")));
            Assert.That(books.Scalar("SELECT COUNT(*) || ' ' || SUM(completed_s IS NULL) FROM job_run"), Is.EqualTo("121 0"));
        });
    }

    [Test]
    public async Task GitHubJobs_ServerFailsInTheMiddle_BooksWholeDaysOnlyAndGoesOnLater()
    {
        await using var github = await GitHubFixture.StartAsync();
        using var books = await BookFixture.OpenAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 5);
        github.Fake.AddRuns("acme/app", "2026-07-03T08:00:00Z", 5, firstId: 2000);
        var pulling = github.Rig.Pulling(books, "github-jobs", github.Settings("repositories: [acme/app]"));
        github.Fake.Server.Misbehave(Fault.Answer(500) with
        {
            Times = 50,
            When = r => r.Path.Value!.EndsWith("/2003/jobs", StringComparison.Ordinal),
        });

        var failed = await SourceRig.RunAsync(pulling);
        var between = books.Scalar("SELECT COUNT(*) FROM job_run");
        for (var i = 0; i < 10 && !(await SourceRig.RunAsync(pulling)).IsSuccess; i++)
        {
            Assert.That(books.Scalar("SELECT COUNT(*) FROM job_run"), Is.EqualTo("5"));
        }

        Assert.That((failed.ErrorCode, failed.IsRetriable, between), Is.EqualTo(("provider-unavailable", true, "5")));
        Assert.That(books.Scalar("SELECT COUNT(*) FROM job_run"), Is.EqualTo("10"));
    }

    [Test]
    public async Task Buildkite_BuildThatGoesOn_EachJobIsThereOnceWithItsEnd()
    {
        await using var buildkite = await BuildkiteFake.StartAsync();
        using var books = await BookFixture.OpenAsync();
        buildkite.AddMany(25, "2026-07-02T08:00:00Z");
        var going = buildkite.Builds[3];
        (going.State, going.Jobs[1]["state"], going.Jobs[1]["finished_at"]) = ("running", "running", null);
        var pulling = buildkite.Rig.Pulling(books, "buildkite-jobs", buildkite.Settings());

        var first = await SourceRig.RunAsync(pulling);
        var open = books.Scalar("SELECT COUNT(*) FROM job_run WHERE completed_s IS NULL");
        (going.State, going.Jobs[1]["state"], going.Jobs[1]["finished_at"]) = ("passed", "failed", "2026-07-02T09:00:00.000Z");
        going.Jobs[1]["retried"] = true;
        going.Jobs.Add(BuildkiteFake.Job(going, 2));
        var second = await SourceRig.RunAsync(pulling);
        var third = await SourceRig.RunAsync(pulling);

        Assert.Multiple(() =>
        {
            Assert.That((first.ErrorMessage, second.ErrorMessage), Is.EqualTo(((string?)null, (string?)null)));
            Assert.That((first.Counts.Rows, open, second.Counts.Rows, third.Counts.Unchanged), Is.EqualTo((50L, "1", 51L, 1)));
            Assert.That(books.Scalar("SELECT COUNT(*) || ' ' || SUM(completed_s IS NULL) FROM job_run"), Is.EqualTo("51 0"));
        });
    }

    [Test]
    public async Task DropFolder_MappedCsv_IsBookedUnderItsMapping()
    {
        using var rig = new SourceRig();
        using var books = await BookFixture.OpenAsync();
        var month = rig.Folder.File("drop", "2026-07");
        Directory.CreateDirectory(month);
        File.WriteAllText(Path.Combine(month, "july.csv"), "Customer,Day,Net\nacct-1,2026-07-03,12.50\nacct-1,2026-07-04,0.25\n");
        Put(month, ".done");
        var mapping = rig.Folder.Write("conf/neocloud.yaml", """
            format: mapped-csv/1
            name: Neocloud
            dates: YYYY-MM-DD
            columns:
              BillingAccountId: {column: Customer}
              BillingCurrency: {constant: USD}
              ChargePeriodStart: {column: Day}
              ChargeCategory: {constant: Usage}
              ServiceName: {constant: GPU machines}
              ServiceProviderName: {constant: Neocloud}
              BilledCost: {column: Net}
            """);
        var pulling = rig.Pulling(books, "drop-folder", $"folder: {rig.Folder.File("drop")}", "format: mapped-csv",
            $"mapping: {mapping}", "complete: marker");

        var result = await SourceRig.RunAsync(pulling);

        Assert.That(result.ErrorMessage, Is.Null);
        Assert.That(books.Total(CostMetric.Billed, "2026-07"), Is.EqualTo(12.75m));
    }

    private static void Put(string folder, string name, params BillLine[] lines) =>
        File.WriteAllText(Path.Combine(folder, name), lines.Length == 0 ? "" : BillLine.File(lines));
}
