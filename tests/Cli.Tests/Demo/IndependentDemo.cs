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
    public static Task<IndependentDemo> AlteredAsync(IndependentDemo other, string change, params string[] arguments) =>
        BookedAsync(files => Python("alter.py", [change, other.Files, files, .. arguments]));

    /// <summary>Months of another demo with what it does not contain, by tests/independent/harden.py.</summary>
    public static Task<IndependentDemo> HardenedAsync(IndependentDemo other, params string[] months) =>
        BookedAsync(files => RunFile("harden.py", [other.Files, files, .. months]));

    private static async Task<IndependentDemo> BookedAsync(Func<string, Task> make)
    {
        var demo = new IndependentDemo();
        try
        {
            await make(demo.Files);
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

    /// <summary>What tests/independent/opinion.py, which has its parts beside it, makes of the same files.</summary>
    public async Task<IReadOnlyList<JsonElement>> OpinionAsync(params string[] months)
    {
        using var document = JsonDocument.Parse(await RunFile("opinion.py", [Files, .. months]));
        return [.. document.RootElement.Clone().EnumerateArray()];
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

    /// <summary>Runs a script that imports others beside it.</summary>
    private static Task<string> RunFile(string script, string[] arguments)
    {
        const string run = "import os, runpy, sys; sys.dont_write_bytecode = True; sys.argv.pop(0); "
            + "sys.path.insert(0, os.path.dirname(sys.argv[0])); runpy.run_path(sys.argv[0], run_name='__main__')";
        return PythonTool.RunAsync(run, timeout: Limit, arguments: [PublishedProgram.File("tests", "independent", script), .. arguments]);
    }

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
