using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Http;
using CiCost.TestKit;
using static CiCost.CostIngest.Tests.Sources.Http.StubHandler;

namespace CiCost.CostIngest.Tests.Sources.Http;

/// <summary>Repeats, waits and time limits with a clock that the tests move: no test waits.</summary>
public sealed class HttpChainTests
{
    // Lengths that no wait has, so that the clock can tell limits from waits.
    private static readonly TimeSpan Total = TimeSpan.FromSeconds(599.999);
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(99.999);

    private ManualTime _clock = null!;

    [SetUp]
    public void SetClock() => _clock = new ManualTime(DateTimeOffset.Parse("2026-08-05T00:00:00Z"))
    {
        Skips = wait => wait != Total && wait != Attempt,
    };

    [Test]
    public async Task Get_UnavailableTwice_IsRepeatedWithGrowingWaits()
    {
        var stub = new StubHandler(Answer(500), Answer(503), Answer(200, """{"a":1}"""));

        var answer = await Ask(stub);

        using var json = answer.ReadJson();
        Assert.That(json.RootElement.GetProperty("a").GetInt32(), Is.EqualTo(1));
        Assert.That(stub.Requests, Has.Count.EqualTo(3));
        Assert.That(_clock.Skipped, Has.Count.EqualTo(2));
        Assert.That(_clock.Skipped[0].TotalSeconds, Is.InRange(0.5, 1.0));
        Assert.That(_clock.Skipped[1].TotalSeconds, Is.InRange(1.0, 2.0));
    }

    [Test]
    public async Task Get_RetryAfterInSeconds_IsWaitedExactly()
    {
        var stub = new StubHandler(Answer(429, "", ("Retry-After", "77")), Answer(200));

        await Ask(stub);

        Assert.That(_clock.Skipped, Is.EqualTo(new[] { TimeSpan.FromSeconds(77) }));
    }

    [Test]
    public async Task Get_RetryAfterAsDate_IsWaitedUntilThen()
    {
        var stub = new StubHandler(Answer(503, "", ("Retry-After", "Wed, 05 Aug 2026 00:02:00 GMT")), Answer(200));

        await Ask(stub);

        Assert.That(_clock.Skipped, Is.EqualTo(new[] { TimeSpan.FromMinutes(2) }));
    }

    [Test]
    public void Get_WaitLongerThanTheTotalTime_GivesTheRefusalAtOnce()
    {
        var stub = new StubHandler(Answer(429, "", ("Retry-After", "3600")));

        var error = Assert.ThrowsAsync<SourceException>(() => Ask(stub));

        Assert.That(error.Code, Is.EqualTo("provider-throttles"));
        Assert.That(error.Message, Does.Contain("3600 seconds"));
        Assert.That(stub.Requests, Has.Count.EqualTo(1));
        Assert.That(_clock.Skipped, Is.Empty);
    }

