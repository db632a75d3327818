using System.Collections.Immutable;
using CiCost.Domain.Funding;

namespace CiCost.Domain.Attribution;

/// <summary>A project whose software is built and tested.</summary>
/// <param name="Id">Its name in policy files and columns.</param>
/// <param name="Name">Its name on pages.</param>
/// <param name="Repository">Its repository as <c>owner/name</c>.</param>
public sealed record Project(string Id, string Name, string Repository);

/// <summary>A part of a bill.</summary>
/// <param name="Id">Its name in policy files and columns.</param>
/// <param name="Name">Its name on pages.</param>
public sealed record Component(string Id, string Name);

/// <summary>An architecture, with the label that each published table uses for it.</summary>
/// <param name="Id">Its name in policy files and columns.</param>
/// <param name="Name">Its name on pages.</param>
/// <param name="CostTableLabel">Its row in the published table of cost by architecture.</param>
/// <param name="HoursTableLabel">Its row in the published table of runtime hours by architecture.</param>
public sealed record Architecture(string Id, string Name, string CostTableLabel, string HoursTableLabel);

/// <summary>An account that invoices are addressed to.</summary>
/// <param name="Id">Its name in policy files and columns.</param>
/// <param name="Name">Its name on pages.</param>
/// <param name="Owner">The organisation that the invoices are addressed to.</param>
/// <param name="Provider">Who invoices it, for example <c>aws</c>.</param>
/// <param name="Match">How its lines are known; null while its id is not set, and then no line is.</param>
public sealed record Account(string Id, string Name, string Owner, string Provider, RuleConditions? Match)
{
    /// <summary>With what the owner pays what no grant and no commitment pays (accounting.md, 5).</summary>
    public FundingKind PaysWith { get; init; } = FundingKind.MemberPaid;

    /// <summary>To which part of the books its lines belong (accounting.md, "Two parts, one signature").</summary>
    public BooksPart Part { get; init; } = BooksPart.Contributions;

    /// <summary>Who issues the invoice of lines that do not say so (InvoiceIssuerName is null); null when nobody stated it.</summary>
    public string? InvoiceIssuer { get; init; }
}

/// <summary>Payer account or fleet x provider x service class, with exactly one ledger source per charge day (accounting.md, 4).</summary>
/// <param name="Id">Its name in policy files and columns.</param>
/// <param name="Name">Its name on pages.</param>
/// <param name="Account">The payer account; null when the payer is not known.</param>
public sealed record SpendDomain(string Id, string Name, string? Account)
{
    /// <summary>The low end of its amounts as a factor in 1e-9: 1 when they are exact (accounting.md, 14).</summary>
    public long LowNanos { get; init; } = CiCost.Domain.Money.Money.NanosPerUnit;

    /// <summary>The high end as a factor in 1e-9.</summary>
    public long HighNanos { get; init; } = CiCost.Domain.Money.Money.NanosPerUnit;
}

/// <summary>A lot of credits.</summary>
/// <param name="Id">Its name in policy files and columns.</param>
/// <param name="Name">Its name on pages.</param>
/// <param name="Donor">The organisation that gave it.</param>
/// <param name="Kind">With what its draws pay: credits or free tier (accounting.md, 5).</param>
public sealed record Grant(string Id, string Name, string Donor, GrantKind Kind)
{
    /// <summary>Components that it does not pay for.</summary>
    public ImmutableArray<string> ExcludedComponents { get; init; } = [];
}

/// <summary>With what the draws of a grant pay (accounting.md, 5).</summary>
public enum GrantKind
{
    /// <summary>Credits given to the payer.</summary>
    Credits = 0,

    /// <summary>Use that the provider gives to anybody.</summary>
    FreeTier = 1,
}

/// <summary>To which part of the books a line belongs (accounting.md, "Two parts, one signature"). The two are never added on a board page
/// without saying so.</summary>
public enum BooksPart
{
    /// <summary>Part A: accounts of payers that the Foundation answers for; invoiced, tied, closed, signed.</summary>
    FoundationAccounts = 0,

    /// <summary>Part B: contributions reported by members or estimated for them; memorandum, unsigned.</summary>
    Contributions = 1,
}

/// <summary>The names of the parts.</summary>
public static class BooksParts
{
    /// <summary>The name in policy files and answers.</summary>
    public static string Text(BooksPart part) => part == BooksPart.FoundationAccounts ? "foundation-accounts" : "contributions";

    /// <summary>The name on pages and reports.</summary>
    public static string Title(BooksPart part) => part == BooksPart.FoundationAccounts
        ? "Part A: Foundation accounts"
        : "Part B: contributions reported by members or estimated for them";
}
