using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CiCost.CostApi.Tests.Webhooks;

/// <summary>workflow_job payloads as GitHub sends them, and its signature:
/// https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_job.</summary>
internal static class JobEvents
{
    public const string Secret = "a secret of the tests";

    /// <summary>A completed job of an hour on 2026-05-01.</summary>
    public static string Completed(long id) => Text(id, "completed",
        """
        "conclusion": "success", "completed_at": "2026-05-01T02:00:00Z"
        """);

    public static string Queued(long id) => Text(id, "queued",
        """
        "conclusion": null, "completed_at": null
        """);

    public static string Signature(string body, string secret = Secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    private static string Text(long id, string status, string rest) => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "action": "{{status}}",
          "workflow_job": {
            "id": {{id}}, "run_id": 7, "run_attempt": 1, "workflow_name": "pull", "name": "build",
            "run_url": "https://api.github.com/repos/acme/widgets/actions/runs/7",
            "head_branch": "main", "head_sha": "0123456789abcdef0123456789abcdef01234567",
            "status": "{{status}}", {{rest}},
            "created_at": "2026-05-01T00:59:00Z", "started_at": "2026-05-01T01:00:00Z",
            "labels": ["linux.2xlarge"], "runner_name": "i-1", "runner_group_name": "Default"
          },
          "repository": { "full_name": "acme/widgets" }
        }
        """);
}
