using System.Globalization;
using NUnit.Framework;

namespace CiCost.TestKit;

/// <summary>Counts which classes of cases a generator really makes: a property that never meets a hard value proves little.</summary>
public sealed class Histogram
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _cases;

    /// <summary>The number of cases seen.</summary>
    public int Cases => _cases;

    /// <summary>Counts one case in each class that it belongs to.</summary>
    public void Count(params ReadOnlySpan<(string Name, bool Applies)> classes)
    {
        lock (_lock)
        {
            _cases++;
            foreach (var (name, applies) in classes)
            {
                _counts[name] = _counts.GetValueOrDefault(name) + (applies ? 1 : 0);
            }
        }
    }

    /// <summary>The share of a class in percent; 0 for a class that was never named.</summary>
    public decimal Percent(string name) => _cases == 0 ? 0 : 100m * _counts.GetValueOrDefault(name) / _cases;

    /// <summary>Prints the classes and fails the test unless each makes up at least the given part of the cases.</summary>
    public void AssertEachAtLeast(decimal percent, int leastCases)
    {
        TestContext.Out.WriteLine(ToString());
        Assert.That(_cases, Is.AtLeast(leastCases), "cases");
        Assert.That(_counts, Is.Not.Empty, "classes");
        Assert.Multiple(() =>
        {
            foreach (var name in _counts.Keys)
            {
                Assert.That(Percent(name), Is.AtLeast(percent), $"cases of class '{name}', in percent");
            }
        });
    }

    /// <summary>One line per class.</summary>
    public override string ToString() => string.Join('\n', _counts.Keys.Select(
        name => string.Create(CultureInfo.InvariantCulture, $"{name,-24} {_counts[name],9} {Percent(name),6:0.0} %")));
}
