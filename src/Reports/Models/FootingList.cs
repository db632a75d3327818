using System.Globalization;

namespace CiCost.Reports.Models;

/// <summary>Collects what does not foot. Sums are taken in 128 bits, so that none can overflow.</summary>
internal sealed class FootingList
{
    private readonly List<FootingFailure> _failures = [];

    public IReadOnlyList<FootingFailure> Failures => _failures;

    public void Equal(string where, string message, Int128 expected, Int128 actual)
    {
        if (expected != actual)
        {
            _failures.Add(new FootingFailure(where, message, Text(expected), Text(actual)));
        }
    }

    public void Holds(bool condition, string where, string message, string expected, string actual)
    {
        if (!condition)
        {
            _failures.Add(new FootingFailure(where, message, expected, actual));
        }
    }

    public static Int128 Sum(params ReadOnlySpan<long> values)
    {
        Int128 sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    public static Int128 Sum<T>(IEnumerable<T> items, Func<T, long> value) =>
        items.Aggregate((Int128)0, (sum, item) => sum + value(item));

    private static string Text(Int128 value) => value.ToString(CultureInfo.InvariantCulture);
}
