using CiCost.Domain.Attribution;

namespace CiCost.Domain.JobCosting;

/// <summary>How a rate was found (accounting.md, 13).</summary>
public enum ValuationMethod
{
    /// <summary>What the same machine costs at a public list price.</summary>
    ListEquivalent = 0,

    /// <summary>What it would cost to replace it.</summary>
    Replacement = 1,

    /// <summary>What the donor states.</summary>
    DonorStated = 2,
}

/// <summary>By what a rate is multiplied.</summary>
public enum RateUnit
{
    /// <summary>Hours of the job.</summary>
    JobHour = 0,

    /// <summary>Hours of the job times its GPUs; a partition of a GPU counts as a fraction.</summary>
    GpuHour = 1,
}

/// <summary>A dated rate for the jobs of some labels.</summary>
public sealed record RateCard
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The labels, as a pattern found in the label; linear time. Labels are the same in capital and small letters.</summary>
    public required LinearPattern Labels { get; init; }

    /// <summary>The first charge day, in days since 1970-01-01.</summary>
    public required int FromDay { get; init; }

    /// <summary>The first charge day that it no longer holds for.</summary>
    public required int ToDay { get; init; }

    /// <summary>By what the rate is multiplied.</summary>
    public required RateUnit Unit { get; init; }

    /// <summary>The GPUs of a job in thousandths; null when the label's own number is meant (<c>....N</c>, group <c>gpus</c>).</summary>
    public int? MilliGpus { get; init; }

    /// <summary>Price of a unit in nanos of the currency: what hours are valued at.</summary>
    public required long RateNanos { get; init; }

    /// <summary>What the same unit costs by a source that is not the donor's, in nanos of the currency; null where nobody named one. Of the
    /// two, the lower counts in positions (<see cref="PoolValue"/>).</summary>
    public long? ReferenceRateNanos { get; init; }

    /// <summary>Where the reference rate is from; null without one.</summary>
    public string? ReferenceSource { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>How it was found.</summary>
    public required ValuationMethod Method { get; init; }

    /// <summary>Where it is from.</summary>
    public required string Evidence { get; init; }

    /// <summary>The organisation that gives the hours; null where the rate names none.</summary>
    public string? Donor { get; init; }

    /// <summary>Who approved it: not the donor. Null while nobody has.</summary>
    public string? Approver { get; init; }

    /// <summary>Does it hold for a label on a day?</summary>
    public bool Covers(string label, int day) => FromDay <= day && day < ToDay && Labels.IsFoundIn(label);

    /// <summary>The GPUs that a job of this label holds, in thousandths.</summary>
    public int MilliGpusOf(string label)
    {
        if (MilliGpus is { } fixedCount)
        {
            return fixedCount;
        }

        // A label that names no GPU holds a machine all the same: its hours must not become worth nothing.
        return Labels.GroupIn(label, "gpus") is { Length: > 0 and < 4 } gpus
            ? Math.Max(1, int.Parse(gpus, System.Globalization.CultureInfo.InvariantCulture)) * 1000
            : 1000;
    }

    /// <summary>What some seconds of a label cost, in 1e-18 of the currency, rounded half-even at that place.</summary>
    public Int128 CostAttos(string label, long seconds)
    {
        var milliUnits = Unit == RateUnit.GpuHour ? MilliGpusOf(label) : 1000;
        var numerator = checked((Int128)seconds * milliUnits * RateNanos * Money.FocusDecimal.AttosPerNano);
        const int divisor = 3600 * 1000;
        var (quotient, remainder) = Int128.DivRem(numerator, divisor);
        var twice = remainder * 2;
        return twice > divisor || (twice == divisor && Int128.IsOddInteger(quotient)) ? quotient + 1 : quotient;
    }
}
