using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Policy;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>Whose GitHub's rows are: both forms of the report say it alike, and a row of no organisation keeps its cents.</summary>
public sealed class GitHubWhoTests
{
    private static readonly PolicySet Policy = PolicyLoader.Load(Path.Combine(TestFiles.Root, "policy"));

    [TestCase("pytorch", "pytorch", "pytorch")]
    [TestCase("pytorch", "vision", "pytorch")]
    [TestCase("pytorch", "executorch", "executorch")]
    [TestCase("vllm-project", "vllm", "vllm")]
    [TestCase("someone", "pytorch", null)]
    public void Project_FromBothFormsOfTheReport_IsThatOfOwnerAndRepository(string owner, string repository, string? project)
    {
        var csv = Lines(Csv(owner, repository));
        var answer = Lines($$"""
            {"usageItems": [{"date": "2026-07-01T00:00:00Z", "product": "actions", "sku": "actions_linux", "quantity": 10,
              "unitType": "minutes", "pricePerUnit": 0.1, "grossAmount": 1, "discountAmount": 0.25, "netAmount": 0.75, "organizationName": "{{owner}}",
              "repositoryName": "{{owner}}/{{repository}}"}]}
            """);
        Assert.That(csv.Select(l => (Convert.ToHexString(l.Set.Key), l.Resource)), Is.EqualTo(answer
            .Select(l => (Convert.ToHexString(l.Set.Key), l.Resource))));
        Assert.That(csv.Select(l => l.Set.ValueOf("x_Repository")), Is.All.EqualTo($"{owner}/{repository}"));
        Assert.That(csv.Select(ProjectOf), Is.All.EqualTo(project), "of usage and discount");
    }

    [Test]
    public void Row_WithoutOrganization_IsRefusedOrTheEnterprisesOwn()
    {
        var text = Csv("", "");
        var error = NativeFile.Refusal("github-usage", text).Errors.Single();
        Assert.That((error.RowNumber, error.Column, error.Rule), Is.EqualTo((1L, "organization", "organization-blank")));
        Assert.That(error.Message, Does.Contain("--profile enterprise or enterprise-rounded-net"));
        var reading = NativeFile.Read("github-usage", text, "enterprise");
        Assert.That(reading.Lines.Sum(l => l.Row.BilledNanos), Is.EqualTo(750_000_000L), "the cents stay");
        Assert.That(reading.Lines.Select(l => (l.Set[DimensionColumn.BillingAccountId], l.Set[DimensionColumn.SubAccountId])),
            Is.All.EqualTo(("enterprise", (string?)null)));
        Assert.That(reading.Uses("blank-organization"), Is.EqualTo(1));
    }

    private static string? ProjectOf(ReadLine line) =>
        Policy.Attributor.Attribute(line.Set).Single().Result[AttributeName.Project];

    private static IReadOnlyList<ReadLine> Lines(string text) => NativeFile.Read("github-usage", text).Lines;

    private static string Csv(string organization, string repository) =>
        "date,product,sku,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,net_amount,organization,repository\n"
            + $"2026-07-01,actions,actions_linux,10,minutes,0.1,1,0.25,0.75,{organization},{repository}\n";
}
