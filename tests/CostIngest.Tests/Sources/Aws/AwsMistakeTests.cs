using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Aws.Exports;
using CiCost.Policy;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;
using CiCost.TestKit.Servers.Aws;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>What somebody who connects an account for the first time gets wrong, and whether the message says which setting it is.</summary>
public sealed class AwsMistakeTests
{
    private const string Role = "arn:aws:iam::111122223333:role/cicost-reader";

    private ExportFixture _it = null!;

    [SetUp]
    public async Task Start() => _it = await ExportFixture.StartAsync();

    [TearDown]
    public async Task Stop() => await _it.DisposeAsync();

    [Test]
    public void Find_FolderThatThePolicyDoesNotCover_NamesTheSettingsBeforeThePermission()
    {
        const string Denied = "<Error><Code>AccessDenied</Code><Message>not authorized to perform: s3:ListBucket</Message></Error>";
        _it.S3.Server.Misbehave(Fault.Answer(403, Denied, "application/xml") with { Times = 99 });

        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(_it.Source(name: "another"), "2026-05..2026-06"));

        Assert.That(error.Code, Is.EqualTo("access-denied"));
        Assert.That(error.Message, Does.Contain("s3://demo/exports/another/").And.Contain("s3:ListBucket"));
        Assert.That(error.Message, Does.Contain("Correct 'bucket', 'prefix' or 'exportName'").And.Contain("step 3"));
    }

    [Test]
    public async Task Find_OtherExternalId_NamesBothSettingsAndTheStep()
    {
        await using var sts = await FakeSts.StartAsync(Role, "ext-4711", _it.S3.Keys);
        var source = _it.Source(_it.Rig.Keys() + $"\n    roleArn: {Role}\n    externalId: wrong\n    stsEndpoint: {sts.Server.Address}");

        var error = Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(source, "2026-05..2026-06"));

        Assert.That(error.Code, Is.EqualTo("access-denied"));
        Assert.That(error.Message, Does.Contain("'roleArn' and 'externalId'").And.Contain("trust policy").And.Contain("step 4"));
    }

    [Test]
    public async Task Pull_ThatFailsAsAWhole_DoesNotRepeatTheSourceInItsMessage()
    {
        using var books = await BookFixture.OpenAsync();
        var sources = _it.Rig.Read($"""
            sources:
              - key: aws
                connector: aws-data-exports
                bucket: demo
                prefix: exportz
                exportName: costroid-demo
                endpoint: {_it.S3.Server.Address}{_it.Rig.Keys()}
            """);

        var failure = (await SourceRig.PullAsync(books, sources, "2026-05..2026-06", "aws")).Failures.Single();

        Assert.That((failure.Where, failure.Code), Is.EqualTo(("aws", "export-not-found")));
        Assert.That(failure.Message, Does.StartWith("Nothing lies below s3://demo/exportz/costroid-demo/."));
    }

    [TestCase("bucket: arn:aws:s3:::acme-billing", "'arn:aws:s3:::acme-billing' is no bucket's name")]
    [TestCase("bucket: s3://acme-billing", "'s3://acme-billing' is no bucket's name")]
    [TestCase("bucket: acme-billing/cicost", "'acme-billing/cicost' is no bucket's name")]
    [TestCase("exportName: cicost/focus", "'cicost/focus' is no export's name")]
    [TestCase("prefix: s3://acme-billing/cicost", "'s3://acme-billing/cicost' is no prefix")]
    [TestCase("accessKeyId: env:ONE\n    secretAccessKey: PLAINTEXT", "'secretAccessKey' must name where the secret stands")]
    public void Create_ValueOfAnotherPlace_IsOneMistakeWithItsValue(string setting, string words)
    {
        var key = setting[..setting.IndexOf(':', StringComparison.Ordinal)];
        string[] defaults = ["bucket: acme-billing", "prefix: cicost", "exportName: focus"];
        var settings = string.Concat(defaults.Where(d => !d.StartsWith(key + ":", StringComparison.Ordinal)).Append(setting).Select(s => "\n    " + s));

        var error = Assert.Throws<PolicyException>(() => _it.Rig.Setup(new AwsDataExportsConnector(), settings));

        Assert.That(error.Errors.Single().Message, Does.Contain(words).And.Not.Contain("PLAINTEXT"));
        Assert.That(error.Message, Does.StartWith("sources.yaml has a mistake."));
    }
}
