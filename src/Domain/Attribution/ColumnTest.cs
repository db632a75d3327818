using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace CiCost.Domain.Attribution;

/// <summary>How a <see cref="ColumnTest"/> looks at a value.</summary>
public enum ColumnTestKind
{
    /// <summary>The value is one of the texts, compared ordinally; runner labels whatever their case.</summary>
    OneOf = 0,

    /// <summary>The value begins with one of the texts, compared ordinally; runner labels whatever their case.</summary>
    StartsWith = 1,

    /// <summary>The pattern is found in the value: culture-invariant, and in time linear in the value's length.</summary>
    Matches = 2,

    /// <summary>The bill has no value.</summary>
    IsNull = 3,
}

/// <summary>
/// One test of one column. It is two-valued: no value equals nothing, begins with nothing and matches nothing,
/// so that a negated test holds for a line without a value.
/// </summary>
public sealed class ColumnTest
{
    /// <summary>The custom column that carries a job's runner label. GitHub's labels are the same in capital and small letters
    /// (https://docs.github.com/en/actions/reference/runners/self-hosted-runners), and so are they here; what was written is kept.</summary>
    public const string RunnerLabelColumn = "x_RunnerLabel";

    private readonly StringComparison _comparison;
    private readonly FrozenSet<string>? _oneOf;
    private readonly LinearPattern? _pattern;

    /// <summary>Makes a test.</summary>
    /// <param name="column">A fixed column, a listed custom column, or <c>tags.KEY</c>.</param>
    /// <param name="kind">How to look at the value.</param>
    /// <param name="texts">The texts to compare with; one pattern for <see cref="ColumnTestKind.Matches"/>; none for null.</param>
    /// <param name="isNegated">True when the test holds where it otherwise would not.</param>
    public ColumnTest(string column, ColumnTestKind kind, ImmutableArray<string> texts, bool isNegated = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        (Column, Kind, IsNegated) = (column, kind, isNegated);
        Texts = kind == ColumnTestKind.Matches ? texts : [.. texts.Order(StringComparer.Ordinal).Distinct()];
        var ignoresCase = column == RunnerLabelColumn;
        _comparison = ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        switch (kind)
        {
            case ColumnTestKind.OneOf:
                _oneOf = Texts.ToFrozenSet(StringComparer.FromComparison(_comparison));
                break;
            case ColumnTestKind.Matches:
                _pattern = new LinearPattern(texts.Single(), ignoresCase);
                break;
        }

        Identity = Describe();
    }

    /// <summary>The column's name.</summary>
    public string Column { get; }

    /// <summary>How the value is looked at.</summary>
    public ColumnTestKind Kind { get; }

    /// <summary>The texts to compare with, in ordinal order.</summary>
    public ImmutableArray<string> Texts { get; }

    /// <summary>Is the answer turned round?</summary>
    public bool IsNegated { get; }

    /// <summary>Equal for tests that are the same by content.</summary>
    public string Identity { get; }

    /// <summary>Checks the pattern now; without this a broken one shows when it is first used.</summary>
    /// <exception cref="ArgumentException">The pattern does not compile, or cannot run in linear time.</exception>
    public void Require() => _pattern?.Require();

    /// <summary>Does the test hold for this value?</summary>
    public bool Holds(string? value) => Holds(value, static (pattern, text) => pattern.IsFoundIn(text));

    /// <summary>The same for a try with a few known values, without the cost of a pattern in earnest.</summary>
    public bool TryOut(string? value) => Holds(value, static (pattern, text) => pattern.TryOut(text));

    /// <inheritdoc/>
    public override string ToString() => Identity;

    private bool Holds(string? value, Func<LinearPattern, string, bool> isFound) => IsNegated != (Kind switch
    {
        ColumnTestKind.IsNull => value is null,
        _ when value is null => false,
        ColumnTestKind.OneOf => _oneOf!.Contains(value),
        ColumnTestKind.Matches => isFound(_pattern!, value),
        _ => StartsWithAny(value),
    });

    private bool StartsWithAny(string value)
    {
        foreach (var text in Texts)
        {
            if (value.StartsWith(text, _comparison))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lengths go before the texts, so that no text can imitate another test.</summary>
    private string Describe()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Column} {(IsNegated ? "not " : "")}{Kind}");
        foreach (var item in Texts)
        {
            text.Append(CultureInfo.InvariantCulture, $" {item.Length}:{item}");
        }

        return text.ToString();
    }
}
