using CiCost.Cli.Commands;

namespace CiCost.Cli.Tests.Running;

/// <summary>
/// The command line in the process of the tests, where exit code and output are all that is asked: a process of its own spends most of its
/// time on its start. Standard output, current folder and environment belong to the whole process, so one command runs at a time.
/// </summary>
internal static class InProcess
{
    private static readonly SemaphoreSlim One = new(1, 1);

    /// <summary>Runs a command in a folder with these variables in the environment and none of the machine's <c>CICOST_</c>.</summary>
    public static async Task<RunResult> RunAsync(string folder, IReadOnlyDictionary<string, string> variables, TimeSpan limit, string[] arguments)
    {
        await One.WaitAsync();
        var (output, errors, current) = (Console.Out, Console.Error, Directory.GetCurrentDirectory());
        using var said = new StringWriter();
        using var complained = new StringWriter();
        var before = Replaced(variables);
        try
        {
            Console.SetOut(said);
            Console.SetError(complained);
            Directory.SetCurrentDirectory(folder);
            var exitCode = await CommandLineApplication.RunAsync(arguments).WaitAsync(limit);
            return new RunResult(exitCode, said.ToString(), complained.ToString());
        }
        finally
        {
            Set(before);
            Directory.SetCurrentDirectory(current);
            Console.SetOut(output);
            Console.SetError(errors);
            One.Release();
        }
    }

    /// <summary>Sets the variables, and returns what was there before.</summary>
    private static Dictionary<string, string?> Replaced(IReadOnlyDictionary<string, string> variables)
    {
        var hidden = Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(k => k.StartsWith("CICOST_", StringComparison.Ordinal));
        var before = hidden.Concat(variables.Keys).Distinct(StringComparer.Ordinal).ToDictionary(k => k, Environment.GetEnvironmentVariable);
        Set(before.Keys.ToDictionary(k => k, variables.GetValueOrDefault));
        return before;
    }

    private static void Set(Dictionary<string, string?> variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
