using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;

namespace CiCost.CostIngest.Sources.Pulling;

/// <summary>How a pull ended.</summary>
public sealed record PullResult
{
    /// <summary>The run in the books.</summary>
    public required long RunId { get; init; }

    /// <summary>The source's key.</summary>
    public required string SourceKey { get; init; }

    /// <summary>The months that were asked for.</summary>
    public required MonthRange Months { get; init; }

    /// <summary>What it counted.</summary>
    public required RunCounts Counts { get; init; }

    /// <summary>Every offer that was taken.</summary>
    public required IReadOnlyList<PulledOffer> Offers { get; init; }

    /// <summary>Every offer that could not be taken, and what ended the run; empty for a success.</summary>
    public required IReadOnlyList<PullFailure> Failures { get; init; }

    /// <summary>The mistakes of the program among them, for whoever keeps a log; usually empty.</summary>
    public IReadOnlyList<Exception> Defects { get; init; } = [];

    /// <summary>True when everything that the provider offers is in the books.</summary>
    public bool IsSuccess => Failures.Count == 0;

    /// <summary>The stable name of the first failure, or null.</summary>
    public string? ErrorCode => Failures.Count == 0 ? null : Failures[0].Code;

    /// <summary>The first failure in words, or null.</summary>
    public string? ErrorMessage => Failures.Count == 0 ? null : Failures[0].Message;

    /// <summary>True when trying again may help without anybody doing anything.</summary>
    public bool IsRetriable => Failures.Count > 0 && Failures.All(f => f.IsRetriable);
}

/// <summary>An offer that was taken.</summary>
/// <param name="Month">The billing period.</param>
/// <param name="Part">The part of it.</param>
/// <param name="Description">What it is at the provider.</param>
/// <param name="DeliveryId">The delivery that it became; null for evidence.</param>
/// <param name="EvidenceId">The evidence that it became; null for deliveries.</param>
/// <param name="IsUnchanged">True when the books had the same bytes already.</param>
/// <param name="Rows">Its rows, or its figures.</param>
public sealed record PulledOffer(BillingMonth Month, string Part, string Description, int? DeliveryId, long? EvidenceId, bool IsUnchanged,
    long Rows);

/// <summary>What could not be taken.</summary>
/// <param name="Where">The offer, or the source as a whole.</param>
/// <param name="Code">A section of docs/errors.md.</param>
/// <param name="Message">What happened and what to do.</param>
/// <param name="IsRetriable">True when trying again may help.</param>
public sealed record PullFailure(string Where, string Code, string Message, bool IsRetriable);
