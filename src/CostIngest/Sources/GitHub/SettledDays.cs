using System.Globalization;
using System.Text.Json;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>
/// Lists of days that can change no more: GitHub lets a run be run again for 30 days
/// (https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs). They are not asked for again.
/// </summary>
internal sealed class SettledDays(string folder)
{
    public IReadOnlyList<WorkflowRun>? Find(string repository, DateOnly day)
    {
        var path = PathOf(repository, day);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<List<WorkflowRun>>(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            // Damaged: the day is listed again.
            File.Delete(path);
            return null;
        }
    }

    public void Store(string repository, DateOnly day, IReadOnlyList<WorkflowRun> runs)
    {
        var path = PathOf(repository, day);
        if (File.Exists(path))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(runs));
        File.Move(path + ".new", path, overwrite: true);
    }

    private string PathOf(string repository, DateOnly day) => Path.Combine(
        folder, repository.Replace('/', '~'), day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ".json");
}
