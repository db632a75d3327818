using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Azure;
using CiCost.CostIngest.Sources.Http;
using CiCost.Policy;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>The ways to prove who we are, and mistakes in settings.</summary>
[TestFixture]
[NonParallelizable] // The identity endpoint of a machine is an environment variable.
public sealed class AzureAccessTests
{
    private const string ClientSecret = "credential: client-secret\ntenantId: " + TokenFake.Tenant
        + "\nclientId: app\nclientSecret: file:FOLDER/secret\nauthorityHost: https://login.test/";

    private TokenFake _authority = null!;
    private FakeServer _storage = null!;
    private Func<string?, bool> _accepts = _ => true;

    [SetUp]
    public async Task SetUp()
    {
        _authority = await TokenFake.StartAsync("https://storage.azure.com/.default");
        _accepts = header => header == "Bearer " + _authority.Tokens.LastOrDefault();
        _storage = await FakeServer.StartAsync(async (context, request) =>
        {
            context.Response.StatusCode = _accepts(request.Header("Authorization")) ? 200 : 401;
            await context.Response.WriteAsync("<EnumerationResults><Blobs/><NextMarker/></EnumerationResults>");
        });
    }

    [TearDown]
    public async Task TearDown()
    {
        await _storage.DisposeAsync();
        await _authority.DisposeAsync();
    }

    [Test]
    public async Task ClientSecret_IsAskedForOnceAndUsedForAllRequests()
    {
        using var rig = Rig(ClientSecret);

        await rig.FindAsync("2026-06");
        await rig.FindAsync("2026-06");

        Assert.That(_authority.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(_storage.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task ClientSecretThatIsWrong_NamesTheReasonAndNotTheSecretAndIsReadAnewWhenRenewed()
    {
        using var rig = Rig(ClientSecret);
        rig.Write("secret", "0ld-secret");

        Assert.That(() => rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused")
            .And.Message.Not.Contain("0ld-secret"));

        rig.Write("secret", TokenFake.Secret);
        Assert.That(await rig.FindAsync("2026-06"), Is.Empty);
    }

    [Test]
    public async Task TokenThatExpired_IsDroppedAndAskedForOnceMore()
    {
        using var rig = Rig(ClientSecret);
        await rig.FindAsync("2026-06");
        var first = _authority.Tokens.Single();
        _accepts = header => header != "Bearer " + first;
        _storage.Misbehave(Fault.Answer(401, headers: [("WWW-Authenticate",
            "Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==\"")]));

        await rig.FindAsync("2026-06");

        Assert.That(_authority.Tokens, Has.Count.EqualTo(2));
        Assert.That(_storage.Requests[^1].Header("Authorization"), Is.EqualTo("Bearer " + _authority.Tokens[1]));
    }

    [Test]
    public void TokenThatIsNeverAccepted_IsACredentialError()
    {
        _accepts = _ => false;
        using var rig = Rig(ClientSecret);

        Assert.That(() => rig.FindAsync("2026-06"), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused"));
    }

    [Test]
    public async Task WorkloadIdentity_SendsTheAssertionOfItsFile()
    {
        using var rig = Rig("credential: workload-identity\ntenantId: " + TokenFake.Tenant
            + "\nclientId: app\ntokenFile: FOLDER/assertion\nauthorityHost: https://login.test/");
        rig.Write("assertion", "workload-assertion");

        Assert.That(await rig.FindAsync("2026-06"), Is.Empty);
        Assert.That(_authority.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ManagedIdentity_AsksTheEndpointOfTheMachine()
    {
        // App Service's form: https://learn.microsoft.com/azure/app-service/overview-managed-identity (read 2026-11-21).
        await using var identity = await FakeServer.StartAsync((context, request) =>
        {
            var isKnown = request.Header("X-IDENTITY-HEADER") == "machine"
                && QueryHelpers.ParseQuery(request.Query).GetValueOrDefault("resource") == "https://storage.azure.com";
            context.Response.StatusCode = isKnown ? 200 : 400;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("{\"access_token\":\"of-the-machine\",\"expires_on\":\"4070908800\",\"token_type\":\"Bearer\"}");
        });
        _accepts = header => header == "Bearer of-the-machine";
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", new Uri(identity.Address, "msi/token").AbsoluteUri);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "machine");
        try
        {
            using var rig = Rig("credential: managed-identity", tokens: identity.Address);
            Assert.That(await rig.FindAsync("2026-06"), Is.Empty);
            Assert.That(identity.Requests, Has.Count.EqualTo(1));
        }
        finally
        {
            Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", null);
            Environment.SetEnvironmentVariable("IDENTITY_HEADER", null);
        }
    }

    [TestCase("containerUrl: https://a.blob.core.windows.net/c?sv=1&sig=s3cret\ncredential: managed-identity", "the address of the container alone")]
    [TestCase("containerUrl: https://a.blob.core.windows.net/\ncredential: managed-identity", "must name the container")]
    [TestCase("containerUrl: http://a.blob.core.windows.net/c\ncredential: managed-identity", "must be an https address")]
    [TestCase("credential: managed-identity", "'containerUrl' is missing")]
    [TestCase("containerUrl: https://a.blob.core.windows.net/c", "'credential' is missing")]
    [TestCase("containerUrl: https://a.blob.core.windows.net/c\ncredential: sass", "'sass' is not allowed here. Did you mean 'sas'?")]
    [TestCase("containerUrl: https://a.blob.core.windows.net/c\ncredential: sas\nsas: sv=1&sig=s3cret", "must name where the secret stands")]
    [TestCase("containerUrl: https://a.blob.core.windows.net/c\ncredential: managed-identity\nsas: env:SAS", "'sas' is not a setting")]
    [TestCase("containerUrl: https://a.blob.core.windows.net/c\ncredential: client-secret\ntenantId: t\nclientId: c", "'clientSecret' is missing")]
    public void Settings_WithAMistake_AreRefusedWithItsLineAndNoSecret(string settings, string words)
    {
        var error = Assert.Throws<PolicyException>(() => new OneSource("2026-07-03T12:00:00Z", new AzureExportsConnector(), settings).Dispose());

        Assert.That(error!.Errors.Select(e => e.Message), Has.Some.Contains(words));
        Assert.That(error.Message, Does.Not.Contain("s3cret"));
    }

    [Test]
    public void Chain_IsSharedByAllProviders()
    {
        // The rule of waits is Azure's: the longest of its headers counts.
        using var answer = new HttpResponseMessage(System.Net.HttpStatusCode.TooManyRequests);
        answer.Headers.Add("Retry-After", "3");
        answer.Headers.Add("x-ms-ratelimit-microsoft.costmanagement-entity-retry-after", "11");
        answer.Headers.Add("x-ms-ratelimit-microsoft.costmanagement-tenant-retry-after", "7");

        Assert.That(RetryRule.Azure.Judge(answer, default, DateTimeOffset.UnixEpoch).Wait, Is.EqualTo(TimeSpan.FromSeconds(11)));
    }

    private OneSource Rig(string settings, Uri? tokens = null) => new(
        "2026-07-03T12:00:00Z",
        new AzureExportsConnector
        {
            Transports = (() => new PlainTransport(_storage.Address), () => new PlainTransport(tokens ?? _authority.Server.Address)),
        },
        "containerUrl: https://account.blob.core.windows.net/exports\n" + settings,
        new Dictionary<string, string> { ["secret"] = TokenFake.Secret });
}
