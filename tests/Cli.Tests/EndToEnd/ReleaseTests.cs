using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>The release is a folder that needs no SDK: unpacked anywhere, it books and serves.</summary>
[NonParallelizable]
public sealed partial class ReleaseTests
{
    private static readonly string[] Kinds = Counts.AreLong ? ["linux-x64", "linux-arm64"] : ["linux-x64"];

    [OneTimeSetUp]
    public async Task Release() => (await Cicost.RunProgramAsync(PublishedProgram.Root, PublishedProgram.File("release.sh"), Kinds)).Expect(0);

    [Test]
    public async Task Folder_StartedWithoutAnSdk_BooksAndServes()
    {
        using var folder = new TempFolder();
        var bill = Bill.Write(folder.File("bill.csv"), 50, 1);
        (await Cicost.RunProgramAsync(folder.FullName, "tar", "-xzf", Archive("linux-x64"))).Expect(0);
        var version = (await AloneAsync(folder, "--version")).Expect(0).Output;
        (await AloneAsync(folder, "--db", "books.db", "ingest", "--source", "bill", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path))
            .Expect(0);
        var costs = (await AloneAsync(folder, "--db", "books.db", "costs", "--month", Bill.Month, "--json")).Expect(0).Json();
        var (ready, page) = await ServedAsync(folder);
        Assert.Multiple(() =>
        {
            Assert.That(version, Does.Contain("SQLite 3."));
            Assert.That(costs.GetProperty("rows").GetArrayLength(), Is.Positive);
            Assert.That(ready, Does.Contain("\"ready\""));
            Assert.That(page, Does.Contain("<html"), "pages and their assets are in it");
        });
    }

    [Test]
    public void Archives_HaveTheirChecksumsAndTheListOfWhatIsInThem()
    {
        var sums = File.ReadAllLines(PublishedProgram.File("artifacts", "release", "SHA256SUMS"));
        foreach (var kind in Kinds)
        {
            var archive = Archive(kind);
            var folder = PublishedProgram.File("artifacts", "release", kind, "cicost");
            using var bom = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "sbom.cdx.json")));
            var components = bom.RootElement.GetProperty("components").EnumerateArray().ToLookup(c => c.GetProperty("type").GetString());
            var program = components["file"].Single(c => c.GetProperty("name").GetString() == "cicost");
            Assert.Multiple(() =>
            {
                Assert.That(sums, Has.One.EqualTo($"{HashOf(archive)}  {Path.GetFileName(archive)}"));
                Assert.That(program.GetProperty("hashes")[0].GetProperty("content").GetString(), Is.EqualTo(HashOf(Path.Combine(folder, "cicost"))));
                Assert.That(components["library"].Select(c => c.GetProperty("name").GetString()), Does.Contain("SQLitePCLRaw.bundle_e_sqlite3"));
                Assert.That(components["file"].Select(c => c.GetProperty("name").GetString()), Does.Contain("libe_sqlite3.so").And.Contain("docs/deploy.md")
                    .And.Contain("deploy/cicost.service"));
                Assert.That(MachineOf(Path.Combine(folder, "cicost")), Is.EqualTo(kind == "linux-x64" ? 62 : 183), "EM_X86_64 or EM_AARCH64");
            });
        }
    }

    [GeneratedRegex("href=\"([^\"]+\\.(?:css|svg))\"")]
    private static partial Regex Asset();

    private static string Archive(string kind) =>
        Directory.EnumerateFiles(PublishedProgram.File("artifacts", "release"), $"cicost-*-{kind}.tar.gz").Single();

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>e_machine of an ELF header.</summary>
    private static int MachineOf(string path)
    {
        var header = File.ReadAllBytes(path).AsSpan(0, 20);
        Assert.That(header[..4].ToArray(), Is.EqualTo("\u007fELF"u8.ToArray()));
        return header[18] | (header[19] << 8);
    }

    private static Task<RunResult> AloneAsync(TempFolder folder, params string[] arguments) => Cicost.RunProgramAsync(folder.FullName, "env",
        ["-i", "PATH=/usr/bin:/bin", folder.File("cicost", "cicost"), .. arguments]);

    private static async Task<(string Ready, string Page)> ServedAsync(TempFolder folder)
    {
        await using var server = RunningServer.StartProgram(folder.FullName, "env", "-i", "PATH=/usr/bin:/bin", folder.File("cicost", "cicost"),
            "--db", "books.db", "serve", "--address", "http://127.0.0.1:0", "--json");
        var client = await server.ClientAsync();
        var ready = await client.GetStringAsync("/health/ready");
        var page = await client.GetStringAsync("/");
        foreach (Match asset in Asset().Matches(page))
        {
            using var answer = await client.GetAsync(asset.Groups[1].Value);
            Assert.That((int)answer.StatusCode, Is.EqualTo(200), asset.Value);
        }

        Assert.That(Asset().Count(page), Is.Positive);
        await server.StopAsync(folder.FullName);
        return (ready, page);
    }
}
