using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace CiCost.Cli.Tests.Running;

/// <summary>A <c>cicost serve</c> on a free port of this machine, stopped by its own process id at the latest when it is disposed.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    /// <summary>Generous: the machine may be busy with other work.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _tokenFile;
    private readonly TaskCompletionSource<string?> _address = new();
    private readonly Task _output;
    private readonly Task<string> _errors;
    private HttpClient? _client;

    private RunningServer(Process process, string tokenFile)
    {
        (_process, _tokenFile) = (process, tokenFile);
        _errors = process.StandardError.ReadToEndAsync();
        _output = ReadAsync();
    }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts one; a fail point may end it before it listens.</summary>
    public static RunningServer Start(Cicost cicost, IReadOnlyDictionary<string, string> variables) =>
        new(cicost.Start(variables, "serve", "--address", "http://127.0.0.1:0", "--json"), cicost.Books + ".token");

    /// <summary>Starts one that is told everything by its configuration.</summary>
    public static RunningServer StartPlain(Cicost cicost, IReadOnlyDictionary<string, string> variables) =>
        new(cicost.Start(variables, "serve", "--json"), cicost.Books + ".token");

    /// <summary>A client of it, once it listens, with the token for changes.</summary>
    public async Task<HttpClient> ClientAsync()
    {
        if (_client is null)
        {
            var address = await _address.Task.WaitAsync(Limit)
                ?? throw new InvalidOperationException($"The server ended before it listened: {await _errors}");
            _client = new HttpClient { BaseAddress = new Uri(address), Timeout = Limit };
            if (File.Exists(_tokenFile))
            {
                _client.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(_tokenFile)).Trim());
            }
        }

        return _client;
    }

    /// <summary>An answer as JSON.</summary>
    public async Task<JsonElement> JsonAsync(string path)
    {
        using var document = JsonDocument.Parse(await (await ClientAsync()).GetStringAsync(path));
        return document.RootElement.Clone();
    }

    /// <summary>Asks the server until it is so; each asking takes a while itself.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.That(watch.Elapsed, Is.LessThan(Limit), $"waited for: {what}");
            (await (await ClientAsync()).GetAsync("/health/live")).Dispose();
        }
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Stops it with SIGTERM and expects success.</summary>
    public async Task<string> StopAsync(string folder)
    {
        // Listening comes last in the start; a signal before would meet no one who handles it.
        await ClientAsync();
        (await Cicost.RunProgramAsync(folder, "kill", "-TERM", $"{_process.Id}")).Expect(0);
        return await EndAsync(0);
    }

    /// <summary>Waits until it ends by itself, expects this exit code, and returns what it said on standard error.</summary>
    public async Task<string> EndAsync(int exitCode)
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _output;
        var errors = await _errors;
        Assert.That(_process.ExitCode, Is.EqualTo(exitCode), errors);
        return errors;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await _output;
        _process.Dispose();
    }

    /// <summary>Takes the address from the document that it prints once it listens, and reads on so that it never waits for a reader.</summary>
    private async Task ReadAsync()
    {
        var document = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            document.Append(line);
            if (line == "}")
            {
                using var parsed = JsonDocument.Parse(document.ToString());
                _address.TrySetResult(parsed.RootElement.GetProperty("address").GetString()!);
            }
        }

        _address.TrySetResult(null);
    }
}
