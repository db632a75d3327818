using System.Globalization;
using System.Text.Json;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Demo;

/// <summary>
/// Demonstration files, the books that the published program makes of them, and what tests/independent/recompute.py makes of them.
/// </summary>
internal sealed class IndependentDemo : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly TempFolder _folder = new();

    private readonly Dictionary<string, JsonElement> _answers = new(StringComparer.Ordinal);

    private IndependentDemo() => Cicost = new Cicost(_folder.FullName);

    public Cicost Cicost { get; }

    /// <summary>The folder with plan.json.</summary>
    public string Files => _folder.File("demo");

    /// <summary>Demonstration books as <c>cicost demo</c> makes them.</summary>
    public static async Task<IndependentDemo> MakeAsync(string first, string last, int seed = 1)
    {
        var demo = new IndependentDemo();
        try
        {
            (await demo.Cicost.RunProcessAsync("demo", "--out", demo.Files, "--from", first, "--to", last, "--seed",
                seed.ToString(CultureInfo.InvariantCulture))).Expect(0);
            return demo;
        }
        catch
        {
            demo.Dispose();
            throw;
        }
    }

    /// <summary>Files of another demo, changed by tests/independent/alter.py, booked one by one by <c>cicost ingest</c>.</summary>
    public static async Task<IndependentDemo> AlteredAsync(IndependentDemo other, string change, params string[] arguments)
    {
        var demo = new IndependentDemo();
        try
        {
            await Python("alter.py", [change, other.Files, demo.Files, .. arguments]);
            await demo.BookAsync();
            return demo;
        }
        catch
        {
            demo.Dispose();
            throw;
        }
    }

    /// <summary>The figures of months, in their order, from the raw files and the policy alone.</summary>
    public async Task<IReadOnlyList<JsonElement>> RecomputeAsync(params string[] months)
    {
        using var document = JsonDocument.Parse(await Python("recompute.py", [Files, .. months]));
        var root = document.RootElement.Clone();
        return root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
    }

    /// <summary>What the program answers, with the policy of the files. The same question is asked once.</summary>
    public async Task<JsonElement> AskAsync(string command, string month, params string[] more)
    {
        string[] question = [command, "--month", month, "--policy", Path.Combine(Files, "policy"), .. more];
        var key = string.Join('\n', question);
        if (!_answers.TryGetValue(key, out var answer))
        {
            _answers.Add(key, answer = await Cicost.JsonAsync(question));
        }

        return answer;
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> Python(string script, string[] arguments) => await PythonTool.RunAsync(
        await File.ReadAllTextAsync(PublishedProgram.File("tests", "independent", script)), timeout: Limit, arguments: arguments);

    private async Task BookAsync()
    {
        using var plan = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Files, "plan.json")));
        string[] policy = ["--policy", Path.Combine(Files, "policy")];
        List<string> months = [];
        var deliveries = plan.RootElement.GetProperty("deliveries").EnumerateArray();
        foreach (var delivery in deliveries.OrderBy(d => d.GetProperty("order").GetInt32()))
        {
            string Text(string name) => delivery.GetProperty(name).GetString() ?? "";
            string[] profile = Text("profile").Length == 0 ? [] : ["--profile", Text("profile")];
            string[] mode = Text("mode") == "append" ? ["--append"] : [];
            var files = delivery.GetProperty("files").EnumerateArray()
                .SelectMany(f => new[] { "--file", Path.Combine(Files, f.GetString()!) });
            (await Cicost.RunAsync(["ingest", "--source", Text("source"), "--kind", Text("kind"), "--month", Text("month"), .. profile,
                .. mode, .. files, .. policy])).Expect(0);
            months.Add(Text("month"));
        }

        (await Cicost.RunAsync(["pull", "--sources", Path.Combine(Files, "sources.yaml"), "--from", months.Min()!, "--to", months.Max()!, .. policy]))
            .Expect(0);
        foreach (var month in months.Distinct())
        {
            (await Cicost.RunAsync(["value", "--month", month, .. policy])).Expect(0);
        }
    }
}
