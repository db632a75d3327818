using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Aws.Exports;
using CiCost.Policy;
using CiCost.TestKit.Servers;
using CiCost.TestKit.Servers.Aws;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>The role in the paying account, taken with an external id from a server that verifies who asks.</summary>
public sealed class AwsRoleTests
{
    private const string Role = "arn:aws:iam::999999999999:role/cicost-reader";

    private ExportFixture _it = null!;
    private FakeSts _sts = null!;

    [SetUp]
    public async Task Start()
    {
        _it = await ExportFixture.StartAsync();
        _sts = await FakeSts.StartAsync(Role, "ext-4711", _it.S3.Keys);
    }

    [TearDown]
    public async Task Stop()
    {
        await _sts.DisposeAsync();
        await _it.DisposeAsync();
    }

    [Test]
    public async Task Find_WithRole_AsksWithItsKeysAndTakesItOnce()
    {
        var offers = await SourceRig.FindAsync(Source("ext-4711"), "2026-05..2026-06");

        Assert.That(offers, Has.Count.EqualTo(2));
        Assert.That(_sts.Taken, Is.EqualTo(1));
        Assert.That(
            _it.S3.Server.Requests.Select(r => r.Header("X-Amz-Security-Token")).Distinct(), Is.EqualTo(new[] { "role-token-1" }));
    }

    [Test]
    public async Task Find_KeysThatExpireSoon_AreTakenAnew()
    {
        _sts.Lifetime = TimeSpan.FromMinutes(4);

        await SourceRig.FindAsync(Source("ext-4711"), "2026-05..2026-06");

        Assert.That(_sts.Taken, Is.GreaterThan(1));
    }

    [Test]
    public void Find_WrongExternalId_IsDenied()
    {
        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(Source("wrong"), "2026-05..2026-06"));

        Assert.That(error.Code, Is.EqualTo("access-denied"));
        Assert.That(error.Message, Does.Contain(Role).And.Contain("sts:AssumeRole"));
        Assert.That(_it.S3.Server.Requests, Is.Empty);
    }

    [Test]
    public async Task Find_StsThrottlesAndFails_IsRepeated()
    {
        _sts.Server.Misbehave(
            Fault.Answer(400, "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>", "text/xml"),
            Fault.Answer(503));

        Assert.That(await SourceRig.FindAsync(Source("ext-4711"), "2026-05..2026-06"), Has.Count.EqualTo(2));
    }

    [Test]
    public void Find_SecretFileThatIsMissing_NamesThePlace()
    {
        var source = _it.Source("\n    accessKeyId: file:nowhere/id\n    secretAccessKey: file:nowhere/secret");

        Assert.That(
            () => SourceRig.FindAsync(source, "2026-05"),
            Throws.TypeOf<Policy.Sources.SecretException>().With.Message.Contains("file:nowhere/id"));
    }

    [Test]
    public async Task Find_NoKeysInTheSettings_TakesThoseOfTheEnvironment()
    {
        using var environment = new EnvironmentOf(("AWS_ACCESS_KEY_ID", "AKIATEST"), ("AWS_SECRET_ACCESS_KEY", "test-secret"));

        Assert.That(await SourceRig.FindAsync(_it.Source(keys: ""), "2026-05..2026-06"), Has.Count.EqualTo(2));
    }

    [Test]
    public void Find_NoKeysAnywhere_SaysWhereTheyCanStand()
    {
        using var environment = new EnvironmentOf();

        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(_it.Source(keys: ""), "2026-05..2026-06"));

        Assert.That(error.Code, Is.EqualTo("credentials-missing"));
        Assert.That(_it.S3.Server.Requests, Is.Empty);
    }

    [TestCase("\n    accessKeyId: env:ONE", "belong together")]
    [TestCase("\n    accessKeyId: AKIAPLAIN\n    secretAccessKey: env:TWO", "where the secret stands")]
    [TestCase("\n    roleArn: cicost-reader", "must be the ARN")]
    [TestCase("\n    externalId: x", "Add 'roleArn'")]
    [TestCase("\n    buckets: x", "not a setting of this connector")]
    [TestCase("\n    table: focus-1.2", "Use one of")]
    [TestCase("\n    endpoint: http://example.org", "https address")]
    public void Create_SettingThatCannotBe_IsListed(string setting, string words)
    {
        var error = Assert.Throws<PolicyException>(
            () => _it.Rig.Setup(new AwsDataExportsConnector(), $"\n    bucket: b\n    exportName: e{setting}"));

        Assert.That(error.Message, Does.Contain(words).And.Not.Contain("AKIAPLAIN"));
    }

    /// <summary>An environment in which AWS's libraries find nothing but what is given; the former one comes back.</summary>
    private sealed class EnvironmentOf : IDisposable
    {
        private static readonly string[] Places =
        [
            "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        ];

        private readonly Dictionary<string, string?> _before = [];

        public EnvironmentOf(params (string Name, string Value)[] variables)
        {
            foreach (var name in Places)
            {
                Set(name, null);
            }

            // Without this the library asks an address that only machines at AWS have.
            Set("AWS_EC2_METADATA_DISABLED", "true");
            Set("AWS_SHARED_CREDENTIALS_FILE", "nowhere");
            foreach (var (name, value) in variables)
            {
                Set(name, value);
            }
        }

        public void Dispose()
        {
            foreach (var (name, value) in _before)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        private void Set(string name, string? value)
        {
            _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private ISource Source(string externalId) => _it.Source(
        _it.Rig.Keys() + $"\n    roleArn: {Role}\n    externalId: {externalId}\n    stsEndpoint: {_sts.Server.Address}");
}
