using System.Text.RegularExpressions;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.CostIngest.Tests.Formats;
using CiCost.Policy.Sources;

namespace CiCost.CostIngest.Tests.Sources.DropFolder;

/// <summary>What docs/sources/drop-folder.md tells somebody to write is taken by the program.</summary>
public sealed class DropFolderPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "sources", "drop-folder.md"));

    [Test]
    public void SourcesFiles_OfThePage_AreTaken()
    {
        var formats = Blocks("yaml").Select(yaml =>
        {
            var catalogue = SourceCatalogue.Read(SourcesFile.Parse("drop-folder.md", yaml), Connectors.All(), _ => new SourceServices(TimeProvider.System, ""));
            return catalogue.Find(catalogue.Entries.Single().Key)!.Value.Setup.Format;
        });

        Assert.That(formats, Is.EqualTo(new[] { "focus-csv", null }));
    }

    [Test]
    public async Task InvoiceFile_OfThePage_StatesWhatThePageSays()
    {
        using var folder = new InvoiceFolder();
        File.WriteAllText(Path.Combine(folder.Month, "invoice.csv"), Blocks("csv").Single());

        Assert.That(await folder.FiguresAsync(), Is.EqualTo(new[]
        {
            "acct-4711 Neocloud Inc. R-2026-0815 ChargesWithoutTax 12400 USD", "acct-4711 Neocloud Inc. R-2026-0815 Tax 2280 USD",
            "acct-4711 Neocloud Inc. R-2026-0815 Credits -400 USD",
        }));
        Assert.That(Page, Does.Contain("charges without tax 12,400, tax 2,280, credits -400, payable 14,280"));
    }

    [Test]
    public void Errors_OfThePage_AreExplained()
    {
        var errors = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "errors.md"));
        var table = Page[Page.IndexOf("## What errors mean", StringComparison.Ordinal)..];

        var codes = Regex.Matches(table, @"^\| `([a-z]+(-[a-z0-9]+)*)` \|", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToArray();

        Assert.That(codes, Has.Length.GreaterThan(14));
        Assert.That(codes, Is.SupersetOf(new[]
        {
            "invoice-file-unreadable", "invoice-line-wrong", "invoice-month-differs", "invoice-line-repeated", "invoice-too-large",
        }));
        Assert.That(codes.Where(c => !errors.Contains($"### {c}\n", StringComparison.Ordinal)), Is.Empty);
    }

    private static IReadOnlyList<string> Blocks(string language) =>
    [
        .. Regex.Matches(Page, $"^( *)```{language}\n(.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline)
            .Select(m => Regex.Replace(m.Groups[2].Value, $"^{m.Groups[1].Value}", "", RegexOptions.Multiline)),
    ];
}
