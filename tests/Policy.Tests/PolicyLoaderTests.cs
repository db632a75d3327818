using System.Reflection;
using System.Text;
using CiCost.Policy.Sources;

namespace CiCost.Policy.Tests;

public sealed class PolicyLoaderTests
{
    [Test]
    public void Files_Missing_AreAllNamed()
    {
        var e = Assert.Throws<PolicyException>(() => PolicyLoader.Parse([]))!;
        Assert.That(e.Errors.Select(error => (error.File, error.Code)), Is.EqualTo(new[]
        {
            "accounts.yaml", "architectures.yaml", "components.yaml", "coverage.yaml", "dimensions.yaml", "funding.yaml",
            "organisations.yaml", "projects.yaml",
        }.Select(file => (file, PolicyErrorCode.MissingFile))));
    }

    [Test]
    public void Files_TwoOfOneName_AreRefused()
    {
        IReadOnlyList<PolicyFile> files = [.. APolicy.With(), new("projects.yaml", "projects: []")];
        var e = Assert.Throws<PolicyException>(() => PolicyLoader.Parse(files))!;
        Assert.That(
            e.Errors.Single().ToString(),
            Is.EqualTo("projects.yaml:0:0: The policy has two files of this name. Keep one. [duplicate-file]"));
    }

    [Test]
    public void Mistakes_InSeveralFiles_AreSaidAtOnceInTheOrderOfFilesAndLines()
    {
        var mistakes = APolicy.Mistakes(
            ("projects.yaml", "projects: x"),
            ("components.yaml", "a: b\ncomponents: []"),
            (APolicy.Rules, "rules: [{id: a, when: {}, then: {}}]"));
        Assert.That(mistakes.Select(m => m[..(m.IndexOf(' ', StringComparison.Ordinal) - 1)]), Is.EqualTo(new[]
        {
            "attribution/rules.yaml:1:23", "attribution/rules.yaml:1:33", "components.yaml:1:1", "projects.yaml:1:11",
        }));
    }

    [Test]
    public void References_ToAFileThatCannotBeRead_AreNotMistakesOfTheirOwn() => Assert.That(
        APolicy.Mistakes(("organisations.yaml", "organisations: [")).Select(m => m.Split(':')[0]),
        Is.EqualTo(new[] { "organisations.yaml" }));

    [TestCase("[", PolicyErrorCode.TooLarge)]
    [TestCase("- ", PolicyErrorCode.TooLarge)]
    [TestCase("{a: ", PolicyErrorCode.TooLarge)]
    public void Yaml_NestedDeeply_IsRefusedAtTheLimit(string open, string code)
    {
        var text = new StringBuilder().Insert(0, open, 100_000).ToString();
        Assert.That(APolicy.Mistakes(("projects.yaml", text)).Single(), Does.EndWith($"[{code}]").And.Contains("16 deep"));
    }

    [Test]
    public void Yaml_AliasBomb_IsRefused()
    {
        const string bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nprojects: *c\n";
        Assert.That(
            APolicy.Mistakes(("projects.yaml", bomb)), Has.Count.EqualTo(8).And.All.EndsWith("[anchor]"));
    }

    /// <summary>YamlDotNet 16.3.0 leaves this text with an InvalidOperationException.</summary>
    [Test]
    public void Yaml_ColonInAnUnclosedFlowMapping_IsRefusedWithItsPlace() => Assert.That(
        APolicy.Mistakes(("projects.yaml", "projects:\n  - a: {b: {c: d}\n    e: {f: g}\n")),
        Is.EqualTo(new[]
        {
            "projects.yaml:2:17: This is not YAML, here or on the next lines. "
            + "Look for a colon, a bracket or a quote too many or too few. [syntax]",
        }));

    [Test]
    public void Limits_Reached_AreNamed()
    {
        var manyTexts = "projects: [" + string.Concat(Enumerable.Repeat("a,", PolicyLimits.NodesPerFile)) + "]";
        var manyMistakes = "projects: [" + string.Concat(Enumerable.Repeat("a,", PolicyLimits.Errors + 10)) + "]";
        Assert.Multiple(() =>
        {
            Assert.That(Of(new string('#', PolicyLimits.FileLength + 1)).Single(), Does.EndWith("Split it. [too-large]"));
            Assert.That(Of(manyTexts).Single(), Does.EndWith("values. Split it. [too-large]"));
            Assert.That(Of($"- {new string('a', PolicyLimits.TextLength + 1)}").Single(), Does.EndWith("Shorten it. [too-large]"));
            Assert.That(Of(manyMistakes), Has.Count.EqualTo(PolicyLimits.Errors + 1).And.One.EndsWith("[too-many]"));
            Assert.That(
                () => PolicyLoader.Parse([.. Enumerable.Range(0, PolicyLimits.Files + 1).Select(i => new PolicyFile($"{i}", ""))]),
                Throws.InstanceOf<PolicyException>().With.Message.Contains("the limit is 64"));
        });

        static IReadOnlyList<string> Of(string text) => APolicy.Mistakes(("projects.yaml", text));
    }

