namespace CiCost.Domain.Funding;

/// <summary>With what a consumed amount is paid (accounting.md, 5). Never a synonym of how sure the amount is: that is the basis.</summary>
public enum FundingKind
{
    /// <summary>Money of the Foundation itself.</summary>
    FoundationCash = 0,

    /// <summary>A member's own account with a provider.</summary>
    MemberPaid = 1,

    /// <summary>A draw on a grant of credits.</summary>
    Credits = 2,

    /// <summary>Machines that a donor runs.</summary>
    InKind = 3,

    /// <summary>What a provider gives to anybody.</summary>
    FreeTier = 4,

    /// <summary>Nobody is known to pay.</summary>
    Unfunded = 5,
}

/// <summary>The one spelling of each <see cref="FundingKind"/> in policy files, answers and reports.</summary>
public static class FundingKinds
{
    /// <summary>The name of the funder of an amount that nobody is known to pay.</summary>
    public const string Unfunded = "Unfunded";

    private static readonly string[] Names = ["foundation-cash", "member-paid", "credits", "in-kind", "free-tier", "unfunded"];

    /// <summary>All kinds in their order.</summary>
    public static IReadOnlyList<FundingKind> All { get; } = Enum.GetValues<FundingKind>();

    /// <summary>The name, for example <c>member-paid</c>.</summary>
    public static string ToText(this FundingKind kind) => Names[(int)kind];

    /// <summary>Is it a contribution of the organisation that it names? What a provider gives to anybody by published terms is not
    /// (accounting.md, 1, free-terms).</summary>
    public static bool IsContribution(this FundingKind kind) => kind is not FundingKind.FreeTier;

    /// <summary>Reads a name; false when there is no such kind.</summary>
    public static bool TryParse(string? text, out FundingKind kind)
    {
        var index = Array.IndexOf(Names, text);
        kind = (FundingKind)Math.Max(index, 0);
        return index >= 0;
    }
}
