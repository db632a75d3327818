using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.CostIngest.Tests.Formats;
using CiCost.Policy.Sources;
using CiCost.TestKit;

namespace CiCost.CostIngest.Tests.Sources;

/// <summary>The sources.yaml of a page is one that the program takes, so that following the page alone is enough.</summary>
[TestFixture]
public sealed class PageExampleTests
{
    [TestCase("azure.md", "azure-exports", "azure-query")]
    [TestCase("oci.md", "oci-focus")]
    public void Example_OfAPage_IsTakenWithAllItsSettings(string page, params string[] connectors)
    {
        var text = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "sources", page));
        var yaml = text[(text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length)..];
        var file = SourcesFile.Parse(page, yaml[..yaml.IndexOf("```", StringComparison.Ordinal)]);

        var catalogue = SourceCatalogue.Read(file, Connectors.All(), _ => new SourceServices(new ManualTime(DateTimeOffset.UnixEpoch), "state"));

        Assert.That(catalogue.Entries.Select(e => e.Connector), Is.EqualTo(connectors));
        foreach (var entry in catalogue.Entries)
        {
            (catalogue.Find(entry.Key)!.Value.Setup.Source as IDisposable)?.Dispose();
        }
    }
}
