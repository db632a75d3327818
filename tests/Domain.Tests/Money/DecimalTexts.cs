using FsCheck;
using FsCheck.Fluent;

namespace CiCost.Domain.Tests.Money;

/// <summary>Generates texts of decimals as bills have them, and as they should not.</summary>
internal static class DecimalTexts
{
    /// <summary>Well-formed texts of all classes; some are out of range or have too many fraction digits.</summary>
    public static Gen<string> WellFormed { get; } = Gen.Frequency(
        (4, Plain),
        (2, Tie),
        (2, WithExponent),
        (1, Long),
        (1, Gen.Elements(
            "0", "-0", "0.0", "-0.000000000000000000", "9223372036.854775807", "9223372036.8547758074", "9223372036.8547758075",
            "-9223372036.854775808", "-9223372036.8547758085", "-9223372036.8547758086", "999999999.999999999999999999",
            "1000000000", "0.0000000005", "0.0000000015", "-0.0000000005", "1E9999", "1E-9999", "0E9999", "1e9", "1.5E-18", "1E-19")));

    /// <summary>Well-formed texts with now and then a character that does not belong there.</summary>
    public static Gen<string> Any { get; } = Gen.Frequency((3, WellFormed), (1, WellFormed.SelectMany(Damaged)));

    private static Gen<string> Sign => Gen.Elements("", "", "-");

    private static Gen<string> Plain =>
        from sign in Sign
        from zeros in Gen.Elements(0, 0, 0, 1, 3)
        from whole in Digits(1, 10)
        from fraction in Digits(0, 18)
        from moreZeros in Gen.Elements(0, 0, 1, 9)
        select sign + new string('0', zeros) + whole + Fraction(fraction + new string('0', fraction.Length == 0 ? 0 : moreZeros));

    private static Gen<string> Tie =>
        from sign in Sign
        from whole in Digits(1, 9)
        from nanos in Digits(9, 9)
        from tie in Gen.Elements("5", "50", "500000000", "500000001", "499999999", "500000000000")
        select sign + whole + "." + nanos + tie;

    private static Gen<string> WithExponent =>
        from sign in Sign
        from whole in Digits(1, 3)
        from fraction in Digits(0, 12)
        from letter in Gen.Elements("E", "e")
        from minus in Gen.Elements("-", "-", "", "+")
        from exponent in Gen.Choose(0, 20)
        select sign + whole + Fraction(fraction) + letter + minus + exponent;

    private static Gen<string> Long =>
        from sign in Sign
        from whole in Digits(1, 22)
        from fraction in Digits(0, 40)
        select sign + whole + Fraction(fraction);

    private static string Fraction(string digits) => digits.Length == 0 ? "" : "." + digits;

    private static Gen<string> Digits(int least, int most) =>
        from count in Gen.Choose(least, most)
        from digits in Gen.Elements("0123456789".ToCharArray()).ArrayOf(count)
        select new string(digits);

    private static Gen<string> Damaged(string text) =>
        from at in Gen.Choose(0, text.Length)
        from what in Gen.Elements("+", " ", ",", ".", "-", "E", "e", "x", "\u0660", "NaN", ":", "/", "\0", "E+")
        select text.Insert(at, what);
}
