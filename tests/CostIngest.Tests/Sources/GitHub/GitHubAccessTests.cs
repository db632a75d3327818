using System.Security.Cryptography;
using CiCost.CostIngest.Sources;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.GitHub;

/// <summary>Who asks, and with what.</summary>
public sealed class GitHubAccessTests
{
    [Test]
    public async Task App_LongRun_RenewsItsTokenShortlyBeforeItExpires()
    {
        await using var github = await GitHubFixture.StartAsync();
        for (var day = 1; day <= 5; day++)
        {
            github.Fake.AddRuns("acme/app", $"2026-07-0{day}T08:00:00Z", 3, firstId: day * 100);
        }

        List<int> issued = [];
        await foreach (var _ in App(github).Source.FindAsync(SourceRig.Range("2026-07"), CancellationToken.None))
        {
            issued.Add(github.Fake.TokensIssued);
            github.Rig.Time.Advance(TimeSpan.FromMinutes(28));
        }

        Assert.That(issued, Is.EqualTo([1, 1, 2, 2, 3]), "56 minutes after the first, four before its end");
    }

    [Test]
    public async Task App_TokenRevoked_IsFetchedAnewOnce()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 1);
        github.Fake.Server.Misbehave(Fault.Before(github.Fake.RevokeInstallationTokens) with { After = 5 });

        var offers = await SourceRig.FindAsync(App(github));

        Assert.That((offers.Count, github.Fake.TokensIssued), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task App_TokenEndpointFailsForAWhile_IsAskedAgain()
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.AddRuns("acme/app", "2026-07-02T08:00:00Z", 1);
        github.Fake.Server.Misbehave(
            Fault.Answer(502) with { When = r => r.Path.Value!.EndsWith("access_tokens", StringComparison.Ordinal), Times = 2 });

        Assert.That(await SourceRig.FindAsync(App(github)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task App_KeyOfAnotherApp_IsRefusedInWords()
    {
        await using var github = await GitHubFixture.StartAsync();
        using var other = RSA.Create(2048);

        var refusal = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(App(github, other.ExportRSAPrivateKeyPem())))!;

        Assert.That(refusal.Code, Is.EqualTo("credentials-refused"));
        Assert.That(refusal.Message, Does.Contain("installation token: 401").And.Contain("could not be decoded").And.Not.Contain("PRIVATE"));
    }

    [TestCase("not a key")]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----")]
    public async Task App_KeyThatIsNone_IsSaidWithoutIt(string pem)
    {
        await using var github = await GitHubFixture.StartAsync();

        var refusal = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(App(github, pem)))!;

        Assert.That(refusal.Code, Is.EqualTo("secret-missing"));
        Assert.That(refusal.ToString(), Does.Contain("file:").And.Contain("no RSA private key").And.Not.Contain("AAAA"));
    }

    [Test]
    public async Task App_AnswerWithoutToken_IsUnreadable([Values("{}", "[]", "<html>", "{\"token\":1,\"expires_at\":\"x\"}")] string body)
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.Server.Misbehave(Fault.Answer(201, body));

        Assert.That(Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(App(github)))!.Code, Is.EqualTo("answer-unreadable"));
    }

    [Test]
    public async Task Token_NotSet_IsSaidByItsName()
    {
        await using var github = await GitHubFixture.StartAsync();
        var setup = github.Rig.Setup("github-jobs", $"endpoint: {github.Fake.Endpoint}", "token: env:CICOST_TEST_NOT_SET", "repositories: [a/b]");

        var refusal = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(setup))!;

        Assert.That(refusal.Code, Is.EqualTo("secret-missing"));
        Assert.That(refusal.Message, Does.Contain("env:CICOST_TEST_NOT_SET"));
    }

    [Test]
    public async Task Errors_OfEveryKind_HoldNoSecret([Values(401, 403, 404, 429, 500)] int status)
    {
        await using var github = await GitHubFixture.StartAsync();
        github.Fake.Server.Misbehave(Fault.Answer(status, """{"message":"no"}""", headers: ("Retry-After", "9999")) with { Times = 99 });

        var exception = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(github.Usage()))!;

        Assert.That(exception.ToString(), Does.Not.Contain(GitHubFake.Token));
    }

    [TestCase("token: github_pat_1", "repositories: [a/b]", "env:NAME or file:PATH")]
    [TestCase("token: env:A", "repositories: [nonsense]", "OWNER/NAME")]
    [TestCase("token: env:A", "repositories: [a/..]", "OWNER/NAME")]
    [TestCase("token: env:A", "repositories: ['a/b?x']", "OWNER/NAME")]
    [TestCase("token: env:A", "repositories: [a/b, A/B]", "there twice")]
    [TestCase("token: env:A", "organization: a/b", "no organization's name")]
    [TestCase("token: env:A", "monthsBack: 1", "either 'repositories'")]
    [TestCase("appId: 12", "repositories: [a/b]", "all of 'appId'")]
    [TestCase("token: env:A\n    appId: 12", "repositories: [a/b]", "all of 'appId'")]
    [TestCase("token: env:A", "repositories: [a/b]\n    organization: a", "either 'repositories'")]
    public void Settings_Mistake_IsListed(string who, string what, string expected)
    {
        using var rig = new SourceRig();
        var mistakes = rig.Mistakes("github-jobs", who, what);

        Assert.That(mistakes, Does.Contain(expected).And.Not.Contain("github_pat_1"));
    }

    private static SourceSetup App(GitHubFixture github, string? pem = null)
    {
        var key = github.Rig.Folder.Write("app.pem", pem ?? github.Fake.AppKey.ExportRSAPrivateKeyPem());
        return github.Rig.Setup("github-jobs", $"endpoint: {github.Fake.Endpoint}", "appId: Iv1.app", "installationId: 77",
            $"privateKey: file:{key}", "repositories: [acme/app]");
    }
}
