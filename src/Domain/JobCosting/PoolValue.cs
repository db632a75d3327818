using CiCost.Domain.Attribution;

namespace CiCost.Domain.JobCosting;

/// <summary>
/// What of a donated hour's value may enter a pool (accounting.md, 13 and its amendment): nothing until the rate has an approver that is not
/// of the donor and a reference rate with its source; then the lower of the donor's rate and the reference rate. That is for sharing and no
/// fair value.
/// </summary>
/// <param name="Refusal">Why nothing may: <c>no-rate</c>, <c>no-approver</c>, <c>approved-by-donor</c> or <c>no-reference</c>; null when it
/// may.</param>
/// <param name="RateNanos">The rate that the hours are valued at, in nanos of its currency per unit; 0 without a rate.</param>
/// <param name="LowerRateNanos">The rate that counts in positions; 0 when nothing may.</param>
public sealed record PoolValue(string? Refusal, long RateNanos, long LowerRateNanos)
{
    /// <summary>May the value enter a pool?</summary>
    public bool IsAcceptable => Refusal is null;

    /// <summary>The verdict on a rate.</summary>
    /// <param name="rate">The rate of the hours; null for none.</param>
    /// <param name="donor">The organisation whose machines they are.</param>
    public static PoolValue Of(RateCard? rate, Organisation donor)
    {
        ArgumentNullException.ThrowIfNull(donor);
        return rate switch
        {
            null => new PoolValue("no-rate", 0, 0),
            { Approver: null } => new PoolValue("no-approver", rate.RateNanos, 0),
            { Approver: { } approver } when IsOf(approver, donor) => new PoolValue("approved-by-donor", rate.RateNanos, 0),
            { ReferenceRateNanos: null } => new PoolValue("no-reference", rate.RateNanos, 0),
            { ReferenceRateNanos: { } reference } => new PoolValue(null, rate.RateNanos, Math.Min(rate.RateNanos, reference)),
        };
    }

    /// <summary>Is this approver the donor itself, by its id, name or slug?</summary>
    public static bool IsOf(string approver, Organisation donor)
    {
        ArgumentNullException.ThrowIfNull(donor);
        return new[] { donor.Id, donor.Name, donor.Slug }.Contains(approver, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What counts of a booked value, in nanos, rounded half-even: the value times the lower rate over its rate.</summary>
    /// <param name="valueNanos">The booked value of the hours, in nanos; at most 2^63.</param>
    public Int128 Counting(Int128 valueNanos)
    {
        if (LowerRateNanos == RateNanos || RateNanos == 0)
        {
            return IsAcceptable ? valueNanos : 0;
        }

        var (quotient, remainder) = Int128.DivRem(checked(valueNanos * LowerRateNanos), RateNanos);
        var twice = Int128.Abs(remainder) * 2;
        return twice > RateNanos || (twice == RateNanos && Int128.IsOddInteger(quotient)) ? quotient + Int128.Sign(valueNanos) : quotient;
    }
}
