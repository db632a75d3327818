using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CiCost.Cli.Tests.Demo;

/// <summary>The files are as the providers deliver theirs, and nothing in them is undocumented.</summary>
internal sealed class LayoutTests
{
    private DemoRun _run = null!;
    private ILookup<string, string> _documented = null!;

    [OneTimeSetUp]
    public void WriteThreeMonths()
    {
        _run = new DemoRun(first: "2026-05");
        _documented = DemoRun.Fact("columns.csv").ToLookup(r => r["surface"], r => r["name"]);
    }

    [OneTimeTearDown]
    public void Remove() => _run.Dispose();

    [TestCase("aws-foundation", "aws-focus")]
    [TestCase("azure-foundation", "azure-focus")]
    [TestCase("github-billing", "github-usage")]
    public void Columns_OfEveryFile_AreDocumented(string source, string surface)
    {
        foreach (var file in _run.Plan.Deliveries.Where(d => d.Source == source).SelectMany(d => d.Files))
        {
            Assert.That(DemoRun.Csv(_run.Full(file)).First().Keys, Is.SubsetOf(_documented[surface]), file);
        }
    }

    [Test]
    public void GoogleKeys_OfEveryRow_AreDocumented()
    {
        foreach (var file in _run.Plan.Deliveries.Where(d => d.Source == "gcp-foundation").SelectMany(d => d.Files))
        {
            using var reader = new StreamReader(DemoRun.Open(_run.Full(file)));
            var keys = new HashSet<string>();
            while (reader.ReadLine() is { } line)
            {
                using var json = JsonDocument.Parse(line);
                Collect(json.RootElement, "", keys);
            }

            Assert.That(keys, Is.SubsetOf(_documented["google-billing"]).And.Not.Empty, file);
        }
    }

    [Test]
    public void TagKeys_OfEveryRow_AreDocumentedAndNameNoAnswer()
    {
        var keys = _run.Plan.Deliveries.Where(d => d.Kind == "focus-csv").SelectMany(d => d.Files)
            .SelectMany(f => DemoRun.Csv(_run.Full(f))).Select(r => r["Tags"]).Where(t => t.Length > 0).Distinct()
            .SelectMany(t => JsonSerializer.Deserialize<Dictionary<string, string>>(t)!.Keys).ToHashSet();
        Assert.That(keys, Is.EquivalentTo(_documented["aws-tag-key"]));
        Assert.That(keys.Concat(_documented.SelectMany(g => g)).Where(k => !k.Contains('.', StringComparison.Ordinal)),
            Has.None.Matches<string>(k => Regex.IsMatch(k, "(?i)^(user:|user_|x_)?(architecture|owner|project-owner|funder)$")));
    }

    [Test]
    public void JobKeys_OfEveryEvent_AreDocumented()
    {
        var path = _run.Plan.Deliveries.First(d => d.Source == "github-jobs").Files[0];
        using var reader = new StreamReader(DemoRun.Open(_run.Full(path)));
        var keys = new HashSet<string>();
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            Collect(json.RootElement, "", keys);
        }

