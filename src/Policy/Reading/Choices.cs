using System.Collections.Frozen;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Sharing;

namespace CiCost.Policy.Reading;

/// <summary>The words that stand for a choice in policy files.</summary>
internal static class Choices
{
    public static readonly FrozenDictionary<string, OrganisationRole> Roles = new Dictionary<string, OrganisationRole>
    {
        ["donor"] = OrganisationRole.Donor,
        ["operator"] = OrganisationRole.Operator,
        ["chip-vendor"] = OrganisationRole.ChipVendor,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Not invoiced: a line is that only after its month ties to an invoice (accounting.md, 5).</summary>
    public static readonly FrozenDictionary<string, CostBasis> Bases = new Dictionary<string, CostBasis>
    {
        ["billed"] = CostBasis.Billed,
        ["estimated"] = CostBasis.Estimated,
        ["donor-stated"] = CostBasis.DonorStated,
        ["carried-forward"] = CostBasis.CarriedForward,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, GrantKind> GrantKinds = new Dictionary<string, GrantKind>
    {
        ["credits"] = GrantKind.Credits,
        ["free-tier"] = GrantKind.FreeTier,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>With what the owner of an account pays.</summary>
    public static readonly FrozenDictionary<string, FundingKind> OwnerKinds =
        new[] { FundingKind.FoundationCash, FundingKind.MemberPaid, FundingKind.InKind, FundingKind.FreeTier }
            .ToFrozenDictionary(kind => kind.ToText(), StringComparer.Ordinal);

    /// <summary>To which part of the books an account belongs.</summary>
    public static readonly FrozenDictionary<string, BooksPart> Parts = Enum.GetValues<BooksPart>()
        .ToFrozenDictionary(BooksParts.Text, StringComparer.Ordinal);

    /// <summary>From what the lines of a domain without a bill are made.</summary>
    public static readonly FrozenDictionary<string, bool> ValuedFrom = new Dictionary<string, bool> { ["jobs"] = true }
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How often a ledger source delivers.</summary>
    public static readonly FrozenDictionary<string, Cadence> Cadences = new Dictionary<string, Cadence>
    {
        ["daily"] = Cadence.Daily,
        ["monthly"] = Cadence.Monthly,
        ["irregular"] = Cadence.Irregular,
        ["append"] = Cadence.Append,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, RateUnit> RateUnits = new Dictionary<string, RateUnit>
    {
        ["job-hour"] = RateUnit.JobHour,
        ["gpu-hour"] = RateUnit.GpuHour,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, ValuationMethod> ValuationMethods = new Dictionary<string, ValuationMethod>
    {
        ["list-equivalent"] = ValuationMethod.ListEquivalent,
        ["replacement"] = ValuationMethod.Replacement,
        ["donor-stated"] = ValuationMethod.DonorStated,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>True for agreed.</summary>
    public static readonly FrozenDictionary<string, bool> SplitStatuses = new Dictionary<string, bool>
    {
        ["agreed"] = true,
        ["proposed"] = false,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, SplitMethod> SplitMethods = new Dictionary<string, SplitMethod>
    {
        ["even"] = SplitMethod.Even,
        ["fixed-percent"] = SplitMethod.FixedPercent,
        ["proportional"] = SplitMethod.Proportional,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, SplitMetric> SplitMetrics = new Dictionary<string, SplitMetric>
    {
        ["used"] = SplitMetric.Used,
        ["given"] = SplitMetric.Given,
        ["chip-vendor"] = SplitMetric.ChipVendor,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, SplitFallback> SplitFallbacks = new Dictionary<string, SplitFallback>
    {
        ["even"] = SplitFallback.Even,
        ["unallocated"] = SplitFallback.Unallocated,
        ["previous"] = SplitFallback.Previous,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, OverheadBase> OverheadBases = new Dictionary<string, OverheadBase>
    {
        ["common-direct"] = OverheadBase.CommonDirect,
        ["even"] = OverheadBase.Even,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, AttributeName> Attributes = Enum.GetValues<AttributeName>()
        .ToFrozenDictionary(attribute => attribute.ToText(), StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, LineRole> FundingRoles = new Dictionary<string, LineRole>
    {
        ["charge"] = LineRole.Charge,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>As what the bridge shows a charge.</summary>
    public static readonly FrozenDictionary<string, bool> ChargesAs = new Dictionary<string, bool> { ["discount"] = true }
        .ToFrozenDictionary(StringComparer.Ordinal);
}
