using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>What a list says of a workflow run.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Attempt">Counts re-runs, from 1.</param>
/// <param name="Status"><c>completed</c>, or what it still does.</param>
/// <param name="UpdatedAt">As GitHub writes it.</param>
internal sealed record WorkflowRun(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("run_attempt")] int Attempt,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("updated_at")] string UpdatedAt)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(2);

    /// <summary>Nothing more comes unless somebody runs it again, which makes it another attempt.</summary>
    [JsonIgnore]
    public bool IsCompleted => Status == "completed";

    /// <summary>
    /// Changes when any of the runs changes, comes or goes; and once more when a run has not changed for two hours, because its jobs may
    /// be shown as going on for a while after it is shown as completed.
    /// </summary>
    public static string VersionOf(IEnumerable<WorkflowRun> runs, DateTimeOffset now)
    {
        var text = string.Join('\n', runs.OrderBy(r => r.Id).Select(r => string.Create(
            CultureInfo.InvariantCulture, $"{r.Id} {r.Attempt} {r.Status} {r.UpdatedAt}{(r.IsFresh(now) ? " fresh" : "")}")));
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    private bool IsFresh(DateTimeOffset now) =>
        DateTimeOffset.TryParse(UpdatedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var updated) && updated > now - Fresh;
}