        Assert.That(keys, Is.EquivalentTo(_documented["workflow-job"]));
    }

    [Test]
    public void AwsManifests_NameEveryFileWithItsSizeAndColumns()
    {
        var named = new List<string>();
        foreach (var path in _run.Files("*-Manifest.json").Where(p => p.Contains("-demo/", StringComparison.Ordinal)))
        {
            using var manifest = JsonDocument.Parse(File.ReadAllText(path));
            var columns = manifest.RootElement.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString());
            foreach (var file in manifest.RootElement.GetProperty("dataFiles").EnumerateArray())
            {
                var key = file.GetProperty("s3Uri").GetString()!.Split('/', 4)[3];
                var data = _run.Full("aws-foundation/" + key);
                Assert.That(new FileInfo(data).Length, Is.EqualTo(file.GetProperty("size").GetInt64()), key);
                Assert.That(columns, Is.EqualTo(DemoRun.Csv(data).First().Keys), key);
                Assert.That(key, Does.Contain($"BILLING_PERIOD={manifest.RootElement.GetProperty("billingPeriod").GetString()}/"));
                named.Add(data);
            }
        }

        Assert.That(named, Is.EquivalentTo(_run.Files("*.csv.gz").Where(f => f.Contains("aws-foundation", StringComparison.Ordinal))));
        var newest = _run.Full("aws-foundation/cicost-demo-focus/metadata/BILLING_PERIOD=2026-07/cicost-demo-focus-Manifest.json");
        var lastFile = _run.Plan.Deliveries.Last(d => d.Source == "aws-foundation" && d.Month == "2026-07").Files[0];
        Assert.That(File.ReadAllText(newest), Does.Contain(lastFile["aws-foundation/".Length..]));
    }

    [Test]
    public void AzureManifests_CountBytesAndRows()
    {
        var manifests = _run.Files("manifest.json").ToList();
        Assert.That(manifests, Has.Count.EqualTo(3));
        foreach (var path in manifests)
        {
            using var manifest = JsonDocument.Parse(File.ReadAllText(path));
            var blob = manifest.RootElement.GetProperty("blobs")[0];
            var data = _run.Full("azure-foundation/" + blob.GetProperty("blobName").GetString());
            Assert.That(new FileInfo(data).Length, Is.EqualTo(blob.GetProperty("byteCount").GetInt64()));
            Assert.That(DemoRun.Csv(data).Count(), Is.EqualTo(blob.GetProperty("dataRowCount").GetInt64()));
            Assert.That(manifest.RootElement.GetProperty("byteCount").GetInt64(), Is.EqualTo(blob.GetProperty("byteCount").GetInt64()));
        }
    }

    [Test]
    public void Plan_IsInOrderOfArrival_AndNamesEveryDataFileOnce()
    {
        var deliveries = _run.Plan.Deliveries;
        Assert.That(deliveries.Select(d => d.Order), Is.EqualTo(Enumerable.Range(1, deliveries.Count)));
        Assert.That(deliveries.Select(d => d.ReceivedAt), Is.Ordered);
        Assert.That(deliveries.SelectMany(d => d.Files).Select(_run.Full),
            Is.EquivalentTo(_run.Files("*.gz").Concat(_run.Files("*.csv"))
            .Where(f => !f.Contains("/invoices/", StringComparison.Ordinal))), "invoices are pulled, not ingested");
        Assert.That(deliveries.Where(d => d.Mode == "append").Select(d => (d.Source, d.Month, d.Part)), Is.Unique);
        using var written = JsonDocument.Parse(_run.Text("plan.json"));
        Assert.That(written.RootElement.GetProperty("deliveries").GetArrayLength(), Is.EqualTo(deliveries.Count));
    }

    [Test]
    public void Checksums_HoldForEveryFile()
    {
        var sums = _run.Text("SHA256SUMS").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split("  "))
            .ToDictionary(l => _run.Full(l[1]), l => l[0]);
        Assert.That(sums.Keys, Is.EquivalentTo(_run.Files("*").Where(f => !f.EndsWith("SHA256SUMS", StringComparison.Ordinal))));
        foreach (var (path, sum) in sums)
        {
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), Is.EqualTo(sum), path);
        }
    }

    [Test]
    public void Readmes_OfEverySource_SayThatItIsADemonstration()
    {
        var folders = _run.Plan.Deliveries.Select(d => $"{d.Source}/README.txt").Distinct().Append("README.txt").Append("DERIVATION.txt");
        Assert.That(folders.Select(_run.Text), Has.All.Contain("Demonstration data"));
    }

    private static void Collect(JsonElement element, string prefix, HashSet<string> keys)
    {
        foreach (var property in element.EnumerateObject())
        {
            keys.Add(prefix + property.Name);
            var parts = property.Value.ValueKind == JsonValueKind.Array ? property.Value.EnumerateArray().ToArray() : [property.Value];
            foreach (var part in parts.Where(p => p.ValueKind == JsonValueKind.Object))
            {
                Collect(part, $"{prefix}{property.Name}.", keys);
            }
        }
    }
}
