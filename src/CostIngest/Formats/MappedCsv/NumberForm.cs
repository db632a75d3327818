namespace CiCost.CostIngest.Formats.MappedCsv;

/// <summary>How a number below zero may be written, beside a minus before it.</summary>
[Flags]
internal enum NegativeForms
{
    None = 0,

    /// <summary><c>5-</c></summary>
    MinusBehind = 1,

    /// <summary><c>(5)</c></summary>
    Parentheses = 2,

    /// <summary>U+2212, the minus of typesetting, wherever a minus may stand.</summary>
    MinusSign = 4,
}

/// <summary>A way to write numbers. Its name is a number written so.</summary>
/// <param name="Name">The name.</param>
/// <param name="Group">Between groups of three digits; 0 for none. A blank stands for the no-break ones, an apostrophe for both.</param>
/// <param name="Point">Before the fraction.</param>
/// <param name="Sign">A currency's sign that may stand before or behind the digits; empty for none.</param>
internal sealed record NumberForm(string Name, byte Group, byte Point, ReadOnlyMemory<byte> Sign)
{
    /// <summary>What a mapping calls the ways to write a number below zero; the first is always one.</summary>
    public static readonly IReadOnlyList<(string Name, NegativeForms Form)> NegativeNames =
    [
        ("-5", NegativeForms.None), ("5-", NegativeForms.MinusBehind), ("(5)", NegativeForms.Parentheses), ("\u22125", NegativeForms.MinusSign),
    ];

    /// <summary>All of them; the first is that of FOCUS.</summary>
    public static readonly IReadOnlyList<NumberForm> All =
    [
        new("1234.56", 0, (byte)'.', default),
        new("1,234.56", (byte)',', (byte)'.', default),
        new("1.234,56", (byte)'.', (byte)',', default),
        new("1 234,56", (byte)' ', (byte)',', default),
        new("1 234.56", (byte)' ', (byte)'.', default),
        new("1'234.56", (byte)'\'', (byte)'.', default),
    ];

    /// <summary>How a number below zero may be written, beside a minus before it.</summary>
    public NegativeForms Negatives { get; init; }

    /// <summary>Is there anything to rewrite?</summary>
    public bool IsPlain => Group == 0 && Sign.IsEmpty && Negatives == NegativeForms.None;

    /// <summary>The rule of the mapping, for messages.</summary>
    public string Rule
    {
        get
        {
            var negatives = NegativeNames.Where(n => (Negatives & n.Form) == n.Form).Select(n => n.Name);
            return $"numbers as \"{Name}\", below zero as {string.Join(" or ", negatives)}"
                + (Sign.IsEmpty ? ", without a currency's sign" : $", with or without {System.Text.Encoding.UTF8.GetString(Sign.Span)}");
        }
    }

    private static ReadOnlySpan<byte> MinusSignBytes => "\u2212"u8;

    /// <summary>What stands for a text that is not of this form, which could be read as another number otherwise.</summary>
    private static ReadOnlySpan<byte> NoNumber => "?"u8;

    /// <summary>Writes a number as FOCUS has it. What is not of this form becomes a text that is no number.</summary>
    /// <param name="text">The number.</param>
    /// <param name="scratch">Takes the result; a byte longer than the text.</param>
    public ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> text, Span<byte> scratch)
    {
        var rest = TakeSigns(text, out var isNegative);
        var written = 0;
        if (isNegative)
        {
            scratch[written++] = (byte)'-';
        }

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
        var isGrouped = NextGroup(whole).At >= 0;
        var first = true;
        while (true)
        {
            var (at, length) = NextGroup(whole);
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

            whole = whole[(at + length)..];
            first = false;
        }
    }

    /// <summary>Takes off what stands around the digits: a minus, a currency's sign with a blank or without, parentheses, each once.</summary>
    private ReadOnlySpan<byte> TakeSigns(ReadOnlySpan<byte> text, out bool isNegative)
    {
        isNegative = false;
        var isSigned = Sign.IsEmpty;
        while (true)
        {
            if (!isNegative && TryTakeMinus(ref text))
            {
                isNegative = true;
            }
            else if (!isSigned && text.StartsWith(Sign.Span))
            {
                isSigned = true;
                text = text[Sign.Length..];
                TrimBlanks(ref text, fromStart: true);
            }
            else if (!isSigned && text.EndsWith(Sign.Span))
            {
                isSigned = true;
                text = text[..^Sign.Length];
                TrimBlanks(ref text, fromStart: false);
            }
            else
            {
                return text;
            }
        }
    }

    private bool TryTakeMinus(ref ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'-', ..])
        {
            text = text[1..];
            return true;
        }

        if (Negatives.HasFlag(NegativeForms.MinusSign) && text.StartsWith(MinusSignBytes))
        {
            text = text[MinusSignBytes.Length..];
            return true;
        }

        if (Negatives.HasFlag(NegativeForms.Parentheses) && text is [(byte)'(', .., (byte)')'])
        {
            text = text[1..^1];
            return true;
        }

        if (!Negatives.HasFlag(NegativeForms.MinusBehind))
        {
            return false;
        }

        var length = text is [.., (byte)'-'] ? 1
            : Negatives.HasFlag(NegativeForms.MinusSign) && text.EndsWith(MinusSignBytes) ? MinusSignBytes.Length : 0;
        text = text[..^length];
        if (length > 0)
        {
            TrimBlanks(ref text, fromStart: false);
        }

        return length > 0;
    }

    /// <summary>Takes off blanks, no-break ones too.</summary>
    private static void TrimBlanks(ref ReadOnlySpan<byte> text, bool fromStart)
    {
        while (true)
        {
            var length = BlankLength(text, fromStart);
            if (length == 0)
            {
                return;
            }

            text = fromStart ? text[length..] : text[..^length];
        }
    }

    /// <summary>The bytes of the blank that the text begins or ends with: U+0020, U+00A0, U+2009 or U+202F; 0 for none.</summary>
    private static int BlankLength(ReadOnlySpan<byte> text, bool atStart)
    {
        return Is(text, " "u8, atStart) ? 1
            : Is(text, "\u00A0"u8, atStart) ? 2
            : Is(text, "\u202F"u8, atStart) || Is(text, "\u2009"u8, atStart) ? 3 : 0;

        static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> blank, bool atStart) =>
            atStart ? text.StartsWith(blank) : text.EndsWith(blank);
    }

    /// <summary>Where the next separator of groups stands, and its bytes; -1 for none.</summary>
    private (int At, int Length) NextGroup(ReadOnlySpan<byte> whole)
    {
        for (var at = 0; at < whole.Length; at++)
        {
            var length = whole[at] == Group ? 1
                : Group == ' ' ? BlankLength(whole[at..], atStart: true)
                : Group == '\'' && whole[at..].StartsWith("\u2019"u8) ? 3 : 0;
            if (length > 0)
            {
                return (at, length);
            }
        }

        return (-1, 0);
    }
}
