namespace CiCost.Policy;

/// <summary>The stable names of mistakes in a policy. Each is explained in docs/policy.md.</summary>
public static class PolicyErrorCode
{
#pragma warning disable CS1591 // Each is explained in docs/policy.md; a test compares the two lists.
    public const string NoPolicy = "no-policy";
    public const string Unreadable = "unreadable";
    public const string UnknownFile = "unknown-file";
    public const string MissingFile = "missing-file";
    public const string DuplicateFile = "duplicate-file";
    public const string TooLarge = "too-large";
    public const string TooMany = "too-many";
    public const string Syntax = "syntax";
    public const string Anchor = "anchor";
    public const string Tag = "tag";
    public const string WrongType = "wrong-type";
    public const string UnknownKey = "unknown-key";
    public const string MissingKey = "missing-key";
    public const string DuplicateKey = "duplicate-key";
    public const string EmptyValue = "empty-value";
    public const string BadId = "bad-id";
    public const string DuplicateId = "duplicate-id";
    public const string DuplicateLabel = "duplicate-label";
    public const string BadChoice = "bad-choice";
    public const string BadAmount = "bad-amount";
    public const string BadDate = "bad-date";
    public const string FromNotBeforeTo = "from-not-before-to";
    public const string UnknownReference = "unknown-reference";
    public const string MissingRole = "missing-role";
    public const string UnknownColumn = "unknown-column";
    public const string UnlistedDimension = "unlisted-dimension";
    public const string BadColumnName = "bad-column-name";
    public const string BadPattern = "bad-pattern";
    public const string PatternTooWide = "pattern-too-wide";
    public const string CatchAll = "catch-all";
    public const string Shadowed = "shadowed";
    public const string OverlappingCoverage = "overlapping-coverage";
    public const string BasisAgainstMethod = "basis-against-method";
    public const string GrantNotCredit = "grant-not-credit";
    public const string GrantWithoutCorrections = "grant-without-corrections";
#pragma warning restore CS1591
}
