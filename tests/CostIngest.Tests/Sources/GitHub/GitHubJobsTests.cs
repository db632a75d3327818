using CiCost.CostIngest.Sources;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.GitHub;

public sealed class GitHubJobsTests
{
    [Test]
    public async Task Find_ManyRepositoriesAndDays_OffersEachDayOnceInOrder()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-06-30T23:00:00Z", 3, firstId: 1);
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 250, firstId: 1000);
        github.Fake.AddRuns("acme/lib", "2026-07-02T08:00:00Z", 2, firstId: 5000);
        github.Fake.Add("acme/lib", 6000, DateTimeOffset.Parse("2026-07-15T11:00:00Z"), "in_progress");

        var offers = await SourceRig.FindAsync(github.Jobs("repositories: [acme/app, acme/lib]"), "2026-06..2026-07");

        Assert.That(offers.Select(o => $"{o.Month} {o.Part}"), Is.EqualTo(
        [
            "2026-06 acme/app/2026-06-30", "2026-07 acme/app/2026-07-02", "2026-07 acme/lib/2026-07-02", "2026-07 acme/lib/2026-07-15",
        ]));
    }

    [Test]
    public async Task Take_ManyPagesAndAttempts_DeliversEveryJobOnce()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 250);
        var large = github.Fake.Add("acme/app", 9, DateTimeOffset.Parse("2026-07-02T07:00:00Z"), jobs: 130);
        large.Attempt = 2;
        large.Jobs.Add(GitHubFake.Job("acme/app", large, 99));

        var (code, deliveries) = await github.Rig.TakeAsync(github.Jobs());

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Null);
            Assert.That(deliveries.Single().ExpectedRows, Is.EqualTo(250 + 131));
            Assert.That(SourceRig.Lines(deliveries).Distinct().Count(), Is.EqualTo(250 + 131));
            Assert.That(github.Fake.Server.Requests.Any(r => r.Query.Contains("filter=all", StringComparison.Ordinal)), Is.True);
        });
    }

    [Test]
    public async Task Find_NothingChanged_AsksConditionallyAndFetchesNoJobs()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 250);
        var before = await SourceRig.FindAsync(github.Jobs());
        github.Fake.Server.Forget();

        var after = await SourceRig.FindAsync(github.Jobs());

        var runs = github.Fake.Server.Requests.Where(r => r.Query.Contains("created=2026-07-02", StringComparison.Ordinal)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(after.Single().Version, Is.EqualTo(before.Single().Version));
            Assert.That(runs, Has.Count.EqualTo(3), "pages after a 304 are found by what was kept");
            Assert.That(runs.All(r => r.Header("If-None-Match") is not null), Is.True);
        });
    }

    [Test]
    public async Task Fetch_OneRunWentOn_AsksOnlyForThatRun()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 5);
        var going = github.Fake.Add("acme/app", 1, DateTimeOffset.Parse("2026-07-02T07:00:00Z"), "in_progress");
        var setup = github.Jobs();
        var first = (await SourceRig.FindAsync(setup)).Single();
        await github.Rig.FetchAsync(setup, first);
        (going.Status, going.UpdatedAt) = ("completed", going.UpdatedAt.AddHours(1));
        going.Jobs[0]["status"] = "completed";
        github.Fake.Server.Forget();

        var second = (await SourceRig.FindAsync(setup)).Single();
        var delivery = await github.Rig.FetchAsync(setup, second);

        Assert.Multiple(() =>
        {
            Assert.That(second.Version, Is.Not.EqualTo(first.Version));
            Assert.That(github.JobRequests, Is.EqualTo(1));
            Assert.That(delivery.ExpectedRows, Is.EqualTo(6));
        });
    }

    [Test]
    public async Task Fetch_JobsThatLagBehindTheirRun_AreAskedForAgainOnce()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-15T08:00:00Z", 5);
        var late = github.Fake.Add("acme/app", 1, DateTimeOffset.Parse("2026-07-15T11:00:00Z"));
        late.Jobs[0]["status"] = "in_progress";
        var setup = github.Jobs();
        var before = (await SourceRig.FindAsync(setup)).Single();
        var (_, first) = await github.Rig.TakeAsync(setup);
        late.Jobs[0]["status"] = "completed";
        github.Rig.Time.Advance(TimeSpan.FromHours(3));
        github.Fake.Server.Forget();
        var after = (await SourceRig.FindAsync(setup)).Single();
        var second = await github.Rig.FetchAsync(setup, after);
        var asked = github.JobRequests;
        github.Rig.Time.Advance(TimeSpan.FromHours(3));
        var settled = (await SourceRig.FindAsync(setup)).Single();

        Assert.Multiple(() =>
        {
            Assert.That(SourceRig.Lines(first).Count(l => l.Contains("in_progress", StringComparison.Ordinal)), Is.EqualTo(1));
            Assert.That(SourceRig.Lines([second]).Any(l => l.Contains("in_progress", StringComparison.Ordinal)), Is.False);
            Assert.That((after.Version == before.Version, asked, settled.Version == after.Version), Is.EqualTo((false, 1, true)));
        });
    }

    [Test]
    public async Task Fetch_FailsInTheMiddle_GoesOnWhereItStopped()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 10);
        var setup = github.Jobs();
        var offer = (await SourceRig.FindAsync(setup)).Single();
        github.Fake.Server.Misbehave(Fault.Answer(403, """{"message":"Resource not accessible"}""") with { After = 6 });
        Assert.That(async () => await github.Rig.FetchAsync(setup, offer), Throws.TypeOf<SourceException>());
        github.Fake.Server.Forget();

        var delivery = await github.Rig.FetchAsync(setup, offer);

        Assert.That((github.JobRequests, delivery.ExpectedRows), Is.EqualTo((4, 10L)));
    }

    [Test]
    public async Task Find_DayOfAThousandRuns_IsReadByHours()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T00:00:00Z", 1_400);

        var (code, deliveries) = await github.Rig.TakeAsync(github.Jobs());

        Assert.That((code, deliveries.Single().ExpectedRows), Is.EqualTo(((string?)null, 1_400L)));
    }

    [Test]
    public async Task Find_DayOfExactlyTheCapAndTotalsThatSayLess_IsReadByHours()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.TotalCountError = -500;
        github.Fake.AddRuns("acme/app", "2026-07-02T00:00:00Z", 1_300);

        var (code, deliveries) = await github.Rig.TakeAsync(github.Jobs());

        Assert.That((code, deliveries.Single().ExpectedRows), Is.EqualTo(((string?)null, 1_300L)));
    }

    [Test]
    public async Task Find_FullHour_RefusesThatDayAndOffersTheOthers()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T05:00:00Z", 1_200, secondsApart: 2);
        github.Fake.AddRuns("acme/app", "2026-07-03T05:00:00Z", 1, firstId: 90_000);
        var setup = github.Jobs();

        var offers = await SourceRig.FindAsync(setup);

        var refusal = Assert.ThrowsAsync<SourceException>(() => github.Rig.FetchAsync(setup, offers[0]))!;
        Assert.That(refusal.Code, Is.EqualTo("slice-full"));
        Assert.That(refusal.Message, Does.Contain("2026-07-02T05:00:00Z").And.Contain("acme/app"));
        Assert.That((await github.Rig.FetchAsync(setup, offers[1])).ExpectedRows, Is.EqualTo(1));
    }

    [TestCase(404, "not-found-at-provider")]
    [TestCase(301, "redirect-refused")]
    [TestCase(403, "access-denied")]
    [TestCase(451, "request-refused")]
    public async Task Find_RepositoryThatCannotBeRead_DoesNotKeepOthersBack(int status, string code)
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.Server.Misbehave(
            Fault.Answer(status, "{}") with { When = r => r.Path.Value!.Contains("/gone/", StringComparison.Ordinal), Times = 99 });
        github.Fake.AddRuns("acme/app", "2026-07-02T05:00:00Z", 1);
        var setup = github.Jobs("repositories: [acme/gone, acme/app]");

        var offers = await SourceRig.FindAsync(setup);

        Assert.That(offers, Has.Count.EqualTo(2));
        Assert.That(Assert.ThrowsAsync<SourceException>(() => github.Rig.FetchAsync(setup, offers[0]))!.Code, Is.EqualTo(code));
        Assert.That((await github.Rig.FetchAsync(setup, offers[1])).ExpectedRows, Is.EqualTo(1));
    }

    [Test]
    public async Task Find_Organization_TakesItsRepositories()
    {
        await using var github = await GitHubFixture.StartAsync();
        for (var i = 0; i < 120; i++)
        {
            github.Fake.Repositories[$"acme/r{i}"] = [];
        }

        github.Fake.AddRuns("acme/r7", "2026-07-02T05:00:00Z", 1);
        github.Fake.AddRuns("acme/r119", "2026-07-02T05:00:00Z", 1, firstId: 2000);
        github.Fake.AddRuns("other/r", "2026-07-02T05:00:00Z", 1, firstId: 3000);

        var offers = await SourceRig.FindAsync(github.Jobs("organization: acme"));

        Assert.That(offers.Select(o => o.Part), Is.EqualTo(["acme/r119/2026-07-02", "acme/r7/2026-07-02"]));
    }

    [Test]
    public async Task Find_SettledDay_IsNotAskedForAgain()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-05-02T05:00:00Z", 3);
        var setup = github.Jobs();
        var before = await SourceRig.FindAsync(setup, "2026-05");
        github.Fake.Server.Forget();

        var after = await SourceRig.FindAsync(setup, "2026-05");

        Assert.That(after.Single().Version, Is.EqualTo(before.Single().Version));
        Assert.That(github.Fake.Server.Requests, Is.Empty);
    }

    [Test]
    public async Task Fetch_RunDeletedSinceItWasListed_SaysThatTheOfferChanged()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T05:00:00Z", 3);
        var setup = github.Jobs();
        var offer = (await SourceRig.FindAsync(setup)).Single();
        github.Fake.Repositories["acme/app"].RemoveAt(1);

        Assert.That(Assert.ThrowsAsync<SourceException>(() => github.Rig.FetchAsync(setup, offer))!.Code, Is.EqualTo("offer-changed"));
        Assert.That((await github.Rig.TakeAsync(setup)).Deliveries.Single().ExpectedRows, Is.EqualTo(2));
    }

    [Test]
    public async Task Fetch_RunIsRunAgainBetweenPages_TakesAllAndIsFetchedAgain()
    {
        await using var github = await GitHubFixture.StartAsync();
        var run = github.Fake.Add("acme/app", 5, DateTimeOffset.Parse("2026-07-02T05:00:00Z"), jobs: 150);
        var setup = github.Jobs();
        var offer = (await SourceRig.FindAsync(setup)).Single();
        github.Fake.Server.Misbehave(Fault.Before(() =>
        {
            (run.Attempt, run.Status, run.UpdatedAt) = (2, "in_progress", run.UpdatedAt.AddHours(2));
            run.Jobs.Add(GitHubFake.Job("acme/app", run, 7));
        }) with
        { When = r => r.Query["page"] == "2" });

        var delivery = await github.Rig.FetchAsync(setup, offer);
        var next = (await SourceRig.FindAsync(setup)).Single();
        github.Fake.Server.Forget();
        await github.Rig.FetchAsync(setup, next);

        Assert.That((delivery.ExpectedRows, next.Version != offer.Version, github.JobRequests), Is.EqualTo((151L, true, 2)));
    }

    [Test]
    public async Task State_Damaged_CostsRequestsAndChangesNothing()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 120);
        github.Fake.AddRuns("acme/app", "2026-05-02T08:00:00Z", 2, firstId: 1);
        var setup = github.Jobs();
        var (_, before) = await github.Rig.TakeAsync(setup, "2026-05..2026-07");
        foreach (var file in Directory.EnumerateFiles(github.Rig.State, "*", SearchOption.AllDirectories).ToList())
        {
            var bytes = await File.ReadAllBytesAsync(file);
            await File.WriteAllBytesAsync(file, bytes[..(bytes.Length / 2)]);
        }

        var (code, after) = await github.Rig.TakeAsync(setup, "2026-05..2026-07");

        Assert.That(code, Is.Null);
        Assert.That(SourceRig.Lines(after), Is.EqualTo(SourceRig.Lines(before)));
    }

    [Test]
    public async Task Run_MoreRequestsThanAllowed_IsRefusedByName()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 5);

        var (code, _) = await github.Rig.TakeAsync(github.Jobs("repositories: [acme/app]", "maxRequests: 7"));

        Assert.That((code, github.Fake.Server.Requests.Count), Is.EqualTo(("request-budget-spent", 7)));
    }

    [Test]
    public async Task Endpoint_OfAnEnterpriseServer_KeepsItsPath()
    {
        await using var github = await GitHubFixture.StartAsync("/api/v3");
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 150);

        var (code, deliveries) = await github.Rig.TakeAsync(github.Jobs());

        Assert.That((code, deliveries.Single().ExpectedRows), Is.EqualTo(((string?)null, 150L)));
    }
}
