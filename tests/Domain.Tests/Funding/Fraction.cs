using System.Numerics;

namespace CiCost.Domain.Tests.Funding;

/// <summary>An exact number for models that know no rounding.</summary>
internal readonly struct Fraction : IEquatable<Fraction>, IComparable<Fraction>
{
    private readonly BigInteger _numerator;
    private readonly BigInteger _denominatorLessOne;

    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (_numerator, _denominatorLessOne) = (numerator / divisor, (denominator / divisor) - 1);
    }

    public bool IsBroken => !_denominatorLessOne.IsZero;

    private BigInteger Denominator => _denominatorLessOne + 1;

    public static implicit operator Fraction(BigInteger n) => new(n, 1);

    public static implicit operator Fraction(Int128 n) => new(n, 1);

    public static implicit operator Fraction(int n) => new(n, 1);

    public static Fraction operator +(Fraction a, Fraction b) =>
        new((a._numerator * b.Denominator) + (b._numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator -(Fraction a, Fraction b) =>
        new((a._numerator * b.Denominator) - (b._numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator -(Fraction a) => new(-a._numerator, a.Denominator);

    public static Fraction operator *(Fraction a, Fraction b) => new(a._numerator * b._numerator, a.Denominator * b.Denominator);

    public static Fraction operator /(Fraction a, Fraction b) => new(a._numerator * b.Denominator, a.Denominator * b._numerator);

    public static bool operator <(Fraction a, Fraction b) => a.CompareTo(b) < 0;

    public static bool operator >(Fraction a, Fraction b) => a.CompareTo(b) > 0;

    public static bool operator <=(Fraction a, Fraction b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Fraction a, Fraction b) => a.CompareTo(b) >= 0;

    public static bool operator ==(Fraction a, Fraction b) => a.Equals(b);

    public static bool operator !=(Fraction a, Fraction b) => !a.Equals(b);

    public static Fraction Min(Fraction a, Fraction b) => a < b ? a : b;

    public static Fraction Max(Fraction a, Fraction b) => a > b ? a : b;

    public static Fraction Sum(IEnumerable<Fraction> all) => all.Aggregate((Fraction)0, (sum, n) => sum + n);

    public bool IsWithin(Int128 nanos, int distance) => this - (Fraction)nanos <= distance && (Fraction)nanos - this <= distance;

    public int CompareTo(Fraction other) => (_numerator * other.Denominator).CompareTo(other._numerator * Denominator);

    public bool Equals(Fraction other) => _numerator == other._numerator && _denominatorLessOne == other._denominatorLessOne;

    public override bool Equals(object? obj) => obj is Fraction other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_numerator, _denominatorLessOne);

    public override string ToString() => Denominator.IsOne ? _numerator.ToString() : $"{_numerator}/{Denominator}";
}
