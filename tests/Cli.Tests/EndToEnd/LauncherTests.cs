using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary><c>./cicost</c> builds when a source is newer than the build, and only then. A stand-in for dotnet counts the builds.</summary>
public sealed class LauncherTests
{
    private const string Dotnet = """
        #!/usr/bin/env bash
        root=$(dirname "$(dirname "$0")")
        echo built >>"$root/builds"
        while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done
        mkdir -p "$out" "$root/src/Reports/wwwroot/fonts" "$root/src/Reports/assets/node_modules"
        echo font >"$root/src/Reports/wwwroot/fonts/a.woff2"
        echo fetched >"$root/src/Reports/assets/node_modules/.package-lock.json"
        printf '#!/usr/bin/env bash\necho ran "$@"\n' >"$out/cicost"
        chmod +x "$out/cicost"
        """;

    [Test]
    public async Task Run_AfterTheFirst_BuildsOnlyForANewerSource()
    {
        using var folder = new TempFolder();
        File.Copy(PublishedProgram.File("cicost"), folder.File("cicost"));
        (await Cicost.RunProgramAsync(folder.FullName, "chmod", "u+x", folder.Write("tools/dotnet", Dotnet))).Expect(0);
        foreach (var name in new[] { "src/A.cs", "policy/a.yaml", "demo/a", "Directory.Build.props", "Directory.Packages.props", "global.json" })
        {
            folder.Write(name, "1");
        }

        var first = await RunAsync(folder);
        var second = await RunAsync(folder);
        var builds = Builds(folder);
        folder.Write("src/A.cs", "2");
        var third = await RunAsync(folder);

        Assert.That((first.Output, second.Output, third.Output), Is.EqualTo(("ran costs\n", "ran costs\n", "ran costs\n")));
        Assert.That((first.Errors, second.Errors), Is.EqualTo(("cicost: building...\n", "")), "what a build fetches causes no other build");
        Assert.That((builds, Builds(folder)), Is.EqualTo((1, 2)));
    }

    private static async Task<RunResult> RunAsync(TempFolder folder)
    {
        var path = $"PATH={folder.File("tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        return (await Cicost.RunProgramAsync(folder.FullName, "env", path, folder.File("cicost"), "costs")).Expect(0);
    }

    private static int Builds(TempFolder folder) => File.ReadAllLines(folder.File("builds")).Length;
}
