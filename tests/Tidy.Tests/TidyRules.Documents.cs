using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CiCost.Tidy.Tests;

/// <content>The rules on documents and project files.</content>
internal static partial class TidyRules
{
    private const string ErrorsPage = "docs/errors.md";

    // architecture.md, 9: a project may use those on lower levels only.
    private static readonly Dictionary<string, int> Levels = new(StringComparer.Ordinal)
    {
        ["Domain"] = 0,
        ["Policy"] = 1,
        ["Ledger"] = 1,
        ["Accounting"] = 2,
        ["CostIngest"] = 3,
        ["Reports"] = 3,
        ["CostApi"] = 4,
        ["Cli"] = 5,
    };

    // Where the sources do not call a package by its name: what they call it.
    private static readonly Dictionary<string, string> NamesInSources = new(StringComparer.Ordinal)
    {
        ["AWSSDK.Core"] = "Amazon.Runtime",
        ["AWSSDK.S3"] = "Amazon.S3",
        ["AWSSDK.SecurityToken"] = "Amazon.SecurityToken",
        ["Microsoft.Data.Sqlite.Core"] = "Microsoft.Data.Sqlite",
        ["Polly.Core"] = "Polly",
        ["SQLitePCLRaw.bundle_e_sqlite3"] = "SQLitePCL",
    };

    public static IEnumerable<string> LinksResolve(IReadOnlyCollection<TreeFile> files)
    {
        var paths = files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        return
            from file in files
            where file.Path.EndsWith(".md", StringComparison.Ordinal)
            from match in Link().Matches(file.Text)
            let target = match.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
            let path = Resolve(file.Path, target)
            where !paths.Contains(path) && !paths.Any(p => p.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal))
            select $"{file.Path}: the link '{target}' leads nowhere";
    }

    public static IEnumerable<string> ProjectsPointDownwards(IReadOnlyCollection<TreeFile> files) =>
        from project in Projects(files)
        where project.File.IsIn("src")
        let level = Levels.GetValueOrDefault(project.Name, -1)
        from reference in Items(project.File, "ProjectReference").Select(NameOfProject).DefaultIfEmpty("")
        where level < 0 || (reference.Length > 0 && Levels.GetValueOrDefault(reference, int.MaxValue) >= level)
        select level < 0
            ? $"{project.File.Path}: {project.Name} has no place among the projects of the architecture"
            : $"{project.File.Path}: {project.Name} must not use {reference}";

    public static IEnumerable<string> OnlyLedgerHasDatabasePackages(IReadOnlyCollection<TreeFile> files) =>
        from project in Projects(files)
        where project.Name != "Ledger"
        from package in Items(project.File, "PackageReference")
        where package.StartsWith("Dapper", StringComparison.Ordinal) || package.Contains("Sqlite", StringComparison.OrdinalIgnoreCase)
        select $"{project.File.Path}: only src/Ledger uses {package}";

    public static IEnumerable<string> PackagesAreDocumented(IReadOnlyCollection<TreeFile> files)
    {
        var page = TextOf(files, "docs/dependencies.md");
        return
            from file in files
            where file.Path == "Directory.Packages.props"
            from item in XDocument.Parse(file.Text).Descendants("PackageVersion")
            let row = $"| {item.Attribute("Include")?.Value} | {item.Attribute("Version")?.Value} |"
            where !page.Contains(row, StringComparison.Ordinal)
            select $"docs/dependencies.md: there is no row '{row}'";
    }

    public static IEnumerable<string> PackagesAreUsed(IReadOnlyCollection<TreeFile> files) =>
        from project in Projects(files)
        where project.File.IsIn("src")
        from package in Items(project.File, "PackageReference")
        let name = new Regex($@"^using {Regex.Escape(NamesInSources.GetValueOrDefault(package, package))}\b", RegexOptions.Multiline)
        where !files.Any(f => f.IsProduct && f.IsIn($"src/{project.Name}") && name.IsMatch(f.Text))
        select $"{project.File.Path}: no source of it uses {package}";

    public static IEnumerable<string> ErrorsAreDocumented(IReadOnlyCollection<TreeFile> files)
    {
        var page = TextOf(files, ErrorsPage);
        return (
            from file in files
            where file.IsProduct
            from match in ErrorName().Matches(CSharpText.Of(file.Text).CodeWithNames)
            let name = match.Groups[1].Value + match.Groups[2].Value
            where !page.Contains($"`{name}`", StringComparison.Ordinal) && !page.Contains($"### {name}\n", StringComparison.Ordinal)
            select $"{ErrorsPage}: `{name}` of {file.Path} is not there").Distinct();
    }

    private static IEnumerable<(string Name, TreeFile File)> Projects(IEnumerable<TreeFile> files) =>
        from file in files
        where file.Path.EndsWith(".csproj", StringComparison.Ordinal)
        select (Path.GetFileNameWithoutExtension(file.Path), file);

    private static IEnumerable<string> Items(TreeFile project, string kind) =>
        XDocument.Parse(project.Text).Descendants(kind).Select(item => item.Attribute("Include")?.Value ?? "");

    private static string NameOfProject(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static string Resolve(string from, string target)
    {
        var root = Path.GetFullPath("/repository");
        var path = Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(from) ?? "", Uri.UnescapeDataString(target)));
        return Path.GetRelativePath(root, path).Replace('\\', '/');
    }

    private static string TextOf(IEnumerable<TreeFile> files, string path) => files.FirstOrDefault(f => f.Path == path)?.Text ?? "";

    [GeneratedRegex(@"(?<!`)\[[^\]\n]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>
    /// The first name in a statement that makes an error (a RowError, a named exception, a fault, a refusal), and a name that is passed
    /// together with a sentence, as helpers that make errors are called.
    /// </summary>
    [GeneratedRegex(
        @"\b\w*(?:RowError|Exception|Error|Fault|Refus\w*|Reject\w*|Fail\w*)\((?:(?!=>)[^;])*?""([a-z]+(?:-[a-z][a-z0-9]*)+)""\s*[,)]"
        + @"|""([a-z]+(?:-[a-z][a-z0-9]*)+)""\s*,(?:(?!=>)[^;""]|""[a-z0-9-]*"")*?""" + CSharpText.Sentence + @"""")]
    private static partial Regex ErrorName();
}
