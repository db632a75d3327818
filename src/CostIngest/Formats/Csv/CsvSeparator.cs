using System.Text;

namespace CiCost.CostIngest.Formats.Csv;

/// <summary>What stands between two fields.</summary>
/// <param name="Byte">The byte.</param>
/// <param name="TakesDeclared">Does a first line such as <c>sep=;</c>, as Excel writes it, decide instead?</param>
internal readonly record struct CsvSeparator(byte Byte, bool TakesDeclared)
{
    private const int MostDeclarationBytes = 16;

    /// <summary>That of FOCUS and of all providers' own reports.</summary>
    public static readonly CsvSeparator Comma = new((byte)',', TakesDeclared: false);

    /// <summary>Those that a mapping may name, and what a message calls each.</summary>
    public static readonly IReadOnlyList<(byte Byte, string Name, string Many)> All =
    [
        ((byte)',', ",", "commas"), ((byte)';', ";", "semicolons"), ((byte)'\t', "tab", "tabs"), ((byte)'|', "|", "vertical bars"),
    ];

    /// <summary>How a mapping names a separator.</summary>
    public static string NameOf(byte separator) =>
        All.Where(s => s.Byte == separator).Select(s => s.Name).FirstOrDefault(((char)separator).ToString());

    /// <summary>
    /// The separator that the first line declares, and where the line after it begins; 0 and 0 when the line is a header as usual.
    /// </summary>
    public static (byte Separator, int Length) Declared(ReadOnlySpan<byte> text)
    {
        var end = text[..Math.Min(text.Length, MostDeclarationBytes)].IndexOf((byte)'\n');
        if (end < 0)
        {
            return default;
        }

        var line = text[..end].TrimEnd((byte)'\r');
        line = line is [(byte)'"', .. var inside, (byte)'"'] ? inside : line;
        return line.Length == 5 && Ascii.EqualsIgnoreCase(line[..4], "sep="u8) ? (line[4], end + 1) : default;
    }

    /// <summary>What a header that has one field only is separated by instead; null when nothing shows.</summary>
    public static string? Misread(string header)
    {
        var (_, name, many, count) = All.Select(s => (s.Byte, s.Name, s.Many, Count: header.Count(c => c == (char)s.Byte)))
            .MaxBy(s => s.Count);
        return count == 0 || name == "," ? null : $"The first line has no comma and {count} {many}: its fields are separated by '{name}'.";
    }
}
