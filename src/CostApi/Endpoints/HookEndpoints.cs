using CiCost.CostApi.Documents;
using CiCost.CostApi.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CiCost.CostApi.Endpoints;

/// <summary>Where providers call.</summary>
internal static class HookEndpoints
{
    private static readonly QueryWords Words = new([],
    [
        new("X-Hub-Signature-256", "HMAC of the body with the shared secret, SHA-256, in hexadecimal digits.")
        {
            Example = "sha256=757107ea0eb2..."
        },
        new("X-GitHub-Event", "The event; all but workflow_job are ignored.") { Example = "workflow_job" },
    ]);

    public static void Map(IEndpointRouteBuilder app, GitHubHook hook) =>
        app.MapPost("/v1/hooks/github", async (HttpContext http) =>
            {
                await hook.AnswerAsync(http).ConfigureAwait(false);
                return Results.Empty;
            })
            .WithName("github-hook").WithSummary("Receives GitHub's workflow_job events; 202 when the event is on disk, 204 for others.")
            .WithTags("Webhooks").WithMetadata(Words)
            .Produces(StatusCodes.Status202Accepted).Produces(StatusCodes.Status204NoContent)
            .Produces<ProblemDocument>(StatusCodes.Status400BadRequest, ProblemDocument.MediaType)
            .Produces<ProblemDocument>(StatusCodes.Status401Unauthorized, ProblemDocument.MediaType)
            .Produces<ProblemDocument>(StatusCodes.Status404NotFound, ProblemDocument.MediaType)
            .Produces<ProblemDocument>(StatusCodes.Status413PayloadTooLarge, ProblemDocument.MediaType)
            .Produces<ProblemDocument>(StatusCodes.Status503ServiceUnavailable, ProblemDocument.MediaType);
}
