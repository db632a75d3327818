using System.Text.Json;

namespace CiCost.Cli.Tests.Running;

/// <summary>How a run of a program ended.</summary>
/// <param name="ExitCode">128 + the signal's number when a signal ended it.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record RunResult(int ExitCode, string Output, string Errors)
{
    /// <summary>What a process that SIGKILL ended reports.</summary>
    public const int Killed = 137;

    /// <summary>Standard output as exactly one JSON document: anything beside it is an error of the parser.</summary>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    /// <summary>Fails the test unless the run ended with this code.</summary>
    public RunResult Expect(int exitCode)
    {
        Assert.That(ExitCode, Is.EqualTo(exitCode), $"exit code; it said:\n{Errors}\n{Output}");
        return this;
    }
}
