using System.Globalization;
using System.Text;

namespace CiCost.Cli.Output;

/// <summary>
/// Text as a terminal may have it. Names come from suppliers, and labels from whoever opens a pull request: an escape sequence in one of them
/// could clear the screen, rename the window or hide a line, and is printed as <c>\u001b</c> instead.
/// </summary>
internal static class PlainText
{
    /// <summary>Is it something that a terminal obeys instead of showing? Also what turns the direction of the text around it.</summary>
    public static bool IsControl(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e')
        or (>= '\u2066' and <= '\u2069');

    /// <summary>The text with such characters named.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowed">Characters that stay.</param>
    public static string Of(ReadOnlySpan<char> text, string allowed = "")
    {
        StringBuilder? named = null;
        for (var i = 0; i < text.Length; i++)
        {
            var isNamed = IsControl(text[i]) && !allowed.Contains(text[i], StringComparison.Ordinal);
            if (isNamed && named is null)
            {
                named = new StringBuilder(text.Length + 8).Append(text[..i]);
            }

            if (isNamed)
            {
                named!.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
            else
            {
                named?.Append(text[i]);
            }
        }

        return named?.ToString() ?? text.ToString();
    }
}

/// <summary>A writer of plain text in lines.</summary>
internal sealed class PlainWriter(TextWriter inner) : TextWriter(CultureInfo.InvariantCulture)
{
    private const string Lines = "\n\t";

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (PlainText.IsControl(value) && !Lines.Contains(value, StringComparison.Ordinal))
        {
            inner.Write(PlainText.Of([value]));
            return;
        }

        inner.Write(value);
    }

    public override void Write(string? value) => inner.Write(PlainText.Of(value, Lines));

    public override void Write(char[] buffer, int index, int count) => inner.Write(PlainText.Of(buffer.AsSpan(index, count), Lines));

    public override void Write(ReadOnlySpan<char> buffer) => inner.Write(PlainText.Of(buffer, Lines));

    public override Task WriteAsync(string? value) => inner.WriteAsync(PlainText.Of(value, Lines));

    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(PlainText.Of(value, Lines));

    public override void Flush() => inner.Flush();

    public override Task FlushAsync() => inner.FlushAsync();
}
