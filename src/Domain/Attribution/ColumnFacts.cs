using System.Collections.Concurrent;
using System.Collections.Immutable;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Attribution;

/// <summary>
/// The tests of one column and, per value met so far, which of them hold. A bill repeats few values over many sets, so each pattern
/// runs once per value and not once per set.
/// </summary>
/// <remarks>Two threads may work out the same fact at the same time: both write the same byte.</remarks>
internal sealed class ColumnFacts
{
    /// <summary>Bounds the memory of a service that runs for months; a bill has at most some ten thousand values in a column.</summary>
    private const int MaxValues = 200_000;

    private const byte Unknown = 0, Fails = 1, Holds = 2;

    private readonly ConcurrentDictionary<string, byte[]> _facts = new(StringComparer.Ordinal);
    private readonly DimensionColumn? _column;
    private readonly string _name;
    private readonly ImmutableArray<ColumnTest> _tests;
    private readonly byte[] _factsOfNull;
    private int _values;

    public ColumnFacts(string name, ImmutableArray<ColumnTest> tests)
    {
        _name = name;
        _tests = tests;
        _factsOfNull = new byte[tests.Length];
        _column = DimensionColumns.TryParse(name, out var column) ? column : null;
    }

    public string? ValueIn(DimensionSet set) => _column is { } column ? set[column] : set.Extras.GetValueOrDefault(_name);

    public byte[] FactsOf(string? value)
    {
        if (value is null)
        {
            return _factsOfNull;
        }

        if (_facts.TryGetValue(value, out var facts))
        {
            return facts;
        }

        if (Interlocked.Increment(ref _values) > MaxValues)
        {
            _facts.Clear();
            _values = 0;
        }

        return _facts.GetOrAdd(value, static (_, length) => new byte[length], _tests.Length);
    }

    public bool HoldsFor(int test, string? value, byte[] facts)
    {
        var fact = Volatile.Read(ref facts[test]);
        if (fact == Unknown)
        {
            fact = _tests[test].Holds(value) ? Holds : Fails;
            Volatile.Write(ref facts[test], fact);
        }

        return fact == Holds;
    }
}
