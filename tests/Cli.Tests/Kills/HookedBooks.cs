using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Kills;

/// <summary>Books in a folder of their own, and servers that receive GitHub's events for them or book what came.</summary>
internal sealed class HookedBooks : IDisposable
{
    private const string Secret = "a secret of the tests";
    private const string Never = "86400";
    private const string AtOnce = "1";

    private readonly TempFolder _folder;

    public HookedBooks()
        : this(new TempFolder())
    {
    }

    private HookedBooks(TempFolder folder)
    {
        _folder = folder;
        Cicost = new Cicost(folder.FullName);
        folder.Write("secret", Secret);
    }

    public Cicost Cicost { get; }

    public string Folder => _folder.FullName;

    private string Inbox => Cicost.Books + ".hooks/github";

    /// <summary>A copy of all that is there.</summary>
    public HookedBooks Copy() => new(_folder.Copy());

    /// <summary>A server that receives and does not book before the test is over.</summary>
    public RunningServer Receive(string failPoint = "") => Start(Never, failPoint);

    /// <summary>A server that books every second.</summary>
    public RunningServer Book(string failPoint = "") => Start(AtOnce, failPoint);

    /// <summary>Sends an event as GitHub does; was it answered 202? A connection that ends without an answer is a no.</summary>
    public static async Task<bool> PostAsync(HttpClient client, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/hooks/github")
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(json));
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(mac));
        request.Headers.Add("X-GitHub-Event", "workflow_job");
        try
        {
            using var response = await client.SendAsync(request);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Sends events to a server, all of which it must accept.</summary>
    public static async Task PostAllAsync(RunningServer server, IEnumerable<string> events)
    {
        var client = await server.ClientAsync();
        foreach (var json in events)
        {
            Assert.That(await PostAsync(client, json), Is.True, json);
        }
    }

    /// <summary>All that was received and is not booked, one event per line.</summary>
    public IReadOnlyList<string> Waiting() => Directory.Exists(Inbox)
        ? [.. Directory.GetFiles(Inbox).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines)]
        : [];

    /// <summary>Cuts so many bytes off what was received last, as a power failure does with what was not synced.</summary>
    public void CutOff(int bytes)
    {
        using var file = new FileStream(Directory.GetFiles(Inbox).Order(StringComparer.Ordinal).Last(), FileMode.Open);
        file.SetLength(file.Length - bytes);
    }

    /// <summary>
    /// Names the day of what waits. The servers' day is the machine's, and a delivery is named by it: this makes books of any two runs
    /// comparable, also when one of them went over midnight.
    /// </summary>
    public void NameDay(string day, string except = "")
    {
        var files = Directory.GetFiles(Inbox, "*.jsonl").Where(f => Path.GetFileNameWithoutExtension(f) != except).Order(StringComparer.Ordinal).ToList();
        var content = files.SelectMany(File.ReadAllBytes).ToArray();
        files.ForEach(File.Delete);
        File.WriteAllBytes(Path.Combine(Inbox, day + ".jsonl"), content);
    }

    /// <summary>Lets a server book all that waits, and stops it.</summary>
    public async Task BookAllAsync()
    {
        await using var server = Book();
        await server.UntilAsync("everything is booked", () => Task.FromResult(Directory.GetFiles(Inbox).Length == 0));
        await server.StopAsync(Folder);
    }

    /// <summary>The job runs, one per line, without the delivery that brought them.</summary>
    public async Task<IReadOnlyList<string>> JobRunsAsync() =>
    [
        .. (await SqliteShell.RowsAsync(Cicost.Books, """
            SELECT system, host, job_id, attempt, run_id, repository, workflow, name, head_branch, head_sha, status, conclusion, created_s,
              started_s, completed_s, run_seconds, labels, runner_name, runner_group, native_id, event_s,
              hex(event_hash) AS event_hash
            FROM job_run ORDER BY 1, 2, 3, 4
            """)).Select(r => string.Join('|', r)),
    ];

    /// <summary>The three events of a job, as GitHub sends them.</summary>
    public static IReadOnlyList<string> EventsOf(int job) =>
    [
        Event(job, "queued", "null", "null"),
        Event(job, "in_progress", "null", "null"),
        Event(job, "completed", "\"success\"", $"\"2026-05-01T02:{job % 60:00}:00Z\""),
    ];

    public void Dispose() => _folder.Dispose();

    private RunningServer Start(string everySeconds, string failPoint)
    {
        if (!File.Exists(Cicost.Books))
        {
            using var attribute = Cicost.Start(new Dictionary<string, string>(), "attribute");
            attribute.WaitForExit();
        }

        return RunningServer.Start(Cicost, new Dictionary<string, string>
        {
            ["CICOST_Webhooks__GitHub__Secret"] = "file:" + _folder.File("secret"),
            ["CICOST_Webhooks__GitHub__BookEverySeconds"] = everySeconds,
            ["CICOST_FAILPOINT"] = failPoint,
        });
    }

    private static string Event(int job, string status, string conclusion, string completed) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {
          "action": "{{status}}",
          "workflow_job": {
            "id": {{job}}, "run_id": {{job / 4}}, "run_attempt": 1, "workflow_name": "pull", "name": "build / {{job}}",
            "run_url": "https://api.github.com/repos/acme/widgets/actions/runs/{{job / 4}}",
            "head_branch": "main", "head_sha": "0123456789abcdef0123456789abcdef01234567",
            "status": "{{status}}", "conclusion": {{conclusion}}, "completed_at": {{completed}},
            "created_at": "2026-05-01T00:59:00Z", "started_at": "2026-05-01T01:00:00Z",
            "labels": ["linux.rocm.gpu.mi300.2"], "runner_name": "i-{{job}}", "runner_group_name": "Default"
          },
          "repository": { "full_name": "acme/widgets" }
        }
        """);
}
