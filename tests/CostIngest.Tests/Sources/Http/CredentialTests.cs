using Azure.Core;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Http;
using CiCost.Policy.Sources;
using static CiCost.CostIngest.Tests.Sources.Http.StubHandler;

namespace CiCost.CostIngest.Tests.Sources.Http;

/// <summary>Who we are is proved at every attempt, and a refused token is renewed once.</summary>
public sealed class CredentialTests
{
    [Test]
    public async Task Bearer_Repeated_IsReadAnewAndSentOnce()
    {
        var tokens = new Queue<string>(["first", "second"]);
        var stub = new StubHandler(Answer(500), Answer(200));
        using var http = Chain(stub, Credentials.Bearer(tokens.Dequeue));

        await http.GetAsync("x", default);

        Assert.That(stub.Requests[1].Headers.GetValues("Authorization"), Is.EqualTo(new[] { "Bearer second" }));
    }

    [Test]
    public void Bearer_SecretThatIsNotSet_IsNamedWithItsPlace()
    {
        var secret = new SecretReference("env:CICOST_TEST_IS_NOT_SET");
        using var http = Chain(new StubHandler(Answer(200)), Credentials.Bearer(secret.Read));

        var error = Assert.ThrowsAsync<SourceException>(() => http.GetAsync("x", default));

        Assert.That(error.Code, Is.EqualTo("secret-missing"));
        Assert.That(error.Message, Does.Contain("env:CICOST_TEST_IS_NOT_SET"));
    }

    [Test]
    public async Task Azure_TokenRefusedWithClaims_IsAskedForWithThem()
    {
        const string Claims = """{"access_token":{"nbf":{"value":"1"}}}""";
        var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Claims));
        var credential = new FakeTokens();
        var stub = new StubHandler(
            Answer(401, "{}", ("WWW-Authenticate", $"Bearer error=\"insufficient_claims\", claims=\"{encoded}\"")), Answer(200));
        using var http = Chain(stub, Credentials.Azure(credential, "https://management.azure.com/.default"));

        await http.GetAsync("x", default);

        Assert.That(credential.Claims, Is.EqualTo(new[] { null, Claims }));
        Assert.That(stub.Requests[1].Headers.Authorization!.Parameter, Is.EqualTo("token-2"));
    }

    [Test]
    public void Azure_EveryTokenRefused_EndsAfterTwo()
    {
        var credential = new FakeTokens();
        var stub = new StubHandler(Answer(401, """{"error":{"code":"ExpiredAuthenticationToken","message":"old"}}"""));
        using var http = Chain(stub, Credentials.Azure(credential, "scope"));

        var error = Assert.ThrowsAsync<SourceException>(() => http.GetAsync("x", default));

        Assert.That(error.Code, Is.EqualTo("credentials-refused"));
        Assert.That(error.Message, Does.Contain("ExpiredAuthenticationToken"));
        Assert.That(stub.Requests, Has.Count.EqualTo(2));
    }

    private static SourceHttp Chain(StubHandler stub, Authorisation authorisation) => HttpChain.Create(new HttpChainOptions
    {
        Provider = "Fake",
        BaseAddress = new Uri("https://fake.example/"),
        Authorisation = authorisation,
        FirstWait = TimeSpan.FromMilliseconds(1),
        Transport = stub,
    });

    private sealed class FakeTokens : TokenCredential
    {
        public List<string?> Claims { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Claims.Add(requestContext.Claims);
            return new AccessToken($"token-{Claims.Count}", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
