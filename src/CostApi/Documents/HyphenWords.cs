using System.Globalization;

namespace CiCost.CostApi.Documents;

/// <summary>Names of enum values as the words of answers: <c>NotProvable</c> is <c>not-provable</c>.</summary>
public static class HyphenWords
{
    /// <summary>The words of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((c, i)
            => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString(CultureInfo.InvariantCulture)));
}
