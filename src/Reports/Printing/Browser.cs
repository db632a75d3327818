using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace CiCost.Reports.Printing;

/// <summary>
/// One running browser, spoken to over a pipe: no port is open, and it ends when the pipe closes, so also when this program is killed.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private const int MostErrorCharacters = 16_384;

    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastWordsTime = TimeSpan.FromMilliseconds(300);

    private readonly Process _process;
    private readonly string _profile;
    private readonly StringBuilder _errors = new();

    // Not Process.WaitForExitAsync: that also waits for helpers that hold the error stream open.
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorsRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Browser(Process process, string profile)
    {
        _process = process;
        _profile = profile;
        process.Exited += (_, _) => _exited.TrySetResult();
        process.EnableRaisingEvents = true;
        process.ErrorDataReceived += (_, e) => KeepError(e.Data);
        process.BeginErrorReadLine();
        Pipe = new CdpPipe(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, _exited.Task, GoneAsync);
    }

    public CdpPipe Pipe { get; }

    public int ProcessId => _process.Id;

    public string Profile => _profile;

    /// <summary>Starts a browser and waits until it answers.</summary>
    public static async Task<(Browser Browser, string Version)> StartAsync(
        PrintSettings settings, TimeProvider time, CancellationToken token)
    {
        var path = BrowserLocator.Find(settings);
        PrivateFolders.Sweep(settings.TemporaryFolder, time.GetUtcNow());
        var profile = PrivateFolders.NewName(settings.TemporaryFolder);
        var start = BrowserCommand.Of(settings, path, profile, Environment.IsPrivilegedProcess);
        var browser = new Browser(Start(start), profile);
        try
        {
            var answer = await browser.Pipe.SendAsync("Browser.getVersion", null, null, token).ConfigureAwait(false);
            return (browser, answer.GetProperty("product").GetString() ?? "");
        }
        catch (PrintException e) when (e.Failure == PrintFailure.BrowserEnded)
        {
            await browser.DisposeAsync().ConfigureAwait(false);
            throw new PrintException(PrintFailure.BrowserDidNotStart, $"{path} did not start. {Advice(settings)}{browser.ErrorText()}", e);
        }
        catch
        {
            await browser.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks the browser to end, ends it with all its processes if it does not, and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _exited.Task.ConfigureAwait(false);
        }

        await Pipe.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
        // Helpers of the browser may write for a moment longer.
        for (var i = 0; i < 20 && !PrivateFolders.TryDelete(_profile); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new PrintException(PrintFailure.BrowserDidNotStart, $"'{start.FileName}' did not start.");
        }
        catch (Win32Exception e)
        {
            throw new PrintException(
                PrintFailure.BrowserDidNotStart,
                $"'{start.FileName}' cannot be run ({e.Message}). It is part of the Debian packages util-linux and dash.",
                e);
        }
    }

    private static string Advice(PrintSettings settings) => settings.IsSandboxed
        ? "If its sandbox is not allowed here, see docs/reports.md, 'Sandbox'. It said: "
        : "It said: ";

    private async Task CloseAsync()
    {
        using var limit = new CancellationTokenSource(CloseTime);
        try
        {
            await Pipe.SendAsync("Browser.close", null, null, limit.Token).ConfigureAwait(false);
            await _exited.Task.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PrintException or OperationCanceledException)
        {
            // It is gone already, or hangs: the caller ends the process either way.
            Debug.WriteLine(e.Message);
        }
    }

    private void KeepError(string? line)
    {
        if (line is null)
        {
            _errorsRead.TrySetResult();
            return;
        }

        lock (_errors)
        {
            if (_errors.Length < MostErrorCharacters)
            {
                _errors.AppendLine(line);
            }
        }
    }

    private string ErrorText()
    {
        lock (_errors)
        {
            return _errors.Length == 0 ? "nothing" : string.Join(
                " | ", _errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    /// <summary>The error of a browser that ended, with what it said last.</summary>
    private async Task<PrintException> GoneAsync()
    {
        await Task.WhenAny(_errorsRead.Task, Task.Delay(LastWordsTime)).ConfigureAwait(false);
        return new PrintException(PrintFailure.BrowserEnded, $"The browser ended before the report was printed. It said: {ErrorText()}");
    }
}
