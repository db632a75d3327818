using System.Text.Json;
using System.Text.RegularExpressions;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>
/// Somebody connects an AWS account with docs/sources/aws.md alone: the page's files, the page's commands in their order, against an
/// account that allows what the page's policy allows. And makes the usual mistakes on the way.
/// </summary>
public sealed class NewcomerTests
{
    private const string Role = "arn:aws:iam::111122223333:role/cicost-reader";

    private static readonly string Page = File.ReadAllText(PublishedProgram.File("docs", "sources", "aws.md"));
    private static readonly string[] Secrets = ["test-secret", "role-secret", "role-token"];

    // What the machine has anyway; the role is taken with it.
    private static readonly Dictionary<string, string> Machine = new()
    {
        ["AWS_ACCESS_KEY_ID"] = "AKIATEST",
        ["AWS_SECRET_ACCESS_KEY"] = "test-secret",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };

    private TempFolder _folder = null!;
    private AwsWorld _aws = null!;
    private Cicost _cicost = null!;

    [SetUp]
    public async Task Start()
    {
        _folder = new TempFolder();
        _aws = await AwsWorld.StartAsync(Json("ListTheExport"), Role, TimeProvider.System);
        _cicost = new Cicost(_folder.FullName);
        _folder.Write("sources.yaml", _aws.Sources(Blocks("yaml").Single(b => b.StartsWith("sources:", StringComparison.Ordinal))));
    }

    [TearDown]
    public async Task Stop()
    {
        await _aws.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Page_FollowedToTheLetter_EndsWithBooksThatTieAndAreAttributed()
    {
        PolicyFolder.CopyTo(_folder.File("policy"));
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var command in Blocks("bash").SelectMany(b => b.Split('\n')).Where(l => l.StartsWith("./cicost ", StringComparison.Ordinal)))
        {
            var words = command["./cicost ".Length..].Replace("2026-07", $"{_aws.Last}", StringComparison.Ordinal).Split(' ');
            if (words[0] == "attribute")
            {
                SetAccount();
            }

            // Other ledger sources of coverage.yaml are not there yet, as the page says.
            var run = (await _cicost.RunProcessWithAsync(Machine, words)).Expect(words[0] == "check" ? 4 : 0);
            said[string.Join(' ', words.TakeWhile(w => w != "--month"))] = run.Output + run.Errors;
        }

        Assert.That(said.Keys, Is.EqualTo(new[]
        {
            "sources", "pull --source aws-foundation", "deliveries", "pull --source aws-foundation-explorer",
            "pull --source aws-foundation-invoices", "reconcile", "attribute", "costs", "check",
        }));
        Assert.Multiple(() =>
        {
            Assert.That(said["sources"], Does.Contain("aws-foundation-invoices: configured in sources.yaml, never pulled yet."));
            Assert.That(said["pull --source aws-foundation"], Does.Contain("2 offered, 2 taken"));
            Assert.That(said["deliveries"], Does.Contain($"{_aws.Last}").And.Contain($"{_aws.Current}").And.Contain(AwsWorld.Total));
            Assert.That(Regex.Count(said["reconcile"], " ties\n"), Is.EqualTo(6), said["reconcile"]);
            Assert.That(said["attribute"], Does.Contain("note: accounts.yaml:").And.Contain("'aws-meta' has no id yet").And.Not.Contain("'aws-foundation'"));
            Assert.That(Regex.Matches(said["check"], "^FAILS  ([A-Za-z]+):", RegexOptions.Multiline).Select(m => m.Groups[1].Value),
                Is.SubsetOf(new[] { "EveryMonthHasItsBill", "SourcesAreFresh" }).And.Contain("SourcesAreFresh"), said["check"]);
            Assert.That(said["check"], Does.Contain("source azure-foundation: The books have nothing of it."));
            Assert.That(said["costs"], Does.Contain("attributed 32.77 + unattributed 0.00"));
        });
        Assert.That(FilesWithASecret(), Is.Empty);
    }

