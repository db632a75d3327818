using System.Text;
using CiCost.Domain.Money;
using CiCost.TestKit;

namespace CiCost.Domain.Tests.Money;

public sealed class FocusDecimalTests
{
    [TestCase("0", 0, 0)]
    [TestCase("-0", 0, 0)]
    [TestCase("00012.50", 12_500_000_000, 0)]
    [TestCase("1E-9", 1, 0)]
    [TestCase("2.323760000E-9", 2, 323_760_000)]
    [TestCase("1.5e3", 1_500_000_000_000, 0)]
    [TestCase("1E+03", 1_000_000_000_000, 0)]
    [TestCase("1e+06", 1_000_000_000_000_000, 0)]
    [TestCase("1e-7", 100, 0)]
    [TestCase("0e+99999999999999999999", 0, 0)]
    [TestCase("0.0000000005", 0, 500_000_000)]
    [TestCase("0.0000000015", 2, -500_000_000)]
    [TestCase("-0.0000000015", -2, 500_000_000)]
    [TestCase("-0.0000000025", -2, -500_000_000)]
    [TestCase("1.123456789012345678", 1_123_456_789, 12_345_678)]
    [TestCase("-9223372036.854775808", long.MinValue, 0)]
    [TestCase("9223372036.8547758074", long.MaxValue, 400_000_000)]
    [TestCase("12345678901234567890E-15", 12_345_678_901_235, -432_110_000)]
    [TestCase("1.0000000000000000000000000000000000000000000000", 1_000_000_000, 0)]
    public void TryParse_ExactText_GivesNanosAndResidue(string text, long nanos, long residueAttos)
    {
        var error = FocusDecimal.TryParse(Encoding.UTF8.GetBytes(text), out var actualNanos, out var actualResidue);

        Assert.That((error, actualNanos, actualResidue), Is.EqualTo((FocusDecimalError.None, nanos, residueAttos)));
    }

    [TestCase("", FocusDecimalError.NotANumber)]
    [TestCase("-", FocusDecimalError.NotANumber)]
    [TestCase("+1", FocusDecimalError.NotANumber)]
    [TestCase("1E+", FocusDecimalError.NotANumber)]
    [TestCase("1E+-3", FocusDecimalError.NotANumber)]
    [TestCase("1E++3", FocusDecimalError.NotANumber)]
    [TestCase("1,000", FocusDecimalError.NotANumber)]
    [TestCase("NaN", FocusDecimalError.NotANumber)]
    [TestCase("1.", FocusDecimalError.NotANumber)]
    [TestCase(".5", FocusDecimalError.NotANumber)]
    [TestCase("1.2.3", FocusDecimalError.NotANumber)]
    [TestCase(" 1", FocusDecimalError.NotANumber)]
    [TestCase("1 ", FocusDecimalError.NotANumber)]
    [TestCase("1E", FocusDecimalError.NotANumber)]
    [TestCase("1E-", FocusDecimalError.NotANumber)]
    [TestCase("1E1.5", FocusDecimalError.NotANumber)]
    [TestCase("0x10", FocusDecimalError.NotANumber)]
    [TestCase("1234567:", FocusDecimalError.NotANumber)]
    [TestCase("0.1234567:", FocusDecimalError.NotANumber)]
    [TestCase("\u0661", FocusDecimalError.NotANumber)]
    [TestCase("0.0000000000000000001", FocusDecimalError.TooManyFractionDigits)]
    [TestCase("1E-19", FocusDecimalError.TooManyFractionDigits)]
    [TestCase("1.00000000000000000000000000000000000000000000001", FocusDecimalError.TooManyFractionDigits)]
    [TestCase("9223372036.8547758075", FocusDecimalError.OutOfRange)]
    [TestCase("-9223372036.8547758086", FocusDecimalError.OutOfRange)]
    [TestCase("100000000000000000000000000000000000000000000000", FocusDecimalError.OutOfRange)]
    [TestCase("1E9999", FocusDecimalError.OutOfRange)]
    [TestCase("1234567890123456789012.123456789012345678", FocusDecimalError.OutOfRange)]
    [TestCase("1234567890123456789012.1234567890123456789", FocusDecimalError.TooManyFractionDigits)]
    public void TryParse_TextThatCannotBeHeld_IsRefusedByName(string text, FocusDecimalError expected)
    {
        var error = FocusDecimal.TryParse(Encoding.UTF8.GetBytes(text), out var nanos, out var residue);

        Assert.That((error, nanos, residue), Is.EqualTo((expected, 0L, 0L)));
    }

