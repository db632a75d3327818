using System.Text.RegularExpressions;
using CiCost.Accounting.Checks;
using CiCost.Cli.Tests.Kills;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Documents;

/// <summary>The documents name what there is, and their queries run.</summary>
public sealed partial class DocumentTests
{
    [Test]
    public void Errors_Document_HasASectionForEachCodeAndCheck()
    {
        var sections = Section().Matches(Read("errors.md")).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var source = string.Concat(Directory.EnumerateFiles(PublishedProgram.File("src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));
        var policy = File.ReadAllText(PublishedProgram.File("src", "Policy", "PolicyErrorCode.cs"))
            + File.ReadAllText(PublishedProgram.File("src", "Policy", "PolicyNotice.cs"));
        var codes = BooksCode().Matches(source).Concat(RowRule().Matches(source)).Concat(PolicyCode().Matches(policy)).Select(m
            => m.Groups[1].Value).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(codes, Has.Count.GreaterThan(70), "codes found in the source");
            Assert.That(codes.Concat(RunChecks.Catalogue.Select(c => c.Name)).Where(c => !sections.Contains(c)).Distinct(), Is.Empty);
        });
    }

    [Test]
    public async Task DataModel_Queries_RunOnBooks()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        var bill = Bill.Write(folder.File("bill.csv"), 310, 1);
        await cicost.JsonAsync("ingest", "--source", "aws", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path);
        var queries = Query().Matches(Read("data-model.md")).Select(m => m.Groups[1].Value).ToList();
        Assert.That(queries, Has.Count.AtLeast(3));
        foreach (var query in queries)
        {
            Assert.That(await SqliteShell.RowsAsync(cicost.Books, query), Is.Not.Empty, query);
        }
    }

    [Test]
    public void DataModel_Document_NamesEveryTableAndView()
    {
        var document = Read("data-model.md");
        var schema = File.ReadAllText(PublishedProgram.File("src", "Ledger", "Sqlite", "Migrations", "0001_initial.sql"));
        var names = Table().Matches(schema).Select(m => m.Groups[1].Value).ToList();
        Assert.That(names, Has.Count.GreaterThan(20));
        Assert.That(names.Where(n => !document.Contains($"`{n}`", StringComparison.Ordinal)), Is.Empty);
    }

    private static string Read(string name) => File.ReadAllText(PublishedProgram.File("docs", name));

    [GeneratedRegex("^### (\\S+)$", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("new BooksException\\(\\s*\"([a-z0-9-]+)\"")]
    private static partial Regex BooksCode();

    [GeneratedRegex(
        "\"((?:csv|header|time|decimal|charge|tags|enum|value|null|shifted|provider|currency|billing-period|total|too)-[a-z0-9-]+)\""
        + ", ?(?:\\$?\"|\\r?\\n|Cut)")]
    private static partial Regex RowRule();

    [GeneratedRegex("public const string [A-Z][A-Za-z]+ = \"([a-z]+(?:-[a-z]+)*)\";")]
    private static partial Regex PolicyCode();

    [GeneratedRegex("```sql\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Query();

    [GeneratedRegex("^CREATE (?:TABLE|VIEW) ([a-z_]+)", RegexOptions.Multiline)]
    private static partial Regex Table();
}
