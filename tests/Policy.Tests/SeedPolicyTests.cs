using System.Text.RegularExpressions;
using CiCost.Domain.Attribution;

namespace CiCost.Policy.Tests;

/// <summary>The policy that the program is shipped with: its form.</summary>
public sealed class SeedPolicyTests
{
    [Test]
    public void Seeds_Load_WithoutMistakeAndNameTheAccountsThatAreNotSet()
    {
        var policy = PolicyLoader.Load(SeedPolicy.Folder);
        Assert.Multiple(() =>
        {
            Assert.That(policy.RuleSet.Rules, Has.Length.GreaterThan(60));
            Assert.That(policy.Notices.Select(notice => notice.ToString()), Is.EqualTo(new[]
            {
                NotSet(13, "aws-foundation"), NotSet(20, "aws-meta"), NotSet(37, "azure-foundation"), NotSet(44, "gcp-foundation"),
            }));
        });

        static string NotSet(int line, string account) =>
            $"accounts.yaml:{line}: Account '{account}' has no id yet, so no line is attributed to it. "
            + "Add - BillingAccountId: '...' under its match. [account-not-set]";
    }

    [Test]
    public void Rules_Ids_AreUniqueAndBeginWithWhatTheyDecide()
    {
        var rules = SeedPolicy.Policy.RuleSet.Rules;
        var ids = rules.Select(rule => rule.Id).Concat(SeedPolicy.Policy.RuleSet.FundingRules.Select(rule => rule.Id)).Distinct().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(ids, Has.All.Match("^(account|arch|component|credit|grant|label|operator|repository)-"));
            Assert.That(rules.GroupBy(rule => (rule.Id, rule.Attribute)).Where(group => group.Count() > 1), Is.Empty);
            Assert.That(
                rules.Where(rule => rule.Id.StartsWith("component-", StringComparison.Ordinal)).Select(rule => rule.Attribute).Distinct(),
                Is.EquivalentTo(new[] { AttributeName.Component, AttributeName.Architecture }));
        });
    }

    [Test]
    public void Rules_Columns_ExistOrAreListed()
    {
        var policy = SeedPolicy.Policy;
        var listed = DimensionColumns.Names.Concat(policy.DimensionOptions.CustomColumns)
            .Concat(policy.DimensionOptions.TagKeys.Select(key => "tags." + key)).ToHashSet();
        var used = policy.RuleSet.Rules.Select(rule => rule.When).Concat(policy.RuleSet.FundingRules.Select(rule => rule.When))
            .Concat(policy.Accounts.Select(account => account.Match).OfType<RuleConditions>())
            .SelectMany(when => when.Tests).Select(test => test.Column).Distinct().ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(used, Is.SubsetOf(listed));
            Assert.That(used, Has.Length.GreaterThanOrEqualTo(12), "the test sees the columns at any depth");
        });
    }

    [Test]
    public void Accounts_Ids_AreNotInvented()
    {
        var lines = SeedPolicy.Policy.Files.Where(file => file.Name != "rates.yaml")
            .SelectMany(file => file.Text.Split('\n')).Where(line => !line.TrimStart().StartsWith('#'));
        Assert.That(lines.SelectMany(line => Regex.Matches(line, "[0-9]{6,}").Select(match => match.Value)), Is.Empty);
    }

    [Test]
    public void Architectures_Labels_AreTheRowsOfThePublishedTables()
    {
        string[] costRows =
        [
            "x86_64 (AMD)", "CUDA", "N/A", "ARM64 (AWS Graviton)", "x86_64 (Generic)", "Windows", "x86_64 (Intel)", "XPU",
            "ARM64 (Unknown)", "s390x", "x86_64 (Unknown)", "ROCM", "TPU", "macOS",
        ];
        string[] hoursRows =
        [
            "ARM64 (AWS Graviton)", "ARM64 (Unknown)", "s390x", "x86 (AMD)", "x86 (Intel)", "x86 (Generic)", "x86 (Unknown)",
            "CUDA", "ROCM", "TPU", "XPU", "MacOS", "Windows", "N/A",
        ];
        Assert.Multiple(() =>
        {
            Assert.That(SeedPolicy.Policy.Architectures.Select(a => a.CostTableLabel), Is.EquivalentTo(costRows));
            Assert.That(SeedPolicy.Policy.Architectures.Select(a => a.HoursTableLabel), Is.EquivalentTo(hoursRows));
        });
    }

    [Test]
    public void Coverage_EveryDomain_HasALedgerSourceEveryDay()
    {
        var policy = SeedPolicy.Policy;
        Assert.That(policy.CoverageEntries.Select(entry => (entry.Domain, entry.LedgerSource)), Is.EqualTo(new[]
        {
            ("aws-foundation", "aws-foundation"), ("aws-meta", "meta-fleet-estimate"), ("github", "github-billing"),
            ("azure-foundation", "azure-foundation"), ("gcp-foundation", "gcp-foundation"), ("amd-machines", "amd-in-kind"),
            ("google-machines", "google-in-kind"), ("ibm-machines", "ibm-in-kind"), ("intel-machines", "intel-in-kind"),
            ("nvidia-machines", "nvidia-in-kind"),
        }));
        Assert.That(
            policy.CoverageEntries.Select(entry => policy.Coverage.Resolve(entry.Domain, entry.LedgerSource, 20_000).Standing),
            Has.All.EqualTo(SourceStanding.Ledger));
    }
}
