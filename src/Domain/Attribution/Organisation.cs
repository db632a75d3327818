using System.Collections.Immutable;

namespace CiCost.Domain.Attribution;

/// <summary>What an organisation can be in the books.</summary>
public enum OrganisationRole
{
    /// <summary>Gives cash, credits or machines.</summary>
    Donor = 0,

    /// <summary>Runs machines.</summary>
    Operator = 1,

    /// <summary>Makes the chips.</summary>
    ChipVendor = 2,
}

/// <summary>An organisation that pays for, runs or equips CI.</summary>
/// <param name="Id">Its name in policy files and columns.</param>
/// <param name="Name">Its name on pages.</param>
/// <param name="Slug">Its name in the journal: letters that hledger and beancount accept in an account name.</param>
/// <param name="Roles">What it can be.</param>
public sealed record Organisation(string Id, string Name, string Slug, ImmutableArray<OrganisationRole> Roles);
