namespace CiCost.Tidy.Tests;

/// <summary>The house rules over the whole tree; and each rule over bad samples, so that it is known to be able to fail.</summary>
public sealed class TidyTests
{
    private const string ErrorsPage = "docs/errors.md";

    private static readonly TreeFile Versions = new(
        "Directory.Packages.props",
        """<Project><ItemGroup><PackageVersion Include="Dapper" Version="2.1.86" /></ItemGroup></Project>""");

    private static readonly Dictionary<string, (TidyRule Rule, TreeFile[] Bad, TreeFile[] Good)> Rules = new()
    {
        ["FilesAreShort"] = (TidyRules.FilesAreShort, [Code(Lines(401))], [Code(Lines(400))]),
        ["LinesAreShort"] = (TidyRules.LinesAreShort, [Code(new string('x', 161))], [Code(new string('x', 160))]),
        ["NothingIsLeftOver"] = (TidyRules.NothingIsLeftOver, [Code("// TO" + "DO: later")], [Code("// to do is done")]),
        ["NoTestIsSkipped"] = (
            TidyRules.NoTestIsSkipped,
            [new("tests/A.Tests/A.cs", "[Ig" + "nore(\"slow\")]")],
            [new("tests/A.Tests/A.cs", "Assert.That(1, Is.EqualTo(1));")]),
        ["NoPlaceOfOneMachine"] = (
            TidyRules.NoPlaceOfOneMachine,
            [
                new("docs/a.md", "see /wo" + "rk/main/x"),
                new("bench/package-lock.json", "https://registry.np" + "mjs.org/a"),
                new("a.sh", "cd /tm" + "p"),
            ],
            [new("docs/a.md", "network/a, src/wo" + "rk/b, $HOME/t" + "mp, artifacts/tmp"), new("a.sh", "#!/usr/bin/env bash")]),
        ["SqlOnlyInLedger"] = (
            TidyRules.SqlOnlyInLedger,
            [
                Code("var a = $\"select {x} from lines\";"),
                new("src/CostIngest/Sources/Google/A.cs", "var a = \"select a from lines\";"),
                Code("var b = \"\"\"\n  Update lines\n  SET a = 1\n  \"\"\";"),
            ],
            [
                new("src/CostIngest/Sources/Google/FocusExportQuery.cs", "var a = \"select a from lines\";"),
                new("src/Ledger/A.cs", "var a = \"select a from lines\";"),
                Code("// select a from lines\nvar b = \"selected from the list\";"),
            ]),
        ["SqliteDialectOnlyInItsFolder"] = (
            TidyRules.SqliteDialectOnlyInItsFolder,
            [new("src/Ledger/A.cs", "var a = \"PRAGMA user_version\";"), new("src/Ledger/B.cs", "var a = \"select rowid from lines\";")],
            [
                new("src/Ledger/Sqlite/A.cs", "var a = \"PRAGMA user_version\";"),
                new("src/Ledger/A.cs", "// the rowid\nvar typeof_ = \"a\";"),
            ]),
        ["SqliteTypesOnlyInLedger"] = (
            TidyRules.SqliteTypesOnlyInLedger,
            [Code("using Dapper;"), Code("using Microsoft.Data.Sqlite;")],
            [new("src/Ledger/A.cs", "using Dapper;"), Code("// Dapper is in src/Ledger only\nvar a = \"Dapper\";")]),
        ["NoFloatingPointNearMoney"] = (
            TidyRules.NoFloatingPointNearMoney,
            [new("src/Domain/A.cs", "var a = $\"{(double)b}\";")],
            [new("src/Domain/A.cs", "/* a double */ var doubled = x.Single(); // float"), new("src/Reports/A.cs", "double height;")]),
        ["LinksResolve"] = (
            TidyRules.LinksResolve,
            [new("docs/a.md", "[b](b.md)"), new("README.md", "[x](docs/no/such.md#part)")],
            [
                new("docs/a.md", "[r](../README.md#top) [w](https://example.org) [here](#here) [d](decisions)"),
                new("README.md", ""),
                new("docs/decisions/1.md", ""),
            ]),
        ["ProjectsPointDownwards"] = (
            TidyRules.ProjectsPointDownwards,
            [
                Project("Domain", @"..\Ledger\Ledger.csproj"),
                Project("Ledger", "../Policy/Policy.csproj"),
                Project("Helpers", "../Domain/Domain.csproj"),
            ],
            [Project("Cli", @"..\CostIngest\CostIngest.csproj"), Project("Domain", null)]),
        ["OnlyLedgerHasDatabasePackages"] = (
            TidyRules.OnlyLedgerHasDatabasePackages,
            [Package("Reports", "Dapper"), Package("Accounting", "Microsoft.Data.Sqlite.Core")],
            [Package("Ledger", "Dapper"), Package("Policy", "YamlDotNet")]),
        ["PackagesAreDocumented"] = (
            TidyRules.PackagesAreDocumented,
            [Versions, new("docs/dependencies.md", "| Dapper | 2.1.0 | Apache-2.0 | |")],
            [Versions, new("docs/dependencies.md", "| Dapper | 2.1.86 | Apache-2.0 | |")]),
        ["PackagesAreUsed"] = (
            TidyRules.PackagesAreUsed,
            [Package("Cli", "Spectre.Console"), Package("Ledger", "AWSSDK.S3")],
            [Package("Accounting", "AWSSDK.S3"), Code("using Amazon.S3.Model;\n")]),
        ["ErrorsAreDocumented"] = (
            TidyRules.ErrorsAreDocumented,
            [
                Code("throw new BooksException(\n    \"books-locked\", $\"{file} is in use.\");"),
                new("src/Accounting/B.cs", "errors.Add(new RowError(file, 0, \"\", \"ragged-row\", value, \"x\"));"),
                new("src/CostIngest/C.cs", "Refuse(column, \"null-literal\", Cut(value, \", \"), $\"Leave {column} empty.\");"),
                new(ErrorsPage, "`another-name`"),
            ],
            [
                Code("throw new BooksException(\"books-locked\", \"In use.\"); var kind = \"focus-csv\";"),
                new(ErrorsPage, "`books-locked`"),
            ]),
    };

