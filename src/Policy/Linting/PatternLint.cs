using System.Globalization;
using System.Text.RegularExpressions;
using CiCost.Domain.Attribution;
using CiCost.Policy.Reading;
using CiCost.Policy.Yaml;

namespace CiCost.Policy.Linting;

/// <summary>Makes a test of a pattern, unless the pattern is broken, too costly or tells nothing apart.</summary>
internal static partial class PatternLint
{
    public static ColumnTest? Read(string column, YamlText text, bool isNegated, FileErrors errors)
    {
        var pattern = text.Value;
        if (errors.IsChecked)
        {
            return new ColumnTest(column, ColumnTestKind.Matches, [pattern], isNegated);
        }

        if (pattern.Length > PolicyLimits.PatternLength || Repeats(pattern) > PolicyLimits.PatternRepeats)
        {
            errors.Add(text, PolicyErrorCode.BadPattern,
                $"The pattern is too large: at most {PolicyLimits.PatternLength} characters, and repetitions that multiply to at most "
                + $"{PolicyLimits.PatternRepeats}. Use several rules, or anyOf.");
            return null;
        }

        var plain = new ColumnTest(column, ColumnTestKind.Matches, [pattern]);
        try
        {
            plain.Require();
        }
        catch (ArgumentException e)
        {
            errors.Add(text, PolicyErrorCode.BadPattern, $"The pattern does not compile: {FirstLine(e.Message)} Correct it.");
            return null;
        }

        if (plain.TryOut(""))
        {
            errors.Add(text, PolicyErrorCode.PatternTooWide,
                $"The pattern '{Words.Cut(pattern)}' matches the empty text, so it matches everything. Say what the value must contain.");
            return null;
        }

        if (KnownValues.Of(column).OfType<string>().All(plain.TryOut))
        {
            errors.Add(text, PolicyErrorCode.PatternTooWide,
                $"The pattern '{Words.Cut(pattern)}' matches every known value of {Words.Cut(column)}. Say what sets these lines apart.");
            return null;
        }

        return isNegated ? new ColumnTest(column, ColumnTestKind.Matches, [pattern], isNegated: true) : plain;
    }

    private static string FirstLine(string message)
    {
        var line = message.Split('\n', 2)[0].Replace(" (Parameter 'text')", "", StringComparison.Ordinal).Trim();
        return line.EndsWith('.') ? line : line + ".";
    }

    /// <summary>
    /// The product of the counts in <c>{n}</c> and <c>{n,m}</c>: an upper bound of the states that nesting can
    /// multiply to.
    /// </summary>
    private static long Repeats(string pattern)
    {
        var product = 1L;
        foreach (Match match in Counts().Matches(pattern))
        {
            var largest = match.Groups[2].Length > 0 ? match.Groups[2] : match.Groups[1];
            var count = largest.Length <= 5 ? int.Parse(largest.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 100_000;
            product = Math.Min(product * Math.Max(count, 1), 1_000_000);
        }

        return product;
    }

    [GeneratedRegex(@"\{([0-9]+),?([0-9]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Counts();
}
