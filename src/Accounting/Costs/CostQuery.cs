using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Ledger.BookVersions;

namespace CiCost.Accounting.Costs;

/// <summary>A question about costs.</summary>
public sealed record CostQuery
{
    /// <summary>The first month.</summary>
    public required BillingMonth From { get; init; }

    /// <summary>The last month, included.</summary>
    public required BillingMonth To { get; init; }

    /// <summary>What is summed.</summary>
    public CostMetric Metric { get; init; }

    /// <summary>By which month.</summary>
    public TimeAxis Axis { get; init; }

    /// <summary>Dimensions to group by; see <see cref="CostDimensions"/>.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];

    /// <summary>Conditions that must all hold: dimension and value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Where { get; init; } = [];

    /// <summary>As the books stood at this instant; null for now.</summary>
    public DateTimeOffset? AsOf { get; init; }
}

/// <summary>The answer, with its proof beside it.</summary>
public sealed record CostAnswer
{
    /// <summary>The question.</summary>
    public required CostQuery Query { get; init; }

    /// <summary>The book version that answered.</summary>
    public required BookVersion BookVersion { get; init; }

    /// <summary>The groups, largest amount first, then by keys.</summary>
    public required IReadOnlyList<CostRow> Rows { get; init; }

    /// <summary>The proof per currency, in order of currencies.</summary>
    public required IReadOnlyList<CostProof> Proofs { get; init; }
}

/// <summary>One group.</summary>
/// <param name="Keys">One value per asked dimension; a missing value of a bill is empty, an undecided attribute is Unattributed.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Nanos">The amount.</param>
/// <param name="LineCount">Lines behind it.</param>
public sealed record CostRow(IReadOnlyList<string> Keys, string Currency, Int128 Nanos, long LineCount);

/// <summary>What stands beside the rows of one currency. Total = attributed + unattributed = sum of the rows = sum of the basis
/// mix.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TotalNanos">The sum of all rows.</param>
/// <param name="AttributedNanos">The part whose attributes in question are all decided.</param>
/// <param name="UnattributedNanos">The part where at least one is not.</param>
/// <param name="BasisNanos">How sure: the total by basis.</param>
/// <param name="EvidenceNanos">What evidence sources say about the same question; never part of the total.</param>
/// <param name="LineCount">Lines behind the total.</param>
public sealed record CostProof(
    string Currency,
    Int128 TotalNanos,
    Int128 AttributedNanos,
    Int128 UnattributedNanos,
    IReadOnlyDictionary<CostBasis, Int128> BasisNanos,
    Int128 EvidenceNanos,
    long LineCount);
