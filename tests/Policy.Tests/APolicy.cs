using System.Collections.Immutable;

namespace CiCost.Policy.Tests;

/// <summary>A small policy without mistakes, to break one file at a time.</summary>
internal static class APolicy
{
    public const string Rules = "attribution/rules.yaml";

    private static readonly ImmutableSortedDictionary<string, string> Files = new Dictionary<string, string>
    {
        ["organisations.yaml"] = """
            organisations:
              - {id: meta, name: Meta, slug: Meta, roles: [operator]}
              - {id: aws, name: AWS, slug: AWS, roles: [donor, chip-vendor]}
            """,
        ["accounts.yaml"] = """
            accounts:
              - {id: aws-meta, name: Meta AWS account, owner: meta, provider: aws, match: [{BillingAccountId: "1"}]}
              - {id: unset, name: An account, owner: meta, provider: aws, match: []}
            """,
        ["projects.yaml"] = "projects: [{id: pytorch, name: PyTorch, repository: pytorch/pytorch}]",
        ["components.yaml"] = "components: [{id: compute, name: Compute}, {id: storage, name: Storage}]",
        ["architectures.yaml"] = "architectures: [{id: cuda, name: CUDA, labels: {costTable: CUDA, hoursTable: CUDA}}]",
        ["dimensions.yaml"] = "{customColumns: [x_UsageType], tagKeys: [Cluster], requiredAttributes: [component]}",
        ["coverage.yaml"] = """
            domains:
              - {id: aws-meta, name: Meta AWS account, account: aws-meta, coverage: [{ledger: aws-meta, basis: billed}]}
            """,
        ["funding.yaml"] = "{grants: [{id: credits, name: Credits, donor: aws, kind: credits}], rules: []}",
        [Rules] = """
            rules:
              - id: ec2
                when: {ServiceName: AmazonEC2}
                then: {component: compute}
            """,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The policy with these files changed, or removed where the text is null.</summary>
    public static IReadOnlyList<PolicyFile> With(params (string Name, string? Text)[] changes)
    {
        var files = Files;
        foreach (var (name, text) in changes)
        {
            files = text is null ? files.Remove(name) : files.SetItem(name, text);
        }

        return [.. files.Select(file => new PolicyFile(file.Key, file.Value))];
    }

    public static PolicySet Parse(params (string Name, string? Text)[] changes) => PolicyLoader.Parse(With(changes));

    /// <summary>The mistakes of the changed policy, one line each.</summary>
    public static IReadOnlyList<string> Mistakes(params (string Name, string? Text)[] changes)
    {
        try
        {
            Parse(changes);
            return [];
        }
        catch (PolicyException e)
        {
            return [.. e.Errors.Select(error => error.ToString())];
        }
    }
}
