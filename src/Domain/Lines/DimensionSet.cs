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

    private readonly string?[] _values;
    private byte[]? _key;

    /// <summary>Makes a set.</summary>
    /// <param name="values">One value per <see cref="DimensionColumn"/>, in its order; null where the bill has none.</param>
    /// <param name="extras">The listed custom columns and tags, see <see cref="Extras"/>; only those that have a value.</param>
    /// <param name="origin">Where the lines come from.</param>
    /// <exception cref="ArgumentException">The number of values is not the number of columns.</exception>
    public DimensionSet(string?[] values, ImmutableSortedDictionary<string, string> extras, LineOrigin origin = LineOrigin.Bill)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(extras);
        if (values.Length != ColumnCount)
        {
            throw new ArgumentException($"A dimension set has {ColumnCount} values, not {values.Length}.", nameof(values));
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

    /// <summary>SHA-256 over the length-prefixed UTF-8 of all values, extras and the origin: 32 bytes, the identity of the set.</summary>
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
        foreach (var value in _values)
        {
            Append(value, prefix, sha);
        }

        foreach (var (name, value) in Extras)
        {
            Append(name, prefix, sha);
            Append(value, prefix, sha);
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
