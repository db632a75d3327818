using CiCost.Domain.Money;

namespace CiCost.Accounting.Checks;

/// <summary>Reads the exact decimal texts that the books keep.</summary>
internal static class ExactText
{
    /// <summary>The amount; a text that is none counts as 0, and differs from every sum that it should be.</summary>
    public static ExactAmount Of(string text) => ExactAmount.TryParse(text, out var amount) ? amount : default;
}
