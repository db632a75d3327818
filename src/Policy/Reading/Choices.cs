using System.Collections.Frozen;
using CiCost.Domain.Attribution;

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

    public static readonly FrozenDictionary<string, AttributeName> Attributes = Enum.GetValues<AttributeName>()
        .ToFrozenDictionary(attribute => attribute.ToText(), StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, LineRole> FundingRoles = new Dictionary<string, LineRole>
    {
        ["charge"] = LineRole.Charge,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
