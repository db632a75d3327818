using System.Numerics;
using CiCost.Accounting.Booking;

namespace CiCost.CostIngest.Formats.Focus;

/// <summary>
/// Counts each use of a tolerance and keeps the first one as an example; where something is left out of the books, the first few with
/// the rows that they stand in.
/// </summary>
internal sealed class ToleranceLog(FocusProfiles profiles)
{
    private const int MaxExampleLength = 200;
    private const int NamedRows = 5;

    /// <summary>Where the example is the list of all columns, each of them is meant.</summary>
    private const int MaxColumnsLength = 4000;

    private readonly long[] _counts = new long[64];
    private readonly long[] _firstRows = new long[64];
    private readonly string[] _examples = new string[64];

    /// <summary>Counts one use of each tolerance in a set.</summary>
    public void Use(Tolerance used, long row, ReadOnlySpan<byte> example)
    {
        for (var rest = (ulong)used; rest != 0; rest &= rest - 1)
        {
            var bit = BitOperations.TrailingZeroCount(rest);
            if (_counts[bit]++ == 0)
            {
                var isList = (used & Tolerance.UnreadColumns) != 0;
                var text = isList ? System.Text.Encoding.UTF8.GetString(example) : Csv.CsvText.ForMessage(example);
                var most = isList ? MaxColumnsLength : MaxExampleLength;
                _firstRows[bit] = row;
                _examples[bit] = text.Length > most ? text[..most] : text;
            }
        }
    }

    /// <summary>Counts one use that leaves something out, and names what and where for the first few rows.</summary>
    public void UseLeavingOut(Tolerance used, long row, string file, long rowInFile, string what)
    {
        var bit = BitOperations.TrailingZeroCount((ulong)used);
        var count = _counts[bit]++;
        if (count == 0)
        {
            _firstRows[bit] = row;
            _examples[bit] = "";
        }

        if (count < NamedRows)
        {
            var shown = what.Length > MaxExampleLength / 2 ? what[..(MaxExampleLength / 2)] + "..." : what;
            _examples[bit] += $"{(count == 0 ? "" : "; ")}{file} row {rowInFile}: {shown}";
        }
        else if (count == NamedRows)
        {
            _examples[bit] += "; and so on";
        }
    }

    /// <summary>Counts further uses of tolerances that were used before.</summary>
    public void Add(Tolerance used, long count) => _counts[BitOperations.TrailingZeroCount((ulong)used)] += count;

    /// <summary>What was used, in the order of the tolerances.</summary>
    public IReadOnlyList<ToleranceUse> ToList() =>
    [
        .. profiles.All
            .Select(t => (Name: profiles.NameOf(t), Bit: BitOperations.TrailingZeroCount((ulong)t)))
            .Where(t => _counts[t.Bit] > 0)
            .Select(t => new ToleranceUse(t.Name, _counts[t.Bit], _firstRows[t.Bit], _examples[t.Bit])),
    ];
}