    [Test]
    public void Get_WaitsThatTogetherOutlastTheTotalTime_StopBeforeTheLastOne()
    {
        var stub = new StubHandler(Answer(429, "", ("Retry-After", "250")));

        var error = Assert.ThrowsAsync<SourceException>(() => Ask(stub));

        Assert.That(error.Code, Is.EqualTo("provider-throttles"));
        Assert.That(_clock.Skipped, Is.EqualTo(new[] { TimeSpan.FromSeconds(250), TimeSpan.FromSeconds(250) }));
        Assert.That(stub.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public void Get_NeverAvailable_EndsAfterTheLastAttempt()
    {
        var stub = new StubHandler(Answer(502));

        var error = Assert.ThrowsAsync<SourceException>(() => Ask(stub));

        Assert.That(error.Code, Is.EqualTo("provider-unavailable"));
        Assert.That(stub.Requests, Has.Count.EqualTo(6));
    }

    [TestCase(400, "request-refused")]
    [TestCase(401, "credentials-refused")]
    [TestCase(403, "access-denied")]
    [TestCase(404, "not-found-at-provider")]
    [TestCase(412, "object-changed")]
    [TestCase(307, "redirect-refused")]
    public void Get_RefusalThatStays_IsNotRepeated(int status, string code)
    {
        var stub = new StubHandler(Answer(status, """{"message":"say\nwhy"}"""));

        var error = Assert.ThrowsAsync<SourceException>(() => Ask(stub));

        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.StartWith($"Fake (GET /v1/thing) answered {status}: say why."));
        Assert.That(stub.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Get_BodyThatBreaksOff_IsRepeated()
    {
        var stub = new StubHandler(
            (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new BrokenStream("{\"a\":"u8.ToArray())) }),
            Answer(200, """{"a":2}"""));

        var answer = await Ask(stub);

        Assert.That(answer.Body.Length, Is.EqualTo(7));
        Assert.That(stub.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Get_AttemptThatHangs_IsGivenUpAndRepeated()
    {
        var stub = new StubHandler(Hangs(Attempt), Answer(200));

        await Ask(stub);

        Assert.That(stub.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public void Get_EveryAttemptHangs_EndsWithinTheTotalTime()
    {
        var stub = new StubHandler(Hangs(Attempt));

        var error = Assert.ThrowsAsync<SourceException>(() => Ask(stub));

        Assert.That(error.Code, Is.EqualTo("provider-silent"));
        Assert.That(error.Message, Does.Contain("no answer in time"));
        Assert.That(_clock.GetUtcNow() - DateTimeOffset.Parse("2026-08-05T00:00:00Z"), Is.LessThanOrEqualTo(Total + Attempt));
    }

    [Test]
    public void Get_NobodyListens_SaysSoAfterRepeats()
    {
        var stub = new StubHandler(Breaks(new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused (127.0.0.1:1)")));

        var error = Assert.ThrowsAsync<SourceException>(() => Ask(stub));

        Assert.That(error.Code, Is.EqualTo("provider-unreachable"));
        Assert.That(stub.Requests, Has.Count.EqualTo(6));
    }

    [Test]
    public void Get_NameThatDoesNotResolve_IsNotRepeated()
    {
        var stub = new StubHandler(Breaks(new HttpRequestException(HttpRequestError.NameResolutionError, "no such host")));

        var error = Assert.ThrowsAsync<SourceException>(() => Ask(stub));

        Assert.That(error.Code, Is.EqualTo("provider-unreachable"));
        Assert.That(stub.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Get_Cancelled_IsNoErrorOfTheSource()
    {
        using var cancel = new CancellationTokenSource();
        var stub = new StubHandler((_, _) =>
        {
            cancel.Cancel();
            cancel.Token.ThrowIfCancellationRequested();
            return Answer(200)(null!, default);
        });

        Assert.That(() => Ask(stub, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Get_LongBody_IsRefusedWithoutRepeats()
    {
        var stub = new StubHandler(Answer(200, new string('x', 2000)));

        var error = Assert.ThrowsAsync<SourceException>(() => Ask(stub, o => o with { MostBodyBytes = 1000 }));

        Assert.That(error.Code, Is.EqualTo("answer-too-large"));
        Assert.That(stub.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Get_NoJson_SaysSo()
    {
        var stub = new StubHandler(Answer(200, "<html>Sign in</html>"));

        var error = Assert.ThrowsAsync<SourceException>(async () => (await Ask(stub)).ReadJson());

        Assert.That(error.Code, Is.EqualTo("answer-unreadable"));
    }

    [Test]
    public void Get_BudgetOfRequests_CountsRepeatsAndStopsBeforeTheNext()
    {
        var counter = new RequestCounter(3, "maxRequests");
        var stub = new StubHandler(Answer(500));

        var error = Assert.ThrowsAsync<SourceException>(() => Ask(stub, o => o with { Counter = counter }));

        Assert.That(error.Code, Is.EqualTo("request-budget-spent"));
        Assert.That(error.Message, Does.Contain("'maxRequests'"));
        Assert.That((counter.Count, stub.Requests.Count), Is.EqualTo((3, 3)));
    }

    [Test]
    public void Get_QueryWithASecret_IsInNoError()
    {
        var stub = new StubHandler(Answer(403, "<Error><Code>No</Code><StringToSign>sig=TOPSECRET</StringToSign></Error>"));
        using var http = HttpChain.Create(Options(stub));

        var error = Assert.ThrowsAsync<SourceException>(() => http.GetAsync("v1/thing?sig=TOPSECRET", default));

        Assert.That(error.ToString(), Does.Not.Contain("TOPSECRET"));
        Assert.That(error.Message, Does.Contain("403: No."));
    }

    private HttpChainOptions Options(HttpMessageHandler transport) => new()
    {
        Provider = "Fake",
        BaseAddress = new Uri("http://127.0.0.1:1/"),
        Time = _clock,
        TotalTime = Total,
        AttemptTime = Attempt,
        Jitter = new Random(1),
        Transport = transport,
    };

    private Task<HttpAnswer> Ask(StubHandler stub, CancellationToken cancellationToken) => Ask(stub, o => o, cancellationToken);

    private async Task<HttpAnswer> Ask(
        StubHandler stub, Func<HttpChainOptions, HttpChainOptions>? change = null, CancellationToken cancellationToken = default)
    {
        using var http = HttpChain.Create((change ?? (o => o))(Options(stub)));
        return await http.GetAsync("v1/thing?page=2", cancellationToken);
    }

    private Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Hangs(TimeSpan time) => (_, cancellationToken) =>
    {
        var left = new TaskCompletionSource<HttpResponseMessage>();
        cancellationToken.Register(() => left.TrySetCanceled(cancellationToken));
        _clock.Advance(time);
        return left.Task;
    };

    private sealed class BrokenStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length
                ? throw new HttpIOException(HttpRequestError.ResponseEnded, "ended")
                : base.ReadAsync(buffer, cancellationToken);

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new HttpIOException(HttpRequestError.ResponseEnded, "ended");
    }
}
