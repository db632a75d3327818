using System.Text.Json;
using CiCost.Cli.Demo;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Cases;

/// <summary>
/// Small inputs after public bug reports with their right answers: each folder of <c>Inputs</c> is run from the command line on fresh books
/// with the demonstration's policy.
/// </summary>
internal sealed class CaseTests
{
    private const string Month = "2026-07";

    private static readonly string Inputs = Path.Combine(PublishedProgram.File("tests", "Cli.Tests", "Cases", "Inputs"));

    public static IEnumerable<string> Cases => Directory.EnumerateDirectories(Inputs).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal);

    [Test]
    public void Cases_AreThere() => Assert.That(Cases.Count(), Is.GreaterThanOrEqualTo(6));

    [TestCaseSource(nameof(Cases))]
    public async Task Case_EndsWithItsRightAnswer(string name)
    {
        using var folder = new TempFolder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Inputs, name)))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }

        DemoPolicy.Write(PublishedProgram.File("policy"), PublishedProgram.File("demo", "policy"), Path.Combine(folder.FullName, "policy"));
        var cicost = new Cicost(folder.FullName);
        using var read = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Inputs, name, "case.json")));
        var (stated, expected) = (read.RootElement, read.RootElement.GetProperty("expect"));
        foreach (var run in stated.GetProperty("run").EnumerateArray())
        {
            var result = await cicost.RunAsync(["--policy", Path.Combine(folder.FullName, "policy"), .. run.EnumerateArray().Select(a => a.GetString()!)]);
            if (result.ExitCode != 0 && expected.TryGetProperty("orRefused", out var may) && may.GetBoolean())
            {
                Assert.That(result.Errors, Does.Contain(Path.GetFileNameWithoutExtension(Named(run))), "a refusal names the file");
                return;
            }

            result.Expect(0);
        }

        string[] more = expected.TryGetProperty("groupBy", out var by) ? ["--group-by", by.GetString()!] : [];
        var answer = await cicost.JsonAsync(["costs", "--month", Month, .. more]);
        Assert.Multiple(() =>
        {
            Assert.That(answer.GetProperty("totals").GetProperty("USD").GetProperty("total").GetString(),
                Is.EqualTo(expected.GetProperty("consumption").GetString()), stated.GetProperty("why").GetString());
            if (expected.TryGetProperty("hasKey", out var key))
            {
                Assert.That(answer.GetProperty("rows").EnumerateArray().SelectMany(r => r.GetProperty("keys").EnumerateObject())
                    .Select(k => k.Value.GetString()), Has.Some.Contains(key.GetString()));
            }
        });
    }

    /// <summary>The last file that a run names.</summary>
    private static string Named(JsonElement run) => run.EnumerateArray().Select(a => a.GetString()!).Last();
}
