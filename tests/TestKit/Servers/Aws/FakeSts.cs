using System.Web;
using Microsoft.AspNetCore.Http;

namespace CiCost.TestKit.Servers.Aws;

/// <summary>
/// Gives the keys of one role to who knows its external id: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
/// Each answer has new keys, which the services given to it know from then on.
/// </summary>
public sealed class FakeSts : IAsyncDisposable
{
    private int _taken;

    /// <summary>The server, to misbehave and to see requests.</summary>
    public FakeServer Server { get; private set; } = null!;

    /// <summary>Who may ask: <c>AKIATEST</c> with <c>test-secret</c>.</summary>
    public AwsSignature Keys { get; } = new AwsSignature().Knows("AKIATEST", "test-secret");

    /// <summary>How often a role was taken.</summary>
    public int Taken => _taken;

    /// <summary>For how long keys hold.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Starts it.</summary>
    /// <param name="roleArn">The role.</param>
    /// <param name="externalId">The id that must be given.</param>
    /// <param name="services">The services that take the role's keys.</param>
    public static async Task<FakeSts> StartAsync(string roleArn, string externalId, params AwsSignature[] services)
    {
        var sts = new FakeSts();
        sts.Server = await FakeServer.StartAsync((context, request) => sts.AnswerAsync(context, request, roleArn, externalId, services));
        return sts;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private Task AnswerAsync(HttpContext context, SeenRequest request, string roleArn, string externalId, AwsSignature[] services)
    {
        var form = HttpUtility.ParseQueryString(System.Text.Encoding.UTF8.GetString(request.Body));
        if (Keys.Fault(request, "sts") is { } fault)
        {
            return ErrorAsync(context, fault);
        }

        if (form["Action"] != "AssumeRole" || form["RoleArn"] != roleArn || form["ExternalId"] != externalId)
        {
            return ErrorAsync(context, "AccessDenied");
        }

        // Two may ask at once: the parts of a key must be of one number.
        var number = Interlocked.Increment(ref _taken);
        var (id, secret, token) = ($"ASIAROLE{number}", $"role-secret-{number}", $"role-token-{number}");
        foreach (var service in services)
        {
            service.Knows(id, secret, token);
        }

        context.Response.ContentType = "text/xml";
        return context.Response.WriteAsync(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>"
            + $"<AccessKeyId>{id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken>"
            + $"<Expiration>{(TimeProvider.System.GetUtcNow() + Lifetime).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}</Expiration></Credentials>"
            + "</AssumeRoleResult><ResponseMetadata><RequestId>test</RequestId></ResponseMetadata></AssumeRoleResponse>",
            CancellationToken.None);
    }

    private static Task ErrorAsync(HttpContext context, string code)
    {
        context.Response.StatusCode = 403;
        context.Response.ContentType = "text/xml";
        return context.Response.WriteAsync(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
            + $"<Code>{code}</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error>"
            + "<RequestId>test</RequestId></ErrorResponse>",
            CancellationToken.None);
    }
}
