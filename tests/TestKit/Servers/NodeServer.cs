using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace CiCost.TestKit.Servers;

/// <summary>
/// A storage server from npm, on a free port of this machine. It ends when its standard input closes, so it also ends when the tests are
/// killed; nothing is ever ended by name.
/// </summary>
public sealed partial class NodeServer : IAsyncDisposable
{
    private const string Wrapper =
        "process.stdin.on('end',()=>process.exit(0)).resume();process.argv.splice(1,0,'server');require(process.env.CICOST_SERVER_MAIN)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeServer(Process process) => _process = process;

    /// <summary>Scheme, host and port.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>
    /// Azure Blob storage in memory: account <c>devstoreaccount1</c> with Azurite's published key; addresses begin with
    /// <see cref="Address"/>/devstoreaccount1.
    /// </summary>
    /// <param name="more">More arguments, such as <c>--oauth basic --cert FILE --key FILE</c>.</param>
    public static Task<NodeServer> StartAzuriteAsync(params string[] more) => StartAsync(
        "azurite/dist/src/blob/main.js",
        [],
        ["--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--silent", .. more]);

    /// <summary>S3 storage in a folder; key and secret are <c>S3RVER</c>. It neither verifies signatures nor honours If-Match.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="bucket">The bucket to make.</param>
    public static Task<NodeServer> StartS3rverAsync(string folder, string bucket) => StartAsync(
        "s3rver/bin/s3rver.js",
        ["--openssl-legacy-provider"],
        ["-d", folder, "-a", "127.0.0.1", "-p", "0", "--configure-bucket", bucket]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static async Task<NodeServer> StartAsync(string main, string[] nodeArguments, string[] arguments)
    {
        var path = Path.Combine(Packages(), main);
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"{path} is missing. Build tests/TestKit again: it fetches the servers with npm.");
        }

        var info = new ProcessStartInfo("node", [.. nodeArguments, "-e", Wrapper, "--", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CICOST_SERVER_MAIN"] = path },
        };
        var server = new NodeServer(Start(info));
        server.Listen();
        try
        {
            server.Address = await server._ready.Task.WaitAsync(Patience);
            return server;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"{main} did not start: {exception.Message} It said:\n{server.Said()}", exception);
        }
    }

    private static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info) ?? throw new InvalidOperationException("node did not start.");
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException("node is missing. Install it (Debian: apt-get install nodejs).", exception);
        }
    }

    private void Listen()
    {
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("it ended."));
        _process.OutputDataReceived += (_, e) => Heard(e.Data);
        _process.ErrorDataReceived += (_, e) => Heard(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_said)
        {
            if (_said.Length < 20_000)
            {
                _said.AppendLine(line);
            }
        }

        var match = Listening().Match(line);
        if (match.Success)
        {
            var scheme = match.Groups["scheme"].Success ? match.Groups["scheme"].Value : "http";
            _ready.TrySetResult(new Uri($"{scheme}://127.0.0.1:{match.Groups["port"].Value}/"));
        }
    }

    private string Said()
    {
        lock (_said)
        {
            return _said.ToString();
        }
    }

    private static string Packages([CallerFilePath] string sourceFile = "") =>
        Path.Combine(Path.GetDirectoryName(sourceFile)!, "npm", "node_modules");

    [GeneratedRegex(@"listen(s|ing) on ((?<scheme>https?)://)?127\.0\.0\.1:(?<port>\d+)")]
    private static partial Regex Listening();
}
