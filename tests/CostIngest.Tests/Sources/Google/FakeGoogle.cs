using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostIngest.Tests.Sources.Google;

/// <summary>
/// Google's token service and the APIs behind it, in this process. Tokens are given for JWTs that are signed with the account's key only:
/// https://developers.google.com/identity/protocols/oauth2/service-account#httprest.
/// </summary>
internal sealed class FakeGoogle : IAsyncDisposable
{
    private const string Email = "cicost@pytorch-ci.iam.gserviceaccount.com";

    // The audience is Google's own address, wherever the key file sends the request (clouds: the client library never changes it).
    private const string Audience = "https://oauth2.googleapis.com/token";

    // One for all servers: making one takes longer than most tests.
    private static readonly RSA Key = RSA.Create(2048);

    private readonly HashSet<string> _tokens = [];
    private readonly Func<HttpContext, SeenRequest, Task> _api;
    private int _count;

    private FakeGoogle(Func<HttpContext, SeenRequest, Task> api) => _api = api;

    public FakeServer Server { get; private set; } = null!;

    /// <summary>How many tokens were given.</summary>
    public int TokenCount => _count;

    /// <summary>The scope that a token must be asked for.</summary>
    public required string Scope { get; init; }

    public static async Task<FakeGoogle> StartAsync(string scope, Func<HttpContext, SeenRequest, Task> api)
    {
        var google = new FakeGoogle(api) { Scope = scope };
        google.Server = await FakeServer.StartAsync(google.AnswerAsync);
        return google;
    }

    /// <summary>The key file of the account.</summary>
    public string KeyJson(RSA? other = null) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["type"] = "service_account",
        ["project_id"] = "pytorch-ci",
        ["private_key_id"] = "key-1",
        ["private_key"] = (other ?? Key).ExportPkcs8PrivateKeyPem(),
        ["client_email"] = Email,
        ["client_id"] = "1",
        ["token_uri"] = new Uri(Server.Address, "token").AbsoluteUri,
    });

    /// <summary>Every token given so far has expired.</summary>
    public void ExpireTokens()
    {
        lock (_tokens)
        {
            _tokens.Clear();
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    public static Task JsonAsync(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(json);
    }

    /// <summary>An error as https://cloud.google.com/apis/design/errors shows it, with BigQuery's reasons.</summary>
    public static string Error(int code, string reason, string message) => JsonSerializer.Serialize(new
    {
        error = new { code, message, errors = new[] { new { message, domain = "global", reason } }, status = "X" },
    });

    private async Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        if (request.Path == "/token")
        {
            await GiveTokenAsync(context, request);
            return;
        }

        bool isKnown;
        lock (_tokens)
        {
            isKnown = request.Header("Authorization") is { } header && _tokens.Contains(header["Bearer ".Length..]);
        }

        await (isKnown ? _api(context, request) : JsonAsync(context, Error(401, "authError", "Invalid Credentials"), 401));
    }

    private async Task GiveTokenAsync(HttpContext context, SeenRequest request)
    {
        var form = Encoding.UTF8.GetString(request.Body).Split('&').Select(p => p.Split('=', 2))
            .ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1].Replace('+', ' ')));
        if (form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" || !IsSigned(form["assertion"]))
        {
            await JsonAsync(context, """{"error":"invalid_grant","error_description":"Invalid JWT Signature."}""", 400);
            return;
        }

        string token;
        lock (_tokens)
        {
            token = $"token-{++_count}";
            _tokens.Add(token);
        }

        await JsonAsync(context, $$"""{"access_token":"{{token}}","expires_in":3599,"token_type":"Bearer"}""");
    }

    private bool IsSigned(string jwt)
    {
        var parts = jwt.Split('.');
        using var header = JsonDocument.Parse(Decode(parts[0]));
        using var claims = JsonDocument.Parse(Decode(parts[1]));
        var root = claims.RootElement;
        var life = root.GetProperty("exp").GetInt64() - root.GetProperty("iat").GetInt64();
        return header.RootElement.GetProperty("alg").GetString() == "RS256"
            && Key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decode(parts[2]), HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1)
            && root.GetProperty("iss").GetString() == Email && root.GetProperty("aud").GetString() == Audience
            && root.GetProperty("scope").GetString() == Scope && life is > 0 and <= 3600;
    }

    private static byte[] Decode(string text)
    {
        var base64 = text.Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
    }
}
