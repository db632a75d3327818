using System.Text.RegularExpressions;

namespace CiCost.Domain.Attribution;

/// <summary>
/// A pattern that is found in a text in time linear in its length, whatever culture. It is compiled when it is first used: compiling for
/// linear time costs six milliseconds and 0.8 MB, a policy has a hundred patterns, and books without a column never ask for its patterns.
/// </summary>
public sealed class LinearPattern
{
    /// <summary>A shorter pattern without counts is never too large to compile.</summary>
    private const int SurelySmall = 150;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private readonly Lazy<Regex> _linear;
    private readonly Lazy<Regex> _plain;

    /// <summary>Makes a pattern; a broken one shows in <see cref="Require"/>, or when it is first used.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="ignoresCase">True when capital and small letters are the same, in whatever culture.</param>
    public LinearPattern(string text, bool ignoresCase = false)
    {
        Text = text;
        var options = RegexOptions.CultureInvariant | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        _linear = new Lazy<Regex>(() => Compile(text, options));
        _plain = new Lazy<Regex>(() => new Regex(text, options, Patience));
    }

    /// <summary>The pattern.</summary>
    public string Text { get; }

    /// <summary>Checks it without compiling it for linear time, unless its length or syntax leaves a doubt.</summary>
    /// <exception cref="ArgumentException">
    /// It does not compile, or needs look-around or back references, which cannot run in linear time.
    /// </exception>
    public void Require()
    {
        _ = _plain.Value;
        if (Text.Length > SurelySmall || Text.Contains('{', StringComparison.Ordinal) || MayLookAround(Text))
        {
            _ = _linear.Value;
        }
    }

    /// <summary>Is it found in the text?</summary>
    public bool IsFoundIn(string value) => _linear.Value.IsMatch(value);

    /// <summary>The same for a try with a few short texts, without compiling it for linear time. False when that takes too long.</summary>
    public bool TryOut(string value)
    {
        try
        {
            return _plain.Value.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>The text of a named group where the pattern is found; null where it is not, or the group took no part.</summary>
    public string? GroupIn(string value, string group) =>
        _linear.Value.Match(value).Groups[group] is { Success: true } found ? found.Value : null;

    private static Regex Compile(string text, RegexOptions options)
    {
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | options);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException(
                "Look-around, back references and atomic groups cannot run in linear time and are not allowed.", nameof(text), e);
        }
    }

    /// <summary>Could it hold look-around, a back reference, an atomic group or a condition? Yes too often, never no wrongly.</summary>
    private static bool MayLookAround(string pattern)
    {
        for (var i = 0; i + 1 < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                if (char.IsAsciiDigit(pattern[i + 1]) || pattern[i + 1] is 'k' or 'G')
                {
                    return true;
                }

                i++;
            }
            else if (pattern[i] == '(' && pattern[i + 1] == '?' && !IsPlainGroup(pattern.AsSpan(i + 2)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>After <c>(?</c>: a group without capture, an inline option, or a name.</summary>
    private static bool IsPlainGroup(ReadOnlySpan<char> rest) => rest.Length > 1
        && (rest[0] is ':' or 'i' || (rest[0] == '<' && char.IsAsciiLetter(rest[1])));
}
