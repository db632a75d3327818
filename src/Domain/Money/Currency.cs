namespace CiCost.Domain.Money;

/// <summary>An ISO 4217 currency code, for example <c>USD</c>. Amounts of two currencies are never added.</summary>
/// <param name="Code">Three upper-case ASCII letters.</param>
public readonly record struct Currency(string Code) : IComparable<Currency>
{
    /// <summary>The United States dollar.</summary>
    public static Currency Usd { get; } = new("USD");

    /// <summary>Makes a currency from its code.</summary>
    /// <param name="code">Three upper-case ASCII letters.</param>
    /// <exception cref="FormatException">The code is not three upper-case ASCII letters.</exception>
    public static Currency Parse(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.Length == 3 && code.All(char.IsAsciiLetterUpper)
            ? new Currency(code)
            : throw new FormatException($"'{code}' is not an ISO 4217 currency code: three upper-case letters are expected, such as USD.");
    }

    /// <summary>Ordinal order of the codes.</summary>
    public int CompareTo(Currency other) => string.CompareOrdinal(Code, other.Code);

    /// <summary>The code.</summary>
    public override string ToString() => Code;
}
