using System.CommandLine;

namespace CiCost.Cli.Output;

/// <summary>How a table shows amounts: cents as every page does, or all digits when <c>--exact</c> is given.</summary>
internal sealed class ShownAmount
{
    private readonly bool _isExact;

    private ShownAmount(bool isExact) => _isExact = isExact;

    public static Option<bool> CreateOption() => new("--exact") { Description = "Show all digits of every amount, not cents." };

    public static ShownAmount Of(ParseResult parse, Option<bool> exact) => new(parse.GetValue(exact));

    /// <summary>An amount.</summary>
    /// <param name="nanos">The exact amount.</param>
    /// <param name="cents">What pages show of it.</param>
    public string Text(Int128 nanos, long cents) => _isExact ? Amounts.Exact(nanos) : Amounts.OfCents(cents);
}