    [TestCaseSource(nameof(Names))]
    public void Tree_KeepsTheRule(string rule)
    {
        var offences = Rules[rule].Rule(SourceTree.Files).ToArray();

        Assert.That(offences, Has.Length.Zero, string.Join('\n', offences));
    }

    [TestCaseSource(nameof(Names))]
    public void Rule_EachBadSample_IsAnOffence(string rule)
    {
        var (check, bad, good) = Rules[rule];
        var context = bad.Where(f => f.Path is ErrorsPage or "docs/dependencies.md" || f == Versions).ToArray();
        var samples = context.Contains(Versions) ? [Versions] : bad.Except(context).ToArray();

        Assert.That(samples, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (var sample in samples)
            {
                Assert.That(check([sample, .. context.Where(f => f != sample)]), Is.Not.Empty, sample.Text);
            }

            Assert.That(check(good), Is.Empty, "the good sample");
        });
    }

    [Test]
    public void Tree_Read_HasTheSourcesAndNoBuildOutput()
    {
        Assert.That(SourceTree.Files.Select(f => f.Path), Does.Contain("CiCost.sln").And.Contain("src/Domain/Money/Money.cs"));
        Assert.That(SourceTree.Files.Select(f => f.Path), Has.None.Contains("/obj/").And.None.Contains("node_modules"));
        Assert.That(SourceTree.Files.Count(f => f.IsProduct), Is.AtLeast(30));
    }

    [Test]
    public void Literals_OfEveryKind_AreFound()
    {
        const string source = """"
            var a = "one \" two"; // "no"
            var b = @"three ""four"""; /* "no" */
            var c = $"five {(x ? "six" : $"{y:0.00}")} {{seven}}";
            var d = $$"""eight {nine} {{z["ten"]}} "eleven" """;
            var e = '"'; var f = '\''; var g = "";
            """";
        var text = CSharpText.Of(source);

        string[] expected =
            ["one \\\" two", "three \"four\"", "five {} {seven}", "six", "{}", "eight {nine} {} \"eleven\" ", "ten", ""];
        Assert.That(text.Literals, Is.EqualTo(expected));
        Assert.That(text.Code, Does.Not.Contain("no").And.Contain("x ? ").And.Contain("z["));
    }

    private static IEnumerable<string> Names() => Rules.Keys;

    private static TreeFile Code(string text) => new("src/Accounting/A.cs", text);

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("a\n", count));

    private static TreeFile Project(string name, string? reference) => new(
        $"src/{name}/{name}.csproj",
        $"<Project><ItemGroup>{(reference is null ? "" : $"<ProjectReference Include=\"{reference}\" />")}</ItemGroup></Project>");

    private static TreeFile Package(string name, string package) =>
        new($"src/{name}/{name}.csproj", $"<Project><ItemGroup><PackageReference Include=\"{package}\" /></ItemGroup></Project>");
}
