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
        var offers = await AwsSources.Find(Source("ext-4711"), "2026-05", "2026-06");

        Assert.That(offers, Has.Count.EqualTo(2));
        Assert.That(_sts.Taken, Is.EqualTo(1));
        Assert.That(
            _it.S3.Server.Requests.Select(r => r.Header("X-Amz-Security-Token")).Distinct(), Is.EqualTo(new[] { "role-token-1" }));
    }

    [Test]
    public async Task Find_KeysThatExpireSoon_AreTakenAnew()
    {
        _sts.Lifetime = TimeSpan.FromMinutes(4);

        await AwsSources.Find(Source("ext-4711"), "2026-05", "2026-06");

        Assert.That(_sts.Taken, Is.GreaterThan(1));
    }

    [Test]
    public void Find_WrongExternalId_IsDenied()
    {
        var error = Assert.ThrowsAsync<SourceException>(() => AwsSources.Find(Source("wrong"), "2026-05", "2026-06"));

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

        Assert.That(await AwsSources.Find(Source("ext-4711"), "2026-05", "2026-06"), Has.Count.EqualTo(2));
    }

    [Test]
    public void Find_SecretFileThatIsMissing_NamesThePlace()
    {
        var source = _it.Source("\n    accessKeyId: file:nowhere/id\n    secretAccessKey: file:nowhere/secret");

        Assert.That(
            () => AwsSources.Find(source, "2026-05", "2026-05"),
            Throws.TypeOf<Policy.Sources.SecretException>().With.Message.Contains("file:nowhere/id"));
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
            () => _it.Sources.Make(new AwsDataExportsConnector(), $"\n    bucket: b\n    exportName: e{setting}"));

        Assert.That(error.Message, Does.Contain(words).And.Not.Contain("AKIAPLAIN"));
    }

    private ISource Source(string externalId) => _it.Source(
        _it.Sources.Keys() + $"\n    roleArn: {Role}\n    externalId: {externalId}\n    stsEndpoint: {_sts.Server.Address}");
}
