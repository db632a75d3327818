using System.Text;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Sources.Aws;

/// <summary>Exact amounts from the texts that AWS sends.</summary>
internal static class AwsAmount
{
    /// <summary>The amount in 1e-18.</summary>
    /// <exception cref="SourceException">It is no decimal.</exception>
    public static Int128 Attos(string subject, string text)
    {
        var error = FocusDecimal.TryParseRounded(Encoding.UTF8.GetBytes(text), 18, out var attos, out _);
        return error == FocusDecimalError.None
            ? attos
            : throw new SourceException(
                "answer-unreadable", $"{subject} answered with the amount '{Short(text)}', which is no exact decimal ({error}).");
    }

    /// <summary>The amount in 1e-9, rounded half-even.</summary>
    /// <exception cref="SourceException">It is no decimal, or beyond what the books hold.</exception>
    public static Int128 Nanos(string subject, string text)
    {
        var error = FocusDecimal.TryParseCost(Encoding.UTF8.GetBytes(text), out var nanos, out _, out _);
        return error == FocusDecimalError.None
            ? nanos
            : throw new SourceException(
                "answer-unreadable", $"{subject} answered with the amount '{Short(text)}', which cannot be held exactly ({error}).");
    }

    /// <summary>Is it three capital letters?</summary>
    public static bool IsCurrency(string? text) => text is { Length: 3 } && text.All(char.IsAsciiLetterUpper);

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
