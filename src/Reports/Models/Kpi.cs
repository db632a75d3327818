namespace CiCost.Reports.Models;

/// <summary>Which figure of the tables a headline figure repeats; <see cref="Footing"/> compares the two.</summary>
public enum KpiTie
{
    /// <summary>It is in no table.</summary>
    None = 0,

    /// <summary>All consumption of the month.</summary>
    Consumption = 1,

    /// <summary>The architecture table's row for what has no architecture.</summary>
    NotAttributed = 2,

    /// <summary>The funding table's total of kind <c>unfunded</c>.</summary>
    Unfunded = 3,
}

/// <summary>What a headline figure counts.</summary>
public enum KpiUnit
{
    /// <summary>Cents, shown in thousands or millions of dollars.</summary>
    Cents = 0,

    /// <summary>Tenths of a percent.</summary>
    Permille = 1,

    /// <summary>Tenths of a percent with its sign: a difference.</summary>
    SignedPermille = 2,

    /// <summary>Words of the builder, for what is no single number, for example <c>1.4 to 2.1</c>.</summary>
    Words = 3,
}

/// <summary>A headline figure.</summary>
/// <param name="Unit">What it counts.</param>
/// <param name="Value">Cents or tenths of a percent; 0 for words.</param>
/// <param name="Words">The words; empty for a number.</param>
/// <param name="Suffix">What stands small behind it, for example <c>of the invoice</c> or <c>months</c>; empty for none.</param>
public sealed record KpiFigure(KpiUnit Unit, long Value, string Words, string Suffix)
{
    /// <summary>An amount of money.</summary>
    public static KpiFigure OfCents(long cents) => new(KpiUnit.Cents, cents, "", "");

    /// <summary>A part of a whole.</summary>
    public static KpiFigure OfPermille(long permille, string suffix = "") => new(KpiUnit.Permille, permille, "", suffix);

    /// <summary>A difference, with its sign.</summary>
    public static KpiFigure OfSignedPermille(long permille, string suffix = "") => new(KpiUnit.SignedPermille, permille, "", suffix);

    /// <summary>Words, at most about ten characters.</summary>
    public static KpiFigure OfWords(string words, string suffix = "") => new(KpiUnit.Words, 0, words, suffix);
}

/// <summary>The thin bar under a headline figure.</summary>
/// <param name="FilledPermille">How much of it is filled; above 1,000 it is full.</param>
/// <param name="TargetPermille">Where the target's tick stands; null for none.</param>
/// <param name="IsByFunder">Shows the last month's funders in their colours instead; the two numbers then say nothing.</param>
public sealed record KpiBar(int FilledPermille, int? TargetPermille, bool IsByFunder)
{
    /// <summary>A bar filled to a part, with the target's tick.</summary>
    public static KpiBar Filled(int permille, int? targetPermille = null) => new(permille, targetPermille, IsByFunder: false);

    /// <summary>The funders of the last month.</summary>
    public static KpiBar ByFunder { get; } = new(0, null, IsByFunder: true);
}

/// <summary>One of at most four headline figures.</summary>
public sealed record Kpi
{
    /// <summary>What it is, in two or three words.</summary>
    public required string Label { get; init; }

    /// <summary>The figure.</summary>
    public required KpiFigure Figure { get; init; }

    /// <summary>One line of context.</summary>
    public required string Detail { get; init; }

    /// <summary>Must somebody act? Then it carries a triangle and the alert tone.</summary>
    public bool NeedsAttention { get; init; }

    /// <summary>The bar; null for none.</summary>
    public KpiBar? Bar { get; init; }

    /// <summary>The cents in the tables that it repeats, or shows a part of.</summary>
    public KpiTie Tie { get; init; }

    /// <summary>The exact cents behind the figure, compared with <see cref="Tie"/>; null where the figure ties to nothing.</summary>
    public long? TiedCents { get; init; }
}