    [TestCase("bucket: acme-billing", "bucket: acme-biling", "Correct 'bucket'")]
    [TestCase("bucket: acme-billing", "bucket: s3://acme-billing", "sources.yaml:6:13: 's3://acme-billing' is no bucket's name")]
    [TestCase("prefix: cicost", "prefix: cicost/focus", "Nothing lies below s3://acme-billing/cicost/focus/focus/")]
    [TestCase("exportName: focus", "export_name: focus", "'export_name' is not a setting of this connector. Did you mean 'exportName'?")]
    [TestCase("externalId: " + AwsWorld.ExternalId, "externalId: THE-ID-FROM-ABOVE", "Compare 'roleArn' and 'externalId'")]
    [TestCase("    bucket:", "\tbucket:", "sources.yaml:6:1: This is not YAML: a tab stands in the indentation")]
    [TestCase("key: aws-foundation-explorer", "key: aws-foundation", "The source 'aws-foundation' is there twice")]
    [TestCase("0 20 5,13,21 * * ?", "20 5,13,21 * * *", "which is no cron expression of six fields")]
    [TestCase("    exportName:", "    secretAccessKey: role-token-of-mine\n    exportName:", "A secret itself never stands in this file")]
    [TestCase("    exportName:", "    accessKeyId: env:NOT_SET\n    secretAccessKey: env:NOT_SET\n    exportName:", "The secret env:NOT_SET is not set")]
    public async Task Mistake_InSourcesYaml_IsNamedAndNothingIsBooked(string right, string wrong, string words)
    {
        var text = await File.ReadAllTextAsync(_folder.File("sources.yaml"));
        Assert.That(text, Does.Contain(right));
        _folder.Write("sources.yaml", text[..text.IndexOf(right, StringComparison.Ordinal)] + wrong
            + text[(text.IndexOf(right, StringComparison.Ordinal) + right.Length)..]);

        var pull = (await RunAsync("pull", "--source", "aws-foundation")).Expect(3);

        Assert.That(pull.Errors, Does.Contain(words).And.Not.Contain("aws-foundation: aws-foundation").And.Not.Contain("The policy has"));
        Assert.That(Secrets.Where((pull.Errors + pull.Output).Contains), Is.Empty);
        Assert.That((await RunAsync("deliveries")).Expect(0).Output, Does.Not.Contain("2 taken").And.Not.Contain(AwsWorld.Total));
        Assert.That(FilesWithASecret(), Is.Empty.Or.EqualTo(new[] { "sources.yaml" }));
    }

    [Test]
    public async Task Sources_WithAMistake_IsRefusedLikeAPull()
    {
        _folder.Write("sources.yaml", "sources:\n  - key: a\n    connector: aws\n");

        var run = (await RunAsync("sources")).Expect(3);

        Assert.That(run.Errors, Does.StartWith("sources.yaml has a mistake.\nsources.yaml:3:16: There is no connector 'aws'."));
    }

    [Test]
    public async Task Pull_NoSourcesFile_SaysWhereItIsLookedFor()
    {
        File.Move(_folder.File("sources.yaml"), _folder.File("sources.yml"));

        var run = (await RunAsync("pull")).Expect(3);

        Assert.That(run.Errors, Does.Contain($"There is no file 'sources.yaml' in {_folder.FullName}.")
            .And.Contain("'sources.yml' is there: rename it"));
        Assert.That((await RunAsync("sources")).Expect(0).Output, Does.Contain("there is none in 'sources.yaml'"));
    }

    [Test]
    public async Task Pull_MonthsThatTheBucketDoesNotHold_SaysSo()
    {
        var run = (await RunAsync("pull", "--source", "aws-foundation", "--from", "2020-01", "--to", "2020-02")).Expect(0);

        Assert.That(run.Output, Does.Contain("0 offered").And.Contain("The provider holds nothing whole for 2020-01 to 2020-02"));
    }

    private Task<RunResult> RunAsync(params string[] arguments) => _cicost.RunWithAsync(Machine, arguments);

    /// <summary>Puts the page's account in the place of the one of the same id.</summary>
    private void SetAccount()
    {
        var block = Blocks("yaml").Single(b => b.Contains("BillingAccountId", StringComparison.Ordinal));
        var path = _folder.File("policy", "accounts.yaml");
        var changed = Regex.Replace(File.ReadAllText(path), "  - id: aws-foundation\n(    .*\n)+", block);
        Assert.That(changed, Does.Contain(AwsWorld.Payer));
        File.WriteAllText(path, changed);
    }

    private string[] FilesWithASecret() => [.. Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
        .Where(file => Secrets.Any(System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains))
        .Select(file => Path.GetRelativePath(_folder.FullName, file))];

    private static IEnumerable<string> Blocks(string language) =>
        Regex.Matches(Page, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value);

    private static JsonElement Json(string containing)
    {
        using var document = JsonDocument.Parse(Blocks("json").Single(b => b.Contains(containing, StringComparison.Ordinal)));
        return document.RootElement.Clone();
    }
}
