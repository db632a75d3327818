namespace CiCost.Cli.Demo;

/// <summary>One row of the AWS export. Costs in units of 1e-10 USD.</summary>
internal sealed record AwsLine
{
    public const string PayerId = "999900000001";
    public const string MemberId = "999900000002";

    public required string Category { get; init; }

    public string? Class { get; init; }

    public required string Description { get; init; }

    public string Frequency { get; init; } = "Usage-Based";

    public required DateTime Start { get; init; }

    public required DateTime End { get; init; }

    public required long Billed { get; init; }

    public required long Effective { get; init; }

    public required long List { get; init; }

    public required long Contracted { get; init; }

    public decimal? UnitPrice { get; init; }

    public decimal? Quantity { get; init; }

    public string? Unit { get; init; }

    public string BillingAccountId { get; init; } = PayerId;

    public AwsRegion? Region { get; init; }

    public string? ResourceId { get; init; }

    public string? ResourceType { get; init; }

    public required string ServiceName { get; init; }

    public required string ServiceCode { get; init; }

    public required string ServiceCategory { get; init; }

    public required string ServiceSubcategory { get; init; }

    public string? Operation { get; init; }

    public string? Meter { get; init; }

    public string? Tags { get; init; }

    public string? CommitmentId { get; init; }

    public string? CommitmentStatus { get; init; }
}

/// <summary>A region of the AWS account and the cluster in it.</summary>
/// <param name="UsagePrefix">What stands before usage types of the region.</param>
internal sealed record AwsRegion(string Id, string Name, string UsagePrefix, string Cluster, long Weight)
{
    public static readonly IReadOnlyList<AwsRegion> All =
    [
        new("us-east-1", "US East (N. Virginia)", "", "lf-prod-aws-ue1", 60),
        new("us-east-2", "US East (Ohio)", "USE2-", "lf-prod-aws-ue2", 40),
    ];
}
