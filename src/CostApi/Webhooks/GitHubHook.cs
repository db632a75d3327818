using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CiCost.Accounting.Booking;
using CiCost.CostApi.Endpoints;
using CiCost.CostApi.Hosting;
using CiCost.CostIngest.Formats.GitHubJobs;
using CiCost.Domain.Lines;
using CiCost.Ledger;
using CiCost.Policy.Sources;
using Microsoft.AspNetCore.Http;

namespace CiCost.CostApi.Webhooks;

/// <summary>
/// Receives GitHub's webhooks: checks the signature, keeps workflow_job events, and ignores all others. See
/// https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries.
/// </summary>
internal sealed class GitHubHook(GitHubHookOptions? options, HookInbox inbox)
{
    /// <summary>A workflow_job event has 20 to 60 KB; one with a hundred steps stays below this.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    private const string SignaturePrefix = "sha256=";

    private static readonly GitHubJobFormat Format = new();

    /// <summary>Answers a delivery: 202 when it is on disk, 204 for other events.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        if (options is null)
        {
            throw new BooksException("hooks-off",
                "Webhooks are not received here: set Webhooks:GitHub:Secret and Webhooks:GitHub:Source and start the server again.");
        }

        var body = await BoundedBody.ReadAsync(http.Request, MaxBodyBytes, () => new BooksException("hook-too-large",
            $"The body has more than {MaxBodyBytes} bytes, which no workflow_job event has. Choose only this event in the webhook."))
            .ConfigureAwait(false);
        if (!IsSigned(http.Request.Headers["X-Hub-Signature-256"].ToString(), body, options.Secret))
        {
            // No word of why: whoever guesses learns nothing.
            await Problems.WriteAsync(http, Problems.OfStatus(StatusCodes.Status401Unauthorized)).ConfigureAwait(false);
            return;
        }

        if (http.Request.Headers["X-GitHub-Event"].ToString() != "workflow_job")
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        RequireReadable(body);
        await inbox.AppendAsync(body, http.RequestAborted).ConfigureAwait(false);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private static bool IsSigned(string header, byte[] body, SecretReference secret)
    {
        string key;
        try
        {
            key = secret.Read();
        }
        catch (SecretException exception)
        {
            throw new BooksException("hook-secret", exception.Message);
        }

        var given = Encoding.UTF8.GetBytes(header);
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body);
        var expected = Encoding.ASCII.GetBytes(SignaturePrefix + Convert.ToHexStringLower(mac));
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

    /// <summary>What cannot be booked is refused at once: in a file it would keep every event beside it out of the books.</summary>
    private static void RequireReadable(byte[] body)
    {
        try
        {
            // One value and nothing beside it, no byte order mark either: what is appended to a file is read as a part of that file.
            using (JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = GitHubJobFormat.MaxDepth }))
            {
            }

            var content = new ContentObject("body", () => new MemoryStream(body, writable: false));
            if (Format.Read(content, CancellationToken.None).ToList() is [])
            {
                throw new BooksException("hook-unreadable", "The body holds no workflow_job. Send the webhook as application/json.");
            }
        }
        catch (JsonException exception)
        {
            throw new BooksException("hook-unreadable", $"The body is not one JSON value. {exception.Message}");
        }
        catch (DeliveryRejectedException exception)
        {
            throw new BooksException("hook-unreadable", $"The body is no workflow_job event. {exception.Message}");
        }
    }
}
