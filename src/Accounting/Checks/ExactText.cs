using System.Text;
using CiCost.Domain.Money;

namespace CiCost.Accounting.Checks;

/// <summary>Reads the exact decimal texts that the books keep.</summary>
internal static class ExactText
{
    /// <summary>The text as a count of 1e-18; a text that is none counts as 0, and differs from every sum that it should be.</summary>
    public static Int128 Attos(string text) =>
        FocusDecimal.TryParseAttos(Encoding.UTF8.GetBytes(text), out var attos) == FocusDecimalError.None ? attos : 0;
}
