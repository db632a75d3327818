using System.Text;

namespace CiCost.CostIngest.Formats.Csv;

/// <summary>Recognises what is often delivered in place of CSV by its first bytes, so that the message can say so.</summary>
internal static class ContentSniffer
{
    private static readonly (byte[] Magic, string What)[] Signatures =
    [
        ([0x1F, 0x8B], "This looks like gzip data that was compressed twice"),
        ([0x28, 0xB5, 0x2F, 0xFD], "This looks like Zstandard data"),
        ("BZh"u8.ToArray(), "This looks like bzip2 data"),
        ("PK\u0003\u0004"u8.ToArray(), "This looks like a ZIP archive or an Excel workbook"),
        ("PAR1"u8.ToArray(), "This looks like Apache Parquet"),
        ("%PDF"u8.ToArray(), "This looks like a PDF document"),
        ("SQLite format 3"u8.ToArray(), "This looks like a SQLite database"),
        ([0xFF, 0xFE], "This looks like UTF-16 text"),
        ([0xFE, 0xFF], "This looks like UTF-16 text"),
    ];

    /// <summary>What other than text in UTF-8 the content looks like by its first bytes; null when it may be text.</summary>
    public static string? LooksLike(ReadOnlySpan<byte> content)
    {
        foreach (var (magic, what) in Signatures)
        {
            if (content.StartsWith(magic))
            {
                return what;
            }
        }

        return null;
    }

    /// <summary>Why the content cannot be CSV; null when it may be.</summary>
    public static string? WhyNotCsv(ReadOnlySpan<byte> content)
    {
        if (LooksLike(content) is { } other)
        {
            return Advise(other);
        }

        var text = content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
        var trimmed = text.TrimStart(" \t\r\n"u8);
        if (trimmed.IsEmpty)
        {
            return "The file is empty; not even a header is there. Deliver it again; a month without charges has a header and no rows.";
        }

        return trimmed[0] switch
        {
            (byte)'{' or (byte)'[' => Advise("This looks like JSON"),
            (byte)'<' => Advise("This looks like HTML or XML, perhaps an error page of a download"),
            _ => null,
        };
    }

    private static string Advise(string what) => what + ", not like FOCUS CSV. Deliver the CSV export (plain or gzip), UTF-8.";
}