    [Test]
    public void Hash_LineEndsMarkAndOrderOfFiles_DoNotCount()
    {
        var files = APolicy.With();
        var other = files.Reverse()
            .Select(file => file with { Text = "\uFEFF" + file.Text.Replace("\n", "\r\n", StringComparison.Ordinal) });
        var hash = PolicyLoader.Parse(files).ContentHash;
        Assert.Multiple(() =>
        {
            Assert.That(hash, Does.Match("^[0-9a-f]{64}$"));
            Assert.That(PolicyLoader.Parse([.. other]).ContentHash, Is.EqualTo(hash));
            Assert.That(APolicy.Parse(("projects.yaml", "projects: []")).ContentHash, Is.Not.EqualTo(hash));
        });
    }

    [Test]
    public void Files_OfALoadedPolicy_GiveTheSamePolicyAgain()
    {
        var again = PolicyLoader.Parse(SeedPolicy.Policy.Files);
        Assert.Multiple(() =>
        {
            Assert.That(again.ContentHash, Is.EqualTo(SeedPolicy.Policy.ContentHash));
            Assert.That(again.RuleSet.Rules.Select(rule => (rule.Id, rule.Attribute, rule.Value, rule.When.Identity)), Is.EqualTo(
                SeedPolicy.Policy.RuleSet.Rules.Select(rule => (rule.Id, rule.Attribute, rule.Value, rule.When.Identity))));
        });
    }

    [Test]
    public void Load_DirectoryThatIsNotThere_SaysWhatToDo() => Assert.That(
        () => PolicyLoader.Load("no-such-policy"),
        Throws.InstanceOf<PolicyException>().With.Message.EqualTo(
            "The policy has a mistake.\n"
            + "no-such-policy:0:0: There is no such directory. Give the policy's directory with --policy. [no-policy]"));

    [Test]
    public void SourcesFile_TabInTheIndentation_IsNamedWhereItStands()
    {
        const string Text = "sources:\n  - key: a\n    connector: drop-folder\n\tfolder: x\n";

        Assert.That(() => SourcesFile.Parse("sources.yaml", Text), Throws.InstanceOf<PolicyException>().With.Message.EqualTo(
            "sources.yaml has a mistake.\n"
            + "sources.yaml:4:1: This is not YAML: a tab stands in the indentation, where only spaces may. Replace it by spaces. [syntax]"));
    }

    [Test]
    public void SourcesFile_OtherThanYaml_IsNamedWhereReadingEnds()
    {
        const string Text = "sources:\n  - key: a\n   connector: drop-folder\n";

        Assert.That(() => SourcesFile.Parse("sources.yaml", Text), Throws.InstanceOf<PolicyException>().With.Message.StartsWith(
            "sources.yaml has a mistake.\nsources.yaml:3:4: This is not YAML: "));
    }

    [Test]
    public void Load_FilesWithMistakes_AreAllNamed()
    {
        var folder = Directory.CreateTempSubdirectory("cicost-policy-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "projects.yaml"), [0xFF, 0xFE, 0x41]);
            File.WriteAllBytes(Path.Combine(folder, "coverage.yaml"), new byte[PolicyLimits.FileLength + 1]);
            var e = Assert.Throws<PolicyException>(() => PolicyLoader.Load(folder))!;
            Assert.That(e.Errors.Select(error => (error.File, error.Code)), Is.EqualTo(new[]
            {
                ("coverage.yaml", PolicyErrorCode.TooLarge), ("projects.yaml", PolicyErrorCode.Unreadable),
            }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Docs_ErrorCodes_AreThoseOfTheProgram()
    {
        var codes = typeof(PolicyErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(info => (string)info.GetRawConstantValue()!).Append(PolicyNotice.AccountNotSet);
        var docs = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "policy.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);
        Assert.That(docs.Where(code => !code.EndsWith(".yaml", StringComparison.Ordinal)), Is.EquivalentTo(codes));
    }
}
