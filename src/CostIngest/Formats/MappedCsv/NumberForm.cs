namespace CiCost.CostIngest.Formats.MappedCsv;

/// <summary>A way to write numbers. Its name is a number written so.</summary>
/// <param name="Name">The name.</param>
/// <param name="Group">Between groups of three digits; 0 for none.</param>
/// <param name="Point">Before the fraction.</param>
/// <param name="Sign">A currency's sign that may stand before the digits; empty for none.</param>
internal sealed record NumberForm(string Name, byte Group, byte Point, ReadOnlyMemory<byte> Sign)
{
    /// <summary>All of them; the first is that of FOCUS.</summary>
    public static readonly IReadOnlyList<NumberForm> All =
    [
        new("1234.56", 0, (byte)'.', default),
        new("1,234.56", (byte)',', (byte)'.', default),
        new("1.234,56", (byte)'.', (byte)',', default),
        new("1 234,56", (byte)' ', (byte)',', default),
    ];

    /// <summary>Is there anything to rewrite?</summary>
    public bool IsPlain => Group == 0 && Sign.IsEmpty;

    /// <summary>What stands for a text that is not of this form, which could be read as another number otherwise.</summary>
    private static ReadOnlySpan<byte> NoNumber => "?"u8;

    /// <summary>Writes a number as FOCUS has it. What is not of this form becomes a text that is no number.</summary>
    public ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> text, Span<byte> scratch)
    {
        var rest = text;
        var written = 0;
        if (rest is [(byte)'-', ..])
        {
            scratch[written++] = (byte)'-';
            rest = rest[1..];
        }

        rest = !Sign.IsEmpty && rest.StartsWith(Sign.Span) ? rest[Sign.Length..] : rest;
        if (Group == 0)
        {
            rest.CopyTo(scratch[written..]);
            return scratch[..(written + rest.Length)];
        }

        var end = rest.IndexOfAny((byte)'E', (byte)'e');
        var exponent = end < 0 ? default : rest[end..];
        rest = end < 0 ? rest : rest[..end];
        var point = rest.IndexOf(Point);
        var whole = point < 0 ? rest : rest[..point];
        if (!TryUngroup(whole, scratch, ref written))
        {
            return NoNumber;
        }

        if (point >= 0)
        {
            // What follows may hold no second separator; whoever reads the number refuses all but digits.
            var fraction = rest[(point + 1)..];
            if (fraction.Contains(Group) || fraction.Contains(Point))
            {
                return NoNumber;
            }

            scratch[written++] = (byte)'.';
            fraction.CopyTo(scratch[written..]);
            written += fraction.Length;
        }

        exponent.CopyTo(scratch[written..]);
        return scratch[..(written + exponent.Length)];
    }

    /// <summary>Groups have three digits, the first one to three; without any separator any number.</summary>
    private bool TryUngroup(ReadOnlySpan<byte> whole, Span<byte> scratch, ref int written)
    {
        var isGrouped = whole.Contains(Group);
        var first = true;
        while (true)
        {
            var at = whole.IndexOf(Group);
            var group = at < 0 ? whole : whole[..at];
            if (group.IsEmpty || group.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || (isGrouped && (first ? group.Length > 3 : group.Length != 3)))
            {
                return false;
            }

            group.CopyTo(scratch[written..]);
            written += group.Length;
            if (at < 0)
            {
                return true;
            }

            whole = whole[(at + 1)..];
            first = false;
        }
    }
}
