using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace CiCost.CostIngest.Formats.Csv;

/// <summary>Takes the quotes off raw fields. A scratch buffer is used only where quotes are escaped inside; it grows and is kept.</summary>
internal struct CsvText
{
    private byte[]? _scratch;

    /// <summary>The value of a raw field. Valid until the next call on the same instance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> raw) => raw.Length == 0 || raw[0] != '"' ? raw : Unquote(raw);

    /// <summary>The value as text, for messages: never fails.</summary>
    public static string ForMessage(ReadOnlySpan<byte> raw)
    {
        const int shownBytes = 600;
        var text = default(CsvText);
        return Encoding.UTF8.GetString(text.Value(raw.Length > shownBytes ? raw[..shownBytes] : raw));
    }

    /// <summary>Decodes a value; false when it is no UTF-8 or holds a carriage return that ends no line.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> value, out string text)
    {
        if (!Utf8.IsValid(value))
        {
            text = "";
            return false;
        }

        text = Encoding.UTF8.GetString(value);
        return true;
    }

    private ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> raw)
    {
        var inner = raw.Length >= 2 && raw[^1] == '"' ? raw[1..^1] : raw[1..];
        var quote = inner.IndexOf((byte)'"');
        if (quote < 0)
        {
            return inner;
        }

        if (_scratch is null || _scratch.Length < inner.Length)
        {
            _scratch = new byte[Math.Max(1024, inner.Length * 2)];
        }

        var written = 0;
        while (quote >= 0)
        {
            inner[..(quote + 1)].CopyTo(_scratch.AsSpan(written));
            written += quote + 1;
            inner = inner[Math.Min(quote + 2, inner.Length)..];
            quote = inner.IndexOf((byte)'"');
        }

        inner.CopyTo(_scratch.AsSpan(written));
        return _scratch.AsSpan(0, written + inner.Length);
    }
}
