using System.IO.Compression;
using System.Security.Cryptography;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Http;
using CiCost.TestKit;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Http;

/// <summary>A download is whole or not at all, over real connections that break in every way.</summary>
public sealed class DownloadTests
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(300_000);

    private TempFolder _folder = null!;
    private FakeServer _server = null!;
    private SourceHttp _http = null!;
    private bool _announceLength;

    private string Target => _folder.File("file");

    [SetUp]
    public async Task Start()
    {
        _announceLength = true;
        _folder = new TempFolder();
        _server = await FakeServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentLength = _announceLength ? Content.Length : null;
            await context.Response.Body.WriteAsync(Content);
        });
        _http = HttpChain.Create(new HttpChainOptions
        {
            Provider = "Fake",
            BaseAddress = _server.Address,
            FirstWait = TimeSpan.FromMilliseconds(1),
        });
    }

    [TearDown]
    public async Task Stop()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Download_Proper_HasTheBytes()
    {
        var bytes = await Download(new DownloadLimits { ExpectedBytes = Content.Length });

        Assert.That(bytes, Is.EqualTo(Content.Length));
        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Download_CutOffTwice_IsBegunAgainAndWhole(bool announceLength)
    {
        _announceLength = announceLength;
        _server.Misbehave(Fault.CutOffAfter(1_000) with { Times = 2 });

        await Download(new DownloadLimits { ExpectedBytes = Content.Length });

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
        Assert.That(_server.Requests, Has.Count.EqualTo(3));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Download_CutOffEveryTime_LeavesNoFile(bool announceLength)
    {
        _announceLength = announceLength;
        _server.Misbehave(Fault.CutOffAfter(150_000) with { Times = 99 });

        var error = Assert.ThrowsAsync<SourceException>(() => Download(new DownloadLimits { MostRestarts = 2 }));

        Assert.That(error.Code, Is.EqualTo("download-cut-off"));
        Assert.That(error.Message, Does.Contain("3 times"));
        Assert.That(File.Exists(Target), Is.False);
    }

    [Test]
    public async Task Download_StandsStillOnce_IsBegunAgain()
    {
        _server.Misbehave(Fault.StallAfter(100_000));

        await Download(new DownloadLimits { IdleTime = TimeSpan.FromMilliseconds(300) });

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(Content));
    }

    [Test]
    public void Download_StandsStillEveryTime_IsGivenUp()
    {
        _server.Misbehave(Fault.StallAfter(100_000) with { Times = 99 });

        var error = Assert.ThrowsAsync<SourceException>(
            () => Download(new DownloadLimits { IdleTime = TimeSpan.FromMilliseconds(100), MostRestarts = 1 }));

        Assert.That(error.Code, Is.EqualTo("download-stalled"));
        Assert.That(File.Exists(Target), Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Download_LongerThanAllowed_IsRefused(bool announceLength)
    {
        _announceLength = announceLength;

        var error = Assert.ThrowsAsync<SourceException>(() => Download(new DownloadLimits { MostBytes = 200_000 }));

        Assert.That(error.Code, Is.EqualTo("download-too-large"));
        Assert.That(File.Exists(Target), Is.False);
        Assert.That(_server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(299_999, true)]
    [TestCase(300_001, false)]
    public void Download_OtherLengthThanTheManifestSays_IsRefused(int expected, bool announceLength)
    {
        _announceLength = announceLength;

        var error = Assert.ThrowsAsync<SourceException>(() => Download(new DownloadLimits { ExpectedBytes = expected }));

        Assert.That(error.Code, Is.EqualTo("size-differs"));
        Assert.That(File.Exists(Target), Is.False);
    }

    [Test]
    public async Task Download_UnavailableBeforeTheBody_IsRepeated()
    {
        _server.Misbehave(Fault.Answer(503), Fault.Answer(429, headers: ("Retry-After", "0")));

        await Download(new DownloadLimits());

        Assert.That(_server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public void Download_ReplacedMeanwhile_IsNamed()
    {
        _server.Misbehave(Fault.CutOffAfter(10), Fault.Answer(412, "<Error><Code>PreconditionFailed</Code></Error>"));

        var error = Assert.ThrowsAsync<SourceException>(() => Download(new DownloadLimits()));

        Assert.That(error.Code, Is.EqualTo("object-changed"));
        Assert.That(File.Exists(Target), Is.False);
    }

    [Test]
    public async Task WholeGzip_MembersThatEnd_AreTaken()
    {
        File.WriteAllBytes(Target, [.. Gzip(Content), .. Gzip([1, 2, 3])]);

        await WholeGzip.VerifyAsync("x", Target, Content.Length + 3, default);

        Assert.That(
            Assert.ThrowsAsync<SourceException>(() => WholeGzip.VerifyAsync("x", Target, Content.Length + 2, default)).Code,
            Is.EqualTo("download-too-large"));
    }

    [Test]
    public void WholeGzip_CutOffAnywhere_IsDamaged()
    {
        var whole = Gzip(Content.AsSpan(0, 200).ToArray());
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Target, whole[..length]);
            var expected = length == 0 ? null : "gzip-damaged";

            Assert.That(CodeOf(Target), Is.EqualTo(expected), $"{length} bytes");
        }
    }

    [Test]
    public void WholeGzip_AlteredByte_IsDamaged()
    {
        var bytes = Gzip(Content);
        bytes[^6] ^= 1;
        File.WriteAllBytes(Target, bytes);

        Assert.That(CodeOf(Target), Is.EqualTo("gzip-damaged"));
    }

    private static string? CodeOf(string path)
    {
        try
        {
            WholeGzip.VerifyAsync("x", path, 1_000_000, default).GetAwaiter().GetResult();
            return null;
        }
        catch (SourceException exception)
        {
            return exception.Code;
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }

    private Task<long> Download(DownloadLimits limits) =>
        _http.DownloadAsync(() => new HttpRequestMessage(HttpMethod.Get, "folder/file"), Target, limits, default);
}
