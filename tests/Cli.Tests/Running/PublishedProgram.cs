using System.Diagnostics;

namespace CiCost.Cli.Tests.Running;

/// <summary>The program that people run: the published build behind <c>./cicost</c> at the root of the repository.</summary>
internal static class PublishedProgram
{
    private static readonly Lazy<string> Found = new(Publish);

    /// <summary>The root of the repository: the folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The executable, with links resolved, so that a build that another process makes meanwhile changes nothing.</summary>
    public static string Executable => Found.Value;

    /// <summary>A file of the repository.</summary>
    public static string File(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Publish()
    {
        var limit = TimeSpan.FromMinutes(8);
        using var process = Process.Start(new ProcessStartInfo(File("cicost"), ["--version"]) { RedirectStandardOutput = true })!;
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"'./cicost --version' was stopped after {limit.TotalMinutes} minutes.");
        }

        Assert.That(process.ExitCode, Is.Zero, "'./cicost --version' failed; its build output is above");
        var link = new FileInfo(File("artifacts", "cicost"));
        return Path.Combine(link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? link.FullName, "cicost");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "CiCost.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No CiCost.sln above {AppContext.BaseDirectory}: run the tests from a "
            + "checkout.");
    }
}
