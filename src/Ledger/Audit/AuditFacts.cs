namespace CiCost.Ledger.Audit;

/// <summary>Sums of one group, from two sides that must agree.</summary>
public sealed record SumFact
{
    /// <summary>Charge day, or charge month's index.</summary>
    public int Period { get; init; }

    /// <summary>Dimension set.</summary>
    public long DimensionSetId { get; init; }

    /// <summary>The rows' own billing period.</summary>
    public int BillingMonth { get; init; }

    /// <summary>Lines.</summary>
    public long LineCount { get; init; }

    /// <summary>Sum of BilledCost in nanos.</summary>
    public Int128 BilledNanos { get; init; }

    /// <summary>Sum of EffectiveCost in nanos.</summary>
    public Int128 EffectiveNanos { get; init; }

    /// <summary>Sum of ListCost in nanos.</summary>
    public Int128 ListNanos { get; init; }

    /// <summary>Sum of ContractedCost in nanos.</summary>
    public Int128 ContractedNanos { get; init; }
}

/// <summary>The total of a delivery in one currency and cost column.</summary>
public sealed record TotalFact
{
    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "";

    /// <summary>BilledCost, EffectiveCost, ListCost or ContractedCost.</summary>
    public string CostColumn { get; init; } = "";

    /// <summary>1 for Credit rows.</summary>
    public long AreCredits { get; init; }

    /// <summary>Rows.</summary>
    public long LineCount { get; init; }

    /// <summary>Exact total, decimal text.</summary>
    public string Exact { get; init; } = "";

    /// <summary>Sum of the rounded lines, decimal text.</summary>
    public string Rounded { get; init; } = "";

    /// <summary>Exact minus rounded, decimal text.</summary>
    public string Residue { get; init; } = "";

    /// <summary>Booked as rounding line, nanos.</summary>
    public long RoundingNanos { get; init; }
}

/// <summary>A rounding line of a delivery.</summary>
public sealed record RoundingFact
{
    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "";

    /// <summary>1 for charges, 2 for credits.</summary>
    public long Origin { get; init; }

    /// <summary>Charge day.</summary>
    public int ChargeDay { get; init; }

    /// <summary>Nanos of BilledCost.</summary>
    public long BilledNanos { get; init; }

    /// <summary>Nanos of EffectiveCost.</summary>
    public long EffectiveNanos { get; init; }

    /// <summary>Nanos of ListCost.</summary>
    public long ListNanos { get; init; }

    /// <summary>Nanos of ContractedCost.</summary>
    public long ContractedNanos { get; init; }
}

/// <summary>Rows of a scope whose own billing period is another one.</summary>
public sealed record ForeignPeriodFact
{
    /// <summary>The rows' own billing period.</summary>
    public int BillingMonth { get; init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Lines.</summary>
    public long LineCount { get; init; }

    /// <summary>Sum of BilledCost in nanos.</summary>
    public Int128 BilledNanos { get; init; }
}

/// <summary>A billing account with the currencies of its lines in one scope.</summary>
public sealed record AccountCurrencyFact
{
    /// <summary>BillingAccountId; empty when the bill has none.</summary>
    public string BillingAccountId { get; init; } = "";

    /// <summary>The currencies, comma separated.</summary>
    public string Currencies { get; init; } = "";
}

/// <summary>Two intervals of one rollup key that overlap, or one that no delivery of its scope explains.</summary>
public sealed record IntervalFact
{
    /// <summary>rollup or rollup_month.</summary>
    public string TableName { get; init; } = "";

    /// <summary>The scope.</summary>
    public long ScopeId { get; init; }

    /// <summary>The dimension set.</summary>
    public long DimensionSetId { get; init; }

    /// <summary>Charge day or month.</summary>
    public int Period { get; init; }

    /// <summary>The first interval's start.</summary>
    public long FromDelivery { get; init; }

    /// <summary>The first interval's end.</summary>
    public long ToDelivery { get; init; }
}

/// <summary>How many values a column of a delivery's new dimension sets has.</summary>
public sealed record DimensionColumnFact
{
    /// <summary>The column.</summary>
    public string ColumnName { get; init; } = "";

    /// <summary>Its distinct values among the new sets.</summary>
    public long DistinctValues { get; init; }
}

/// <summary>A day of a delivery: what was recorded with it against what its rollup says.</summary>
public sealed record DayFact
{
    /// <summary>Charge day.</summary>
    public int ChargeDay { get; init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Recorded sums and the rollup's: billed, effective, list, contracted.</summary>
    public Int128 RecordedBilledNanos { get; init; }

    /// <summary>From the rollup.</summary>
    public Int128 BilledNanos { get; init; }

    /// <summary>Recorded.</summary>
    public Int128 RecordedEffectiveNanos { get; init; }

    /// <summary>From the rollup.</summary>
    public Int128 EffectiveNanos { get; init; }

    /// <summary>Recorded.</summary>
    public Int128 RecordedListNanos { get; init; }

    /// <summary>From the rollup.</summary>
    public Int128 ListNanos { get; init; }

    /// <summary>Recorded.</summary>
    public Int128 RecordedContractedNanos { get; init; }

    /// <summary>From the rollup.</summary>
    public Int128 ContractedNanos { get; init; }
}
