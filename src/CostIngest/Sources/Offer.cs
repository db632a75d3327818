using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources;

/// <summary>A complete delivery that a provider holds.</summary>
public record Offer
{
    /// <summary>The billing period that it is complete for, from the manifest or the request, never from the rows.</summary>
    public required BillingMonth Month { get; init; }

    /// <summary>The part of the period: <c>*</c> for sources that replace, the object or day for those that append.</summary>
    public string Part { get; init; } = "*";

    /// <summary>Changes when the provider restates it (manifest key and ETag, MAX(export_time) and COUNT(*)...): an offer whose version was
    /// taken is not fetched again.</summary>
    public required string Version { get; init; }

    /// <summary>When the provider published it; null when it does not say.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>For logs and errors: what a person looks for at the provider. Never a secret.</summary>
    public required string Description { get; init; }
}
