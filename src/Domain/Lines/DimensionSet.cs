using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace CiCost.Domain.Lines;

/// <summary>
/// The distinct tuple of a line's descriptive columns. Attribution rules match on it, so that a rule change touches thousands of
/// sets and not millions of lines. Compared by content through <see cref="Key"/>.
/// </summary>
public sealed class DimensionSet
{
    /// <summary>The number of fixed columns.</summary>
    public static readonly int ColumnCount = Enum.GetValues<DimensionColumn>().Length;

    /// <summary>
    /// The columns that every key covers, whether they have a value or not: those of the first schema. Never changes, because books keep
    /// keys, and digests of deliveries that are made of them.
    /// </summary>
    private const int ColumnsInEveryKey = (int)DimensionColumn.AllocatedMethodId + 1;

    /// <summary>In a key, before each later column that has a value; no length and no null is written so.</summary>
    private const int LaterColumn = -2;

    private readonly string?[] _values;
    private byte[]? _key;

    /// <summary>Makes a set.</summary>
    /// <param name="values">One value per <see cref="DimensionColumn"/>, in its order; null where the bill has none.</param>
    /// <param name="extras">The listed custom columns and tags, see <see cref="Extras"/>; only those that have a value.</param>
    /// <param name="origin">Where the lines come from.</param>
    /// <exception cref="ArgumentException">The number of values is not the number of columns.</exception>
    public DimensionSet(string?[] values, ImmutableSortedDictionary<string, string> extras, LineOrigin origin = LineOrigin.Bill)
        : this(values, extras, origin, ColumnCount)
    {
    }

    /// <summary>A set of a catalogue with that many columns; only tests have another number than <see cref="ColumnCount"/>.</summary>
    internal DimensionSet(string?[] values, ImmutableSortedDictionary<string, string> extras, LineOrigin origin, int columnCount)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(extras);
        if (values.Length != columnCount)
        {
            throw new ArgumentException($"A dimension set has {columnCount} values, not {values.Length}.", nameof(values));
        }

        _values = values;
        Extras = extras.KeyComparer == StringComparer.Ordinal ? extras : extras.WithComparers(StringComparer.Ordinal);
        Origin = origin;
    }

    /// <summary>
    /// The custom columns (<c>x_...</c>) and tags (<c>tags.KEY</c>) that <c>policy/dimensions.yaml</c> lists, by name in ordinal order.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Extras { get; }

    /// <summary>Where the lines come from.</summary>
    public LineOrigin Origin { get; }

    /// <summary>
    /// The identity of the set: SHA-256 over its origin, its values and its extras, 32 bytes. A column that is added to the catalogue
    /// changes no key of a set that has no value in it, so that sets in the books keep theirs.
    /// </summary>
    /// <remarks>
    /// No two sets have the same bytes to hash, because the bytes can be read back in one way only: the origin; the values of the first
    /// schema, each as length and UTF-8 or -1 for null; then, until the end, either a length from 0 on, which begins the name of an extra
    /// that its value follows, or -2, which a later column's number and its value follow.
    /// </remarks>
    public ReadOnlySpan<byte> Key => _key ??= ComputeKey();

    /// <summary>The value of a fixed column, or null.</summary>
    public string? this[DimensionColumn column] => _values[(int)column];

    /// <summary>The value by name: a FOCUS column, a listed custom column, or <c>tags.KEY</c>; null when there is none.</summary>
    public string? ValueOf(string name) => Enum.TryParse<DimensionColumn>(name, out var column) && Enum.IsDefined(column)
        ? _values[(int)column]
        : Extras.GetValueOrDefault(name);

    private byte[] ComputeKey()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> prefix = stackalloc byte[4];
        Append((int)Origin, prefix, sha);
        foreach (var value in _values.AsSpan(0, ColumnsInEveryKey))
        {
            Append(value, prefix, sha);
        }

        foreach (var (name, value) in Extras)
        {
            Append(name, prefix, sha);
            Append(value, prefix, sha);
        }

        for (var column = ColumnsInEveryKey; column < _values.Length; column++)
        {
            if (_values[column] is { } value)
            {
                Append(LaterColumn, prefix, sha);
                Append(column, prefix, sha);
                Append(value, prefix, sha);
            }
        }

        return sha.GetHashAndReset();
    }

    private static void Append(string? value, Span<byte> prefix, IncrementalHash sha)
    {
        if (value is null)
        {
            Append(-1, prefix, sha);
            return;
        }

        var utf8 = Encoding.UTF8.GetBytes(value);
        Append(utf8.Length, prefix, sha);
        sha.AppendData(utf8);
    }

    private static void Append(int number, Span<byte> prefix, IncrementalHash sha)
    {
        BinaryPrimitives.WriteInt32LittleEndian(prefix, number);
        sha.AppendData(prefix);
    }
}
