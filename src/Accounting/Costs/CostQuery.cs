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

    /// <summary>The groups: months and days in the order of time, then the largest amount first, then by keys.</summary>
    public required IReadOnlyList<CostRow> Rows { get; init; }

    /// <summary>The proof per currency, in order of currencies.</summary>
    public required IReadOnlyList<CostProof> Proofs { get; init; }
}

/// <summary>One group.</summary>
/// <param name="Keys">One value per asked dimension; a missing value of a bill is empty, an undecided attribute is Unattributed.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Nanos">The amount.</param>
/// <param name="Cents">What is shown of it (accounting.md, 9): the rows of a currency add up to the total's.</param>
/// <param name="LineCount">Lines behind it.</param>
public sealed record CostRow(IReadOnlyList<string> Keys, string Currency, Int128 Nanos, long Cents, long LineCount);

/// <summary>What stands beside the rows of one currency. Total = attributed + unattributed = sum of the rows = sum of the basis
/// mix.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TotalNanos">The sum of all rows.</param>
/// <param name="AttributedNanos">The part whose attributes in question are all decided.</param>
/// <param name="UnattributedNanos">The part where at least one is not.</param>
/// <param name="BasisNanos">How sure: the total by basis.</param>
/// <param name="EvidenceNanos">What evidence sources say about the same question; never part of the total.</param>
/// <param name="LineCount">Lines behind the total.</param>
/// <param name="Cents">The same in cents.</param>
public sealed record CostProof(
    string Currency,
    Int128 TotalNanos,
    Int128 AttributedNanos,
    Int128 UnattributedNanos,
    IReadOnlyDictionary<CostBasis, Int128> BasisNanos,
    Int128 EvidenceNanos,
    long LineCount,
    CostProofCents Cents);

/// <summary>What is shown of a proof (accounting.md, 9). It foots as the exact one does.</summary>
/// <param name="Attributed">Cents of the attributed part.</param>
/// <param name="Basis">Cents of the total by basis.</param>
/// <param name="Evidence">Cents of what evidence says.</param>
public sealed record CostProofCents(long Attributed, IReadOnlyDictionary<CostBasis, long> Basis, long Evidence)
{
    /// <summary>Cents of all rows.</summary>
    public long Total => Basis.Values.Sum();

    /// <summary>Cents of the part that is not attributed.</summary>
    public long Unattributed => Total - Attributed;
}
