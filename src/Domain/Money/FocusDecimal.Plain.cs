using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CiCost.Domain.Money;

/// <content>
/// The common case, on the measured path of every bill: at most 9 whole digits, at most 18 digits after the point, no exponent.
/// Whole units, nanos and attos are three 64-bit numbers there, so that nothing of 128 bits is multiplied or divided.
/// Everything else, and every text that is refused, goes to <see cref="TryParseAttos"/>, which gives the same answers.
/// </content>
public static partial class FocusDecimal
{
    private const int MostPlainWholeDigits = 9;

    private static ReadOnlySpan<ulong> PowersOfTen =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    private static bool TryParsePlain(ReadOnlySpan<byte> utf8, out long nanos, out long residueAttos)
    {
        nanos = 0;
        residueAttos = 0;
        ref var p = ref MemoryMarshal.GetReference(utf8);
        var length = utf8.Length;
        var index = 0;
        var negative = length > 0 && p == '-';
        if (negative)
        {
            index = 1;
        }

        unchecked
        {
            var start = index;
            ulong whole = 0;
            uint digit;
            while (index < length && (digit = (uint)(Unsafe.Add(ref p, index) - '0')) <= 9)
            {
                whole = (whole * 10) + digit;
                index++;
            }

            if (index == start || index - start > MostPlainWholeDigits)
            {
                return false;
            }

            ulong attos = 0;
            if (index < length && (Unsafe.Add(ref p, index) != '.' || !TryFraction(ref p, length, index + 1, out attos)))
            {
                return false;
            }

            // At most 999,999,999.999... units: 1e18 nanos and the carry fit in 63 bits.
            var nanosOfFraction = attos / AttosPerNano;
            var rest = (long)(attos - (nanosOfFraction * AttosPerNano));
            var magnitude = (long)((whole * AttosPerNano) + nanosOfFraction);

            // Half-even without a branch, which random digits would mispredict: 1 more for an odd number turns its tie into "above half".
            var up = (AttosPerNano / 2 - (rest + (magnitude & 1))) >>> 63;
            magnitude += up;
            rest -= up * AttosPerNano;
            nanos = negative ? -magnitude : magnitude;
            residueAttos = negative ? -rest : rest;
            return true;
        }
    }

    /// <summary>Reads the 1 to 18 digits from <paramref name="start"/> to the end as a count of 1e-18, eight at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFraction(ref byte p, int length, int start, out ulong attos)
    {
        attos = 0;
        var count = length - start;
        if (count is <= 0 or > MostFractionDigits)
        {
            return false;
        }

        unchecked
        {
            ulong value = 0;
            var end = length - (count & 7);
            for (; start < end; start += 8)
            {
                var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref p, start));
                if (!AreEightDigits(word))
                {
                    return false;
                }

                value = (value * 100_000_000) + EightDigits(word);
            }

            if (end < length)
            {
                var word = LastDigits(ref p, length, count & 7);
                if (!AreEightDigits(word))
                {
                    return false;
                }

                value = (value * PowersOfTen[count & 7]) + EightDigits(word);
            }

            attos = value * PowersOfTen[MostFractionDigits - count];
            return true;
        }
    }

    /// <summary>The last 1 to 7 bytes with the digit 0 before them, eight in all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LastDigits(ref byte p, int length, int count)
    {
        const ulong zeros = 0x3030303030303030;
        if (length >= 8)
        {
            var before = ulong.MaxValue >> (8 * count);
            return (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref p, length - 8)) & ~before) | (zeros & before);
        }

        var word = zeros;
        for (var i = length - count; i < length; i++)
        {
            word = (word >> 8) | ((ulong)Unsafe.Add(ref p, i) << 56);
        }

        return word;
    }

    /// <summary>Are all eight bytes ASCII digits? Each has the high half 3, and keeps it when 6 is added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEightDigits(ulong word) => unchecked(
        (word & 0xF0F0F0F0F0F0F0F0) == 0x3030303030303030
        && ((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) == 0x3030303030303030);

    /// <summary>The value of eight digits, the first in the lowest byte: neighbours are joined to pairs, to fours, to eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightDigits(ulong word)
    {
        unchecked
        {
            word -= 0x3030303030303030;
            word = (word * 10) + (word >> 8);
            const ulong mask = 0x000000FF000000FF;
            const ulong first = 100 + (1_000_000UL << 32);
            const ulong second = 1 + (10_000UL << 32);
            return (((word & mask) * first) + (((word >> 16) & mask) * second)) >> 32;
        }
    }
}
