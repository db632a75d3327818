using System.Net;
using CiCost.CostApi.Tests.Scheduling;

namespace CiCost.CostApi.Tests.Serving;

/// <summary>Who may ask and who may change something, whatever a proxy makes of addresses and names.</summary>
public sealed class StrangerTests
{
    private static readonly string Yearly = FakePulls.Source("bill", "0 0 0 1 1 ?");
    private static readonly string[] Writes = ["/v1/schedule/bill/runs", "/v1/schedule/bill/pause", "/v1/schedule/bill/resume"];

    [Test]
    public async Task Writes_WithoutTheToken_AreRefusedAlsoFromThisMachine([ValueSource(nameof(Writes))] string path,
        [Values("", "Bearer", "Bearer ", "Bearer wrong", "Basic dGVzdA==")] string authorization)
    {
        var pulls = new FakePulls(TimeProvider.System, Yearly);
        await using var served = await ServedSchedule.StartAsync(pulls);
        var (status, problem, _) = await served.SendAsync(HttpMethod.Post, path, headers: [("Authorization", authorization)]);
        var (reading, _, _) = await served.SendAsync(HttpMethod.Get, "/v1/schedule");
        Assert.Multiple(() =>
        {
            Assert.That((status, problem.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Unauthorized, "write-not-allowed")));
            Assert.That(reading, Is.EqualTo(HttpStatusCode.OK), "reading is for everyone who reaches it");
            Assert.That(pulls.Runs, Is.Empty);
        });
    }

    /// <summary>A proxy with its defaults: the sender is this machine, the name is its own, and no header tells of anybody else.</summary>
    [Test]
    public async Task Writes_ThroughAProxyThatSaysNothing_NeedTheToken()
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly));
        var (stranger, _, _) = await served.SendAsync(HttpMethod.Post, "/v1/schedule/bill/pause", headers: [("Authorization", "")]);
        var (owner, _, _) = await served.SendAsync(HttpMethod.Post, "/v1/schedule/bill/pause", headers: [("X-Forwarded-For", "192.0.2.7")]);
        Assert.That((stranger, owner), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.OK)));
    }

    [Test]
    public async Task Writes_OfAPageOfAnotherSite_AreRefusedWithTheToken()
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly));
        var (status, problem, _) = await served.SendAsync(HttpMethod.Post, "/v1/schedule/bill/pause", headers: [("Origin", "https://evil.example")]);
        Assert.That((status, problem.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.Forbidden, "write-from-elsewhere")));
    }

    [Test]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public async Task Token_IsTheOwnersAlone_StaysTheSame_AndIsRefusedWhenOthersMayReadIt()
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly));
        var token = await File.ReadAllTextAsync(served.TokenFile);
        var writes = new Hosting.WriteAccess(served.Books.Books.Path);
        writes.Prepare();
        Assert.Multiple(() =>
        {
            Assert.That(token.Trim(), Has.Length.EqualTo(43), "256 bits");
            Assert.That(File.GetUnixFileMode(served.TokenFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(File.ReadAllText(served.TokenFile), Is.EqualTo(token));
        });
        File.SetUnixFileMode(served.TokenFile, (UnixFileMode)0b110_100_100);
        Assert.That(writes.Prepare, Throws.TypeOf<Ledger.BooksException>().With.Property("Code").EqualTo("token-unusable"));
    }

    [TestCase("evil.example", 400)]
    [TestCase("localhost.evil.example", 400)]
    [TestCase("127.0.0.1.nip.io", 400)]
    [TestCase("192.0.2.7", 400)]
    [TestCase("localhost", 200)]
    [TestCase("127.0.0.1:1234", 200)]
    [TestCase("[::1]", 200)]
    [TestCase("costs.example.org", 200)]
    public async Task Names_ThatTheServerWasNotTold_AreNotAnswered(string host, int expected)
    {
        await using var served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, Yearly), hosts: "costs.example.org");
        foreach (var path in new[] { "/v1/schedule", "/health/live", "/openapi/v1.json", "/openapi/x.json" })
        {
            var (status, text) = await RawHttp.GetAsync(served.Client.BaseAddress!, path, host);
            Assert.That(status, Is.EqualTo(expected == 200 && path.EndsWith("x.json", StringComparison.Ordinal) ? 404 : expected), path);
            if (expected == 400)
            {
                Assert.That(text, Does.Contain("host-not-allowed"));
            }
        }
    }
}