    [Test]
    public void TryParse_RandomTexts_EqualsThePathOf128Bits()
    {
        var histogram = new Histogram();
        Properties.Hold(DecimalTexts.Any, Counts.Of(150_000), text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var slow = Slow(utf8);
            var error = FocusDecimal.TryParse(utf8, out var nanos, out var residue);
            histogram.Count(
                ("refused", slow.Error != FocusDecimalError.None),
                ("exponent", slow.Error == FocusDecimalError.None && text.Contains('E', StringComparison.OrdinalIgnoreCase)),
                ("tie", Math.Abs(slow.Residue) == FocusDecimal.AttosPerNano / 2),
                ("negative", slow.Nanos < 0),
                ("plain", slow.Error == FocusDecimalError.None && text.Length <= 28 && text.AsSpan().IndexOfAny('E', 'e') < 0),
                ("beyond 18 digits", slow.Error == FocusDecimalError.None && text.Count(char.IsAsciiDigit) > 18));
            return (error, nanos, residue) == slow ? null : $"'{text}': {(error, nanos, residue)}, by 128 bits {slow}";
        });
        histogram.AssertEachAtLeast(percent: 5, leastCases: Counts.Of(150_000));
    }

    [Test]
    public void TryParse_ManyTexts_EqualsTheDecimalModuleOfPython()
    {
        var texts = FsCheck.Fluent.Gen.Sample(DecimalTexts.Any, 50, new FsCheck.Rnd((ulong)Counts.Seed()), Counts.Of(6_000))
            .Where(text => !text.Contains('\0', StringComparison.Ordinal)).ToArray();
        var expected = Python(texts);

        Assert.That(expected, Has.Length.EqualTo(texts.Length));
        var actual = texts.Select(text =>
        {
            var error = FocusDecimal.TryParse(Encoding.UTF8.GetBytes(text), out var nanos, out var residue);
            return $"{text}|{error}|{nanos}|{residue}";
        });
        Assert.That(actual, Is.EqualTo(expected));
    }

    [TestCase("0.0000000000000000005", "0", true)]
    [TestCase("0.0000000000000000015", "0.000000000000000002", true)]
    [TestCase("-0.0000000000000000025", "-0.000000000000000002", true)]
    [TestCase("-2.500000000000000001E-18", "-0.000000000000000003", true)]
    [TestCase("1e-300", "0", true)]
    [TestCase("1e-99999999999", "0", true)]
    [TestCase("1.5007635628272106E-4", "0.000150076356282721", true)]
    [TestCase("0.00000701893121004105", "0.000007018931210041", true)]
    [TestCase("123456789.123456789123456789123", "123456789.123456789123456789", true)]
    [TestCase("123456789.123456789123456789000", "123456789.123456789123456789", false)]
    [TestCase("9223372036854775807", "9223372036854775807", false)]
    [TestCase("-9223372036854775807.0000000000000000004", "-9223372036854775807", true)]
    public void TryParseCost_OfAnyLength_RoundsHalfEvenTo18Digits(string text, string rounded, bool wasRounded)
    {
        var error = FocusDecimal.TryParseCost(Encoding.UTF8.GetBytes(text), out var nanos, out var residue, out var isRounded);

        Assert.That((error, ExactAmount.Of(nanos, residue).ToString(), isRounded), Is.EqualTo((FocusDecimalError.None, rounded, wasRounded)));
    }

    [TestCase("9223372036854775807.000000000000000001")]
    [TestCase("-9223372036854775808")]
    [TestCase("1e19")]
    [TestCase("1E+99999999999")]
    public void TryParseCost_BeyondTheBooks_IsOutOfRange(string text) => Assert.That(
        (FocusDecimal.TryParseCost(Encoding.UTF8.GetBytes(text), out var nanos, out var residue, out var isRounded), nanos, residue, isRounded),
        Is.EqualTo((FocusDecimalError.OutOfRange, (Int128)0, 0, false)));

    [Test]
    public void TryParseCost_ManyTexts_EqualsTheDecimalModuleOfPython()
    {
        const string script = """
            import decimal, re, sys
            decimal.getcontext().prec = 20000
            form = re.compile(r'(-?[0-9]+(?:\.[0-9]+)?)(?:[Ee]([-+]?[0-9]+))?')
            atto = decimal.Decimal(1).scaleb(-18)
            for line in sys.stdin.buffer.read().decode('utf-8').split('\n')[:-1]:
                match = form.fullmatch(line)
                if not match:
                    print(line + '|NotANumber'); continue
                value = decimal.Decimal(match[1]).scaleb(max(-5000, min(5000, int(match[2] or 0))))
                rounded = value.quantize(atto, rounding=decimal.ROUND_HALF_EVEN)
                if abs(rounded) >= 2 ** 63:
                    print(line + '|OutOfRange')
                else:
                    print('%s|%d|%s' % (line, rounded.scaleb(18), value != rounded))
            """;
        var texts = FsCheck.Fluent.Gen.Sample(DecimalTexts.Any, 6_000, 50)
            .Where(text => !text.Contains('\0', StringComparison.Ordinal)).ToArray();
        var expected = PythonTool.RunAsync(script, string.Join('\n', texts) + "\n").GetAwaiter().GetResult()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var actual = texts.Select(text => FocusDecimal.TryParseCost(Encoding.UTF8.GetBytes(text), out var nanos, out var residue, out var wasRounded)
            is var error && error != FocusDecimalError.None ? $"{text}|{error}"
            : $"{text}|{(nanos * FocusDecimal.AttosPerNano) + residue}|{wasRounded}");
        Assert.That(actual, Is.EqualTo(expected));
        Assert.That(expected.Count(e => e.EndsWith("|True", StringComparison.Ordinal)), Is.AtLeast(300), "texts that are rounded");
    }

    [Test]
    public void TryParse_TextOfADecimal_GivesTheDecimalBack()
    {
        Properties.Hold(DecimalTexts.WellFormed, Counts.Of(10_000), text =>
        {
            if (FocusDecimal.TryParseAttos(Encoding.UTF8.GetBytes(text), out var attos) != FocusDecimalError.None)
            {
                return null;
            }

            var written = DecimalText.OfAttos(attos);
            var error = FocusDecimal.TryParseAttos(Encoding.UTF8.GetBytes(written), out var again);
            return error == FocusDecimalError.None && again == attos ? null : $"{text} -> {written} -> {again} ({error})";
        });
    }

    private static (FocusDecimalError Error, long Nanos, long Residue) Slow(byte[] utf8)
    {
        var error = FocusDecimal.TryParseAttos(utf8, out var attos);
        if (error != FocusDecimalError.None)
        {
            return (error, 0, 0);
        }

        error = FocusDecimal.TryRound(attos, out var nanos, out var residue);
        return (error, nanos, residue);
    }

    private static string[] Python(IReadOnlyCollection<string> texts)
    {
        const string script = """
            import decimal, re, sys
            decimal.getcontext().prec = 20000
            decimal.getcontext().Emax = 99999
            decimal.getcontext().Emin = -99999
            form = re.compile(r'(-?[0-9]+(?:\.[0-9]+)?)(?:[Ee]([-+]?[0-9]+))?')
            nano = decimal.Decimal(1).scaleb(-9)
            atto = decimal.Decimal(1).scaleb(-18)
            for line in sys.stdin.buffer.read().decode('utf-8').split('\n')[:-1]:
                match = form.fullmatch(line)
                if not match:
                    print(line + '|NotANumber|0|0'); continue
                value = decimal.Decimal(match[1]).scaleb(max(-5000, min(5000, int(match[2] or 0))))
                rounded = value.quantize(nano, rounding=decimal.ROUND_HALF_EVEN)
                if value != value.quantize(atto, rounding=decimal.ROUND_DOWN):
                    print(line + '|TooManyFractionDigits|0|0')
                elif not -2 ** 63 <= rounded.scaleb(9) < 2 ** 63:
                    print(line + '|OutOfRange|0|0')
                else:
                    print('%s|None|%d|%d' % (line, rounded.scaleb(9), (value - rounded).scaleb(18)))
            """;
        var output = PythonTool.RunAsync(script, string.Join('\n', texts) + "\n").GetAwaiter().GetResult();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
