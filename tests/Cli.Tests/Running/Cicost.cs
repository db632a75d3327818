using System.Diagnostics;

namespace CiCost.Cli.Tests.Running;

/// <summary>Runs commands and programs in a folder of their own, with a time limit; processes are killed by their own id.</summary>
/// <param name="folder">The working directory; no configuration of the machine is seen in it.</param>
internal sealed class Cicost(string folder)
{
    /// <summary>The longest that any run may take. Generous: the machine may be busy with other work.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>The database file that <see cref="RunAsync"/> names.</summary>
    public string Books { get; } = Path.Combine(folder, "books.db");

    /// <summary>Runs <c>cicost --db BOOKS</c> with these arguments, in this process.</summary>
    public Task<RunResult> RunAsync(params string[] arguments) => RunWithAsync(NoVariables, arguments);

    /// <summary>The same with variables in the environment.</summary>
    public Task<RunResult> RunWithAsync(IReadOnlyDictionary<string, string> variables, params string[] arguments) =>
        InProcess.RunAsync(folder, variables, Limit, ["--db", Books, .. arguments]);

    /// <summary>Runs it in this process with <c>--json</c>, expecting success, and its document.</summary>
    public async Task<System.Text.Json.JsonElement> JsonAsync(params string[] arguments) =>
        (await RunAsync([.. arguments, "--json"])).Expect(0).Json();

    /// <summary>What the books say, as the digest of a backup into a folder beside them.</summary>
    public async Task<string> DigestAsync() =>
        (await JsonAsync("backup", "--to", Path.Combine(folder, "backup"))).GetProperty("digest").GetString()!;

    /// <summary>Runs the published program as a process: where it is killed, or two run at once, or what it is itself is asked.</summary>
    public Task<RunResult> RunProcessAsync(params string[] arguments) => RunProcessWithAsync(NoVariables, arguments);

    /// <summary>The same with variables in the environment.</summary>
    public async Task<RunResult> RunProcessWithAsync(IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        using var process = Start(variables, arguments);
        return await EndAsync(process);
    }

    /// <summary>Starts the published program with <c>--db BOOKS</c> and returns at once.</summary>
    public Process Start(IReadOnlyDictionary<string, string> variables, params string[] arguments) =>
        StartProgram(folder, PublishedProgram.Executable, variables, ["--db", Books, .. arguments]);

    /// <summary>Runs any program in a folder.</summary>
    public static async Task<RunResult> RunProgramAsync(string folder, string program, params string[] arguments)
    {
        using var process = StartProgram(folder, program, NoVariables, arguments);
        return await EndAsync(process);
    }

    /// <summary>Waits for the end of a process and collects what it said; one that runs too long is killed and fails the test.</summary>
    public static async Task<RunResult> EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            var result = (Output: await output, Errors: await errors);
            await process.WaitForExitAsync(limit.Token);
            return new RunResult(process.ExitCode, result.Output, result.Errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"'{process.StartInfo.FileName}' was stopped after {Limit.TotalSeconds} seconds.");
        }
    }

    /// <summary>Starts any program in a folder, without variables of this machine that configure cicost.</summary>
    public static Process StartProgram(string folder, string program, IReadOnlyDictionary<string, string> variables, string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("CICOST_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        // Most of what a short command does is to be compiled: what was not compiled ahead, quickly then.
        info.Environment["DOTNET_TC_QuickJit"] = "1";
        foreach (var (name, value) in variables)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new InvalidOperationException($"'{program}' did not start.");
    }
}
