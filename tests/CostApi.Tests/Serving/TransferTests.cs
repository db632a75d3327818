using CiCost.CostApi.Tests.Scheduling;
using CiCost.CostApi.Webhooks;
using CiCost.Policy.Sources;
using CiCost.TestKit;

namespace CiCost.CostApi.Tests.Serving;

/// <summary>Every route that takes a body, with every transfer that is the caller's fault: a 4xx, and not a line in the log.</summary>
public sealed class TransferTests
{
    private const string Hook = "/v1/hooks/github";
    private const string Runs = "/v1/schedule/bill/runs";
    private static readonly string[] Routes = [Hook, Runs];

    private static readonly (string Name, string Headers, string Body, int Status)[] Transfers =
    [
        ("too long", "Content-Length: 40000000", "{", 413),
        ("longer than any number", "Content-Length: 99999999999999999999999", "{", 400),
        ("negative", "Content-Length: -1", "{", 400),
        ("two lengths", "Content-Length: 1\r\nContent-Length: 2", "{", 400),
        ("bad chunk", "Transfer-Encoding: chunked", "zz\r\n{}\r\n", 400),
        ("chunk overflow", "Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFF\r\n{}\r\n", 400),
        ("chunk without end", "Transfer-Encoding: chunked", "2\r\n{}zz\r\n", 400),
        ("unknown coding", "Transfer-Encoding: gzip", "{}", 400),
    ];

    private ServedSchedule _served = null!;
    private TempFolder _folder = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _folder = new TempFolder();
        var secret = _folder.Write("secret", "shared");
        _served = await ServedSchedule.StartAsync(new FakePulls(TimeProvider.System, FakePulls.Source("bill", "0 0 0 1 1 ?")),
            new GitHubHookOptions(new SecretReference("file:" + secret), "github-jobs"));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _served.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Transfer_ThatIsMalformed_IsTheCallersFault([ValueSource(nameof(Routes))] string route,
        [ValueSource(nameof(Names))] string name)
    {
        var (_, headers, body, status) = Transfers.Single(t => t.Name == name);
        var (answered, text) = await RawHttp.SendAsync(_served.Client.BaseAddress!, await RequestAsync(route, headers, body), closesAtOnce: false);
        Assert.That(answered, Is.EqualTo(status), text);
        Assert.That(_served.Log.Lines, Is.Empty);
    }

    [Test]
    public async Task Body_ThatBreaksOffOrIsSlow_IsNoDefect([ValueSource(nameof(Routes))] string route, [Values] bool closesAtOnce)
    {
        var request = await RequestAsync(route, "Content-Length: 1000\r\nContent-Type: application/json", "{\"a\":");
        var (status, text) = await RawHttp.SendAsync(_served.Client.BaseAddress!, request, closesAtOnce);

        // A server that is asked after it has seen the end of the broken transfer, too.
        var (alive, _, _) = await _served.SendAsync(HttpMethod.Get, "/v1/schedule");
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(closesAtOnce ? 0 : 408), text);
            Assert.That(alive, Is.EqualTo(System.Net.HttpStatusCode.OK));
            Assert.That(_served.Log.Lines, Is.Empty);
        });
    }

    private static IEnumerable<string> Names() => Transfers.Select(t => t.Name);

    private async Task<string> RequestAsync(string route, string headers, string body) =>
        $"POST {route} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {(await File.ReadAllTextAsync(_served.TokenFile)).Trim()}\r\n"
        + $"Connection: close\r\n{headers}\r\n\r\n{body}";
}
