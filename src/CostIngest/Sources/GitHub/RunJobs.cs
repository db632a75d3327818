using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CiCost.CostIngest.Sources.Http;
using CiCost.CostIngest.Sources.Paging;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>A job as GitHub answered it.</summary>
/// <param name="Id">Its number, another one for each attempt.</param>
/// <param name="IsCompleted">Nothing more comes.</param>
/// <param name="Line">Its JSON on one line.</param>
internal sealed record RunJob(long Id, bool IsCompleted, byte[] Line);

/// <summary>Reads the jobs of all attempts of a run.
/// https://docs.github.com/en/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run</summary>
internal sealed class RunJobs(GitHubSession session, string repository)
{
    private const int PerPage = 100;
    private static readonly JsonWriterOptions Compact = new() { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The jobs, whole.</summary>
    public async Task<IReadOnlyList<RunJob>> ReadAsync(WorkflowRun run, CancellationToken cancellationToken)
    {
        var id = run.Id.ToString(CultureInfo.InvariantCulture);
        var list = await PagedReading.ReadAsync(
            $"repos/{repository}/actions/runs/{id}/jobs?filter=all&per_page={PerPage}",
            async (address, _, cancel) =>
            {
                var answer = await session.GetAsync(address, cancel).ConfigureAwait(false);
                return (Read(answer), LinkHeader.Next(answer, session.Endpoint));
            },
            new PagedListRules<RunJob>
            {
                Subject = $"The list of jobs of run {id} of {repository}",
                KeyOf = j => j.Id.ToString(CultureInfo.InvariantCulture),
                PerPage = PerPage,
            },
            cancellationToken).ConfigureAwait(false);
        return list.Items;
    }

    private static PageItems<RunJob> Read(HttpAnswer answer)
    {
        using var document = answer.ReadJson();
        var jobs = JsonParts.Objects(answer, document.RootElement, "jobs").Select(j => new RunJob(
            JsonParts.Number(answer, j, "id"), JsonParts.Text(answer, j, "status") == "completed", OneLine(j)));
        var total = JsonParts.TryNumber(document.RootElement, "total_count") ?? 0;
        return new PageItems<RunJob>([.. jobs], (int)Math.Clamp(total, 0, int.MaxValue));
    }

    private static byte[] OneLine(JsonElement job)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory, Compact))
        {
            job.WriteTo(writer);
        }

        return memory.ToArray();
    }
}
