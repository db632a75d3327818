using System.Text;
using CiCost.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CiCost.CostIngest.Tests.Sources.Azure;

/// <summary>
/// The token endpoint of Microsoft Entra: it checks tenant, client and secret (or assertion) and the scope:
/// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow (read 2026-11-21). Its tokens are not signed:
/// the emulator reads only audience, issuer and times.
/// </summary>
internal sealed class TokenFake : IAsyncDisposable
{
    public const string Secret = "app-s3cret";
    public const string Tenant = "11111111-2222-3333-4444-555555555555";

    private int _tokens;

    public FakeServer Server { get; private set; } = null!;

    /// <summary>The tokens so far, as they go into the header.</summary>
    public List<string> Tokens { get; } = [];

    public static async Task<TokenFake> StartAsync(string scope, string? audience = null)
    {
        var fake = new TokenFake();
        fake.Server = await FakeServer.StartAsync((context, request) => fake.AnswerAsync(context, request, scope, audience));
        return fake;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, SeenRequest request, string scope, string? audience)
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(request.Body));
        var isKnown = request.Path == $"/{Tenant}/oauth2/v2.0/token"
            && form.GetValueOrDefault("grant_type") == "client_credentials"
            && form.GetValueOrDefault("client_id") == "app"
            && (form.GetValueOrDefault("client_secret") == Secret || form.GetValueOrDefault("client_assertion") == "workload-assertion");
        context.Response.ContentType = "application/json";
        if (!isKnown || !form.GetValueOrDefault("scope").ToString().Split(' ').Contains(scope))
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client secret provided.\"}");
            return;
        }

        var token = Jwt(audience ?? scope.Replace("/.default", "", StringComparison.Ordinal), ++_tokens);
        lock (Tokens)
        {
            Tokens.Add(token);
        }

        await context.Response.WriteAsync($"{{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"{token}\"}}");
    }

    private static string Jwt(string audience, int number)
    {
        const long End = 4_070_908_800; // 2099-01-01
        var payload = $"{{\"aud\":\"{audience}\",\"iss\":\"https://sts.windows.net/{Tenant}/\",\"nbf\":1,\"iat\":1,\"exp\":{End},\"jti\":\"{number}\"}}";
        return $"{Base64("{\"alg\":\"none\",\"typ\":\"JWT\"}")}.{Base64(payload)}.{Base64("none")}";
    }

    private static string Base64(string text) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(text));
}
