using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary><c>./test.sh</c> with a stand-in for dotnet: what it is told, what it counts, and that nothing that is missing passes.</summary>
public sealed class TestScriptTests
{
    private const string Dotnet = """
        #!/usr/bin/env bash
        root=$(dirname "$(dirname "$0")")
        [ "$1" = test ] || exit 0
        echo "${CICOST_TEST_COUNTS:-few} $*" >>"$root/asked"
        project=${2#tests/}
        bash "$root/answer" "${project%%/*}"
        """;

    private const string Passes = "echo 'Passed!  - Failed:     0, Passed:     3, Skipped:     0, Total:     3, Duration: 1 s - a.dll (net10.0)'\n";

    private TempFolder _folder = null!;

    [SetUp]
    public async Task MakeCheckout()
    {
        _folder = new TempFolder();
        File.Copy(PublishedProgram.File("test.sh"), _folder.File("test.sh"));
        foreach (var project in new[] { "Accounting", "Cli", "CostIngest", "Domain" })
        {
            Directory.CreateDirectory(_folder.File("tests", project + ".Tests"));
        }

        string[] programs = [_folder.Write("tools/dotnet", Dotnet), _folder.Write("cicost", "#!/usr/bin/env bash\n")];
        (await Cicost.RunProgramAsync(_folder.FullName, "chmod", ["u+x", .. programs])).Expect(0);
    }

    [TearDown]
    public void RemoveCheckout() => _folder.Dispose();

    [TestCase("few")]
    [TestCase("all", "--long")]
    public async Task Run_AllPass_CountsThemOnALineOfItsOwn_AndSaysHowManyCasesToMake(string counts, params string[] options)
    {
        _folder.Write("answer", Passes);
        var run = (await RunAsync(options)).Expect(0);
        var asked = await File.ReadAllLinesAsync(_folder.File("asked"));
        Assert.Multiple(() =>
        {
            Assert.That(run.Output.Split('\n'), Has.One.EqualTo("15 passed, 0 failed, 0 skipped"));
            Assert.That(run.Output, Does.Match("(?m)^Domain.Tests: [0-9]+ seconds, [0-9]+ user and [0-9]+ system$"));
            Assert.That(asked, Has.Length.EqualTo(5).And.All.StartsWith(counts + " "), "Cli.Tests is two");
        });
    }

    [TestCase("echo 'Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3'; exit 1", "14 passed, 1 failed, 0 skipped")]
    [TestCase("echo 'Passed!  - Failed:     0, Passed:     2, Skipped:     1, Total:     3'", "14 passed, 0 failed, 1 skipped")]
    [TestCase("echo 'Passed!  - Failed:     0, Passed:     2, Skipped:     0, Total:     2'; exit 1", "14 passed, 1 failed, 0 skipped")]
    [TestCase("echo 'No test is available'", "12 passed, 1 failed, 0 skipped")]
    public async Task Run_AProjectThatDoesNotPassWhole_Fails(string answer, string summary)
    {
        _folder.Write("answer", $"[ \"$1\" = Domain.Tests ] || {{ {Passes.Trim()}; exit 0; }}\n{answer}\n");
        var run = (await RunAsync()).Expect(1);
        Assert.That(run.Output.Split('\n'), Has.One.EqualTo(summary));
    }

    [Test]
    public async Task Run_UnknownOption_SaysSoAndRunsNothing()
    {
        var run = (await RunAsync("--lnog")).Expect(2);
        Assert.That(run.Errors, Does.Contain("unknown option: --lnog").And.Contain("usage: ./test.sh [--long]"));
        Assert.That((await RunAsync("--help")).Expect(0).Output, Does.Contain("--long"));
        Assert.That(File.Exists(_folder.File("asked")), Is.False);
    }

    private Task<RunResult> RunAsync(params string[] options)
    {
        var path = $"PATH={_folder.File("tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        return Cicost.RunProgramAsync(_folder.FullName, "env", [path, "bash", _folder.File("test.sh"), .. options]);
    }
}
