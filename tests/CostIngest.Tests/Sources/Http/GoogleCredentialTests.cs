using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Http;
using CiCost.TestKit.Servers;
using Google.Apis.Auth.OAuth2;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostIngest.Tests.Sources.Http;

/// <summary>A service account's key against a token endpoint that verifies its signature, and an interface that takes only its tokens.</summary>
public sealed class GoogleCredentialTests
{
    private RSA _key = null!;
    private FakeServer _google = null!;
    private int _tokens;
    private string _accepted = "";

    [SetUp]
    public async Task Start()
    {
        _key = RSA.Create(2048);
        (_tokens, _accepted) = (0, "");
        _google = await FakeServer.StartAsync(
            (context, request) => request.Path == "/token" ? TokenAsync(context, request) : ApiAsync(context, request));
    }

    [TearDown]
    public async Task Stop()
    {
        await _google.DisposeAsync();
        _key.Dispose();
    }

    [Test]
    public async Task Get_SeveralRequests_TakeOneToken()
    {
        using var http = Chain(_key);

        await http.GetAsync("v1/a", default);
        var seen = await http.GetAsync("v1/b", default);

        Assert.That(Encoding.UTF8.GetString(seen.Body.Span), Is.EqualTo("""{"token":"token-1","project":"quota-project"}"""));
        Assert.That(_tokens, Is.EqualTo(1));
    }

    [Test]
    public async Task Get_TokenThatIsNoLongerTaken_IsRenewedOnce()
    {
        using var http = Chain(_key);
        await http.GetAsync("v1/a", default);
        _accepted = "token-2";

        await http.GetAsync("v1/b", default);

        Assert.That(_tokens, Is.EqualTo(2));
    }

    [Test]
    public void Get_NoTokenIsTaken_EndsAfterTwo()
    {
        _accepted = "none";
        using var http = Chain(_key);

        Assert.That(
            () => http.GetAsync("v1/a", default), Throws.TypeOf<SourceException>().With.Property("Code").EqualTo("credentials-refused"));
        Assert.That(_tokens, Is.EqualTo(2));
    }

    [Test]
    public void Get_KeyOfAnotherAccount_GetsNoToken()
    {
        using var other = RSA.Create(2048);
        using var http = Chain(other);

        var error = Assert.ThrowsAsync<SourceException>(() => http.GetAsync("v1/a", default));

        Assert.That(error.Code, Is.EqualTo("credentials-refused"));
        Assert.That(error.Message, Does.Contain("invalid_grant").And.Not.Contain("PRIVATE KEY"));
    }

    private SourceHttp Chain(RSA key)
    {
        var json = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["type"] = "service_account",
            ["project_id"] = "p",
            ["private_key_id"] = "1",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = "cicost@p.iam.gserviceaccount.com",
            ["client_id"] = "1",
            ["token_uri"] = new Uri(_google.Address, "token").AbsoluteUri,
            ["quota_project_id"] = "quota-project",
        });
        var credential = CredentialFactory.FromJson<ServiceAccountCredential>(json).ToGoogleCredential()
            .CreateScoped("https://www.googleapis.com/auth/cloud-billing.readonly");
        return HttpChain.Create(new HttpChainOptions
        {
            Provider = "Fake",
            BaseAddress = _google.Address,
            Authorisation = Credentials.Google(credential),
            Rule = RetryRule.Google,
            FirstWait = TimeSpan.FromMilliseconds(1),
        });
    }

    // https://developers.google.com/identity/protocols/oauth2/service-account#httprest: a JWT signed with RS256 for the token endpoint.
    private Task TokenAsync(HttpContext context, SeenRequest request)
    {
        var parts = HttpUtility.ParseQueryString(Encoding.UTF8.GetString(request.Body))["assertion"]!.Split('.');
        var isSigned = _key.VerifyData(
            Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}"), Decoded(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var claims = JsonDocument.Parse(Decoded(parts[1]));
        if (!isSigned || claims.RootElement.GetProperty("aud").GetString() != "https://oauth2.googleapis.com/token")
        {
            context.Response.StatusCode = 400;
            return context.Response.WriteAsync("""{"error":"invalid_grant"}""", CancellationToken.None);
        }

        _tokens++;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            $$"""{"access_token":"token-{{_tokens}}","expires_in":3599,"token_type":"Bearer"}""", CancellationToken.None);
    }

    private Task ApiAsync(HttpContext context, SeenRequest request)
    {
        var token = request.Header("Authorization")?["Bearer ".Length..] ?? "";
        context.Response.StatusCode = _accepted.Length == 0 || token == _accepted ? 200 : 401;
        return context.Response.WriteAsync(
            $$"""{"token":"{{token}}","project":"{{request.Header("x-goog-user-project")}}"}""", CancellationToken.None);
    }

    private static byte[] Decoded(string base64Url) =>
        Convert.FromBase64String(base64Url.Replace('-', '+').Replace('_', '/').PadRight((base64Url.Length + 3) / 4 * 4, '='));
}
