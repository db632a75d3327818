using System.Text.Json;
using System.Text.RegularExpressions;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Aws.CostExplorer;
using CiCost.CostIngest.Sources.Aws.Exports;
using CiCost.CostIngest.Sources.Aws.Invoices;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.CostIngest.Tests.Formats;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>What docs/sources/aws.md tells a newcomer to write is taken by the program, and by AWS as far as it can be told here.</summary>
public sealed class AwsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "sources", "aws.md"));

    [Test]
    public void SourcesFile_OfThePage_IsTaken()
    {
        var file = SourcesFile.Parse("aws.md", Blocks("yaml").Single(b => b.StartsWith("sources:", StringComparison.Ordinal)));

        var catalogue = SourceCatalogue.Read(
            file,
            [new AwsDataExportsConnector(), new AwsCostExplorerConnector(), new AwsInvoicesConnector()],
            _ => new SourceServices(TimeProvider.System, ""));

        Assert.That(catalogue.Entries.Select(e => catalogue.Find(e.Key)!.Value.Setup.Format), Is.EqualTo(new[] { "focus-csv", null, null }));
    }

    [Test]
    public void Export_OfThePage_HasTheColumnsThatAwsDelivers()
    {
        var export = Json().Single(j => j.TryGetProperty("DataQuery", out _));
        var query = export.GetProperty("DataQuery").GetProperty("QueryStatement").GetString()!;
        var layout = Path.Combine(TestFiles.Focus, "layouts", "aws-focus-s3", "fixture", "demo", ExportFixture.MayManifest);
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(layout));

        Assert.That(
            Regex.Match(query, "^SELECT (.+) FROM FOCUS_1_2_AWS$").Groups[1].Value.Split(", "),
            Is.EqualTo(manifest.RootElement.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("name").GetString())));
        var destination = export.GetProperty("DestinationConfigurations").GetProperty("S3Destination");
        Assert.That(destination.GetProperty("S3OutputConfigurations").GetProperty("Format").GetString(), Is.EqualTo("TEXT_OR_CSV"));
    }

    [Test]
    public async Task Policy_OfThePage_CoversEveryRequestToTheBucket()
    {
        var statements = Json().Single(j => j.ToString().Contains("s3:ListBucket", StringComparison.Ordinal)).GetProperty("Statement");
        var prefix = statements[0].GetProperty("Condition").GetProperty("StringLike").GetProperty("s3:prefix").GetString()!;
        Assert.That(prefix, Is.EqualTo("cicost/focus/*"));
        await using var it = await ExportFixture.StartAsync();

        await it.Fetch("2026-05");

        // The fixture's prefix and name stand where the page's do: the folder of the export, and nothing outside.
        foreach (var request in it.S3.Server.Requests)
        {
            var asked = request.Query.Contains("list-type", StringComparison.Ordinal)
                ? Uri.UnescapeDataString(Regex.Match(request.Query, "prefix=([^&]*)").Groups[1].Value)
                : request.Path["/demo/".Length..];
            Assert.That((request.Method, asked), Is.EqualTo(("GET", asked)));
            Assert.That(asked, Does.StartWith(ExportFixture.Export));
        }
    }

    [Test]
    public void Errors_OfThePage_AreExplained()
    {
        var errors = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "errors.md"));
        var table = Page[Page.IndexOf("## What each error means", StringComparison.Ordinal)..];

        var codes = Regex.Matches(table, "`([a-z]+(-[a-z0-9]+)+)`").Select(m => m.Groups[1].Value).ToArray();
        Assert.That(codes, Has.Length.GreaterThan(20));
        Assert.That(codes.Where(c => !errors.Contains($"### {c}\n", StringComparison.Ordinal)), Is.Empty);
    }

    private static IEnumerable<string> Blocks(string language) =>
        Regex.Matches(Page, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value);

    private static IEnumerable<JsonElement> Json() => Blocks("json").Select(b => JsonDocument.Parse(b).RootElement);
}
