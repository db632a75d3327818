using System.ComponentModel;
using System.Diagnostics;

namespace CiCost.TestKit;

/// <summary>Runs python3, the independent calculator of the tests. A missing python3 is a failure, never a skip.</summary>
public static class PythonTool
{
    /// <summary>Runs a script from its text and returns what it printed.</summary>
    /// <param name="script">The Python source; only the standard library is there.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="timeout">When it is killed; 60 seconds unless told.</param>
    /// <param name="arguments">Its <c>sys.argv[1:]</c>.</param>
    /// <exception cref="InvalidOperationException">python3 is missing, took too long, or failed; the message says it.</exception>
    public static async Task<string> RunAsync(string script, string input = "", TimeSpan? timeout = null, params string[] arguments)
    {
        using var process = Start(["-c", script, .. arguments]);
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(60));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await WriteInput(process, input, limit.Token);
            var (text, said) = (await output, await errors);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? text
                : throw new InvalidOperationException($"python3 ended with exit code {process.ExitCode}:\n{said}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"python3 was stopped after {timeout?.TotalSeconds ?? 60} seconds.");
        }
    }

    private static Process Start(string[] arguments)
    {
        var info = new ProcessStartInfo("python3", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(info) ?? throw new InvalidOperationException("python3 did not start.");
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException("python3 is missing. Install it (Debian: apt-get install python3).", exception);
        }
    }

    private static async Task WriteInput(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The script ended before it read its input; its exit code and its errors, which the caller reads, say why.
        }
    }
}
