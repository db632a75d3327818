using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>What deploy/ ships is what runs: the unit's command line as a user of its own, and both proxies before a real server.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed partial class DeployTests
{
    private const string Name = "costs.example.org";

    [Test]
    public async Task Unit_IsOneThatSystemdTakesAndFindsSafe()
    {
        using var folder = new TempFolder();
        var program = folder.Write("cicost", "#!/bin/sh\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        var unit = folder.Write("cicost.service", (await File.ReadAllTextAsync(PublishedProgram.File("deploy", "cicost.service")))
            .Replace("/opt/cicost/cicost", program, StringComparison.Ordinal));
        var verified = (await Cicost.RunProgramAsync(folder.FullName, "systemd-analyze", "verify", unit)).Expect(0);
        var safe = await Cicost.RunProgramAsync(folder.FullName, "systemd-analyze", "security", "--offline=true", "--threshold=20", unit);
        Assert.Multiple(() =>
        {
            Assert.That(verified.Errors, Is.Empty);
            Assert.That(safe.ExitCode, Is.Zero, safe.Output);
        });
    }

    [Test]
    public async Task UnitsCommandLine_RunsAsAUserOfItsOwn()
    {
        var line = (await File.ReadAllLinesAsync(PublishedProgram.File("deploy", "cicost.service")))
            .Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..];
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        var state = Directory.CreateDirectory(folder.File("state")).FullName;
        (await Cicost.RunProgramAsync(folder.FullName, "chown", "65534:65534", state)).Expect(0);
        string[] asUser = ["--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--bounding-set=-all"];
        var arguments = line.Replace("/var/lib/cicost", state, StringComparison.Ordinal).Split(' ')[1..];
        (await Cicost.RunProgramAsync(state, "setpriv", [.. asUser, PublishedProgram.Executable, arguments[0], arguments[1], "attribute"])).Expect(0);
        await using var server = RunningServer.StartProgram(state, "setpriv",
            [.. asUser, "env", "CICOST_Serve__Address=http://127.0.0.1:0", PublishedProgram.Executable, .. arguments, "--json"]);
        Assert.That(await (await server.ClientAsync()).GetStringAsync("/health/ready"), Does.Contain("\"ready\""));
        Assert.That(File.GetUnixFileMode(Path.Combine(state, "cicost.db")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await server.StopAsync(state);
    }

    [TestCase("nginx")]
    [TestCase("caddy")]
    public async Task Proxy_PassesReadsAndWebhooks_AndNoChanges(string kind)
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        (await cicost.RunAsync("attribute")).Expect(0);
        folder.Write("sources.yaml", "sources: []\n");
        await using var server = RunningServer.StartPlain(cicost, new Dictionary<string, string>
        {
            ["CICOST_Books__Database"] = cicost.Books,
            ["CICOST_Serve__Address"] = "http://127.0.0.1:0",
            ["CICOST_Serve__AllowedHosts"] = Name,
            ["CICOST_Webhooks__GitHub__Secret"] = "file:" + folder.Write("secret", "shared"),
        });
        var upstream = (await server.ClientAsync()).BaseAddress!;
        var port = FreePort();
        using var proxy = kind == "nginx" ? await NginxAsync(folder, upstream, port) : await CaddyAsync(folder, upstream, port);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            client.DefaultRequestHeaders.Host = Name;
            await UntilItListensAsync(client, proxy);
            var reader = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:a password")));
            var token = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(cicost.Books + ".token")).Trim());
            Assert.Multiple(async () =>
            {
                Assert.That(await AskAsync(client, HttpMethod.Get, "/v1/schedule", null), Is.EqualTo(401), "nobody without a password");
                Assert.That(await AskAsync(client, HttpMethod.Get, "/v1/schedule", reader), Is.EqualTo(200));
                Assert.That(await AskAsync(client, HttpMethod.Get, "/", reader), Is.EqualTo(200).Or.EqualTo(503));
                Assert.That(await AskAsync(client, HttpMethod.Post, "/v1/schedule/bill/pause", reader), Is.EqualTo(403));
                Assert.That(await AskAsync(client, HttpMethod.Post, "/v1/schedule/bill/pause", token), Is.EqualTo(403).Or.EqualTo(401));
                Assert.That(await AskAsync(client, HttpMethod.Post, "/v1/hooks/github", null), Is.EqualTo(401), "the server asks for a signature");
            });
            client.DefaultRequestHeaders.Host = "evil.example";
            client.DefaultRequestHeaders.Authorization = reader;
            using var stranger = await client.GetAsync("/v1/schedule");
            Assert.That(await stranger.Content.ReadAsStringAsync(), Does.Not.Contain("sources"), "a name that nobody was told");
        }
        finally
        {
            proxy.Kill(entireProcessTree: true);
            await proxy.WaitForExitAsync();
        }

        await server.StopAsync(folder.FullName);
    }

    [Test]
    public void Page_NamesEveryFileOfDeployAndEveryCommandThatIsThere()
    {
        var page = File.ReadAllText(PublishedProgram.File("docs", "deploy.md"));
        var shipped = Directory.EnumerateFiles(PublishedProgram.File("deploy")).Select(Path.GetFileName);
        Assert.Multiple(() =>
        {
            Assert.That(shipped.Where(f => f != "sbom.py" && !page.Contains($"deploy/{f}", StringComparison.Ordinal)), Is.Empty);
            foreach (Match link in Link().Matches(page))
            {
                Assert.That(PublishedProgram.File("docs", link.Groups[1].Value), Does.Exist);
            }
        });
    }

    private static async Task<Process> NginxAsync(TempFolder folder, Uri upstream, int port)
    {
        var hash = (await Cicost.RunProgramAsync(folder.FullName, "openssl", "passwd", "-apr1", "a password")).Expect(0).Output.Trim();
        var block = (await File.ReadAllTextAsync(PublishedProgram.File("deploy", "nginx.conf")))
            .Replace("listen 443 ssl;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:5080", upstream.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("/etc/nginx/cicost.htpasswd", folder.Write("htpasswd", $"reader:{hash}\n"), StringComparison.Ordinal);
        block = string.Join('\n', block.Split('\n').Where(l => !l.Contains("ssl_certificate", StringComparison.Ordinal)));
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }
            .Select(p => $"{p}_temp_path {folder.File(p)};\n"));
        var file = folder.Write("nginx.conf",
            $"daemon off;\npid {folder.File("pid")};\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{block}\n"
            + $"server {{ listen 127.0.0.1:{port} default_server; return 421; }}\n}}\n");
        return Start(folder, "nginx", "-c", file, "-p", folder.FullName);
    }

    private static async Task<Process> CaddyAsync(TempFolder folder, Uri upstream, int port)
    {
        var hash = (await Cicost.RunProgramAsync(folder.FullName, "caddy", "hash-password", "--plaintext", "a password")).Expect(0).Output.Trim();
        var file = folder.Write("Caddyfile", "{\n\tadmin off\n}\n" + (await File.ReadAllTextAsync(PublishedProgram.File("deploy", "Caddyfile")))
            .Replace($"{Name} {{", $"http://{Name}:{port} {{\n\tbind 127.0.0.1", StringComparison.Ordinal)
            .Replace("127.0.0.1:5080", upstream.Authority, StringComparison.Ordinal)
            .Replace("{$CICOST_READER_HASH}", hash, StringComparison.Ordinal));
        return Start(folder, "caddy", "run", "--adapter", "caddyfile", "--config", file);
    }

    private static Process Start(TempFolder folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder.FullName };
        start.Environment["HOME"] = folder.FullName;
        start.Environment["XDG_DATA_HOME"] = folder.File("data");
        start.Environment["XDG_CONFIG_HOME"] = folder.File("config");
        return Process.Start(start)!;
    }

    private static async Task UntilItListensAsync(HttpClient client, Process proxy)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            Assert.That(proxy.HasExited, Is.False, "the proxy ended");
            try
            {
                using var answer = await client.GetAsync("/health/live", patience.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }

    private static async Task<int> AskAsync(HttpClient client, HttpMethod method, string path, AuthenticationHeaderValue? authorization)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = authorization;
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"\]\(([a-z][a-z0-9/.-]+\.md)\)")]
    private static partial Regex Link();
}
