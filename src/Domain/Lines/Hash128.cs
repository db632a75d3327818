using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CiCost.Domain.Lines;

/// <summary>
/// A fast 128-bit hash with fixed constants, the same on every run and machine, for dictionary look-ups and line digests.
/// It guards against accident, not against an attacker: identity that must hold against both uses SHA-256.
/// Two lanes of 64 x 64 -> 128-bit multiply and fold, each fed with every input word.
/// </summary>
/// <param name="Low">The first lane.</param>
/// <param name="High">The second lane.</param>
public readonly record struct Hash128(ulong Low, ulong High)
{
    private const ulong K0 = 0x9E3779B97F4A7C15, K1 = 0xC2B2AE3D27D4EB4F, K2 = 0xA0761D6478BD642F, K3 = 0xE7037ED1A0B428DB;

    /// <summary>The start value.</summary>
    public static Hash128 Seed { get; } = new(K0, K1);

    /// <summary>Continues a hash over bytes. The length is mixed in, so that ("ab", "c") and ("a", "bc") differ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Hash128 Append(ReadOnlySpan<byte> data)
    {
        var (a, b) = (Low, High);
        var left = data.Length;
        ref var p = ref MemoryMarshal.GetReference(data);
        while (left >= 16)
        {
            Round(Unsafe.ReadUnaligned<ulong>(ref p), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref p, 8)), ref a, ref b);
            p = ref Unsafe.Add(ref p, 16);
            left -= 16;
        }

        ulong x = 0, y = 0;
        if (left >= 8)
        {
            x = Unsafe.ReadUnaligned<ulong>(ref p);
            y = Tail(ref Unsafe.Add(ref p, 8), left - 8);
        }
        else if (left > 0)
        {
            x = Tail(ref p, left);
        }

        Round(x, y ^ ((ulong)data.Length << 56) ^ (ulong)data.Length, ref a, ref b);
        return new(a, b);
    }

    /// <summary>Continues a hash over two 64-bit words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Hash128 Append(long first, long second)
    {
        var (a, b) = (Low, High);
        Round(unchecked((ulong)first), unchecked((ulong)second), ref a, ref b);
        return new(a, b);
    }

    /// <summary>Continues a hash over another one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Hash128 Append(Hash128 other)
    {
        var (a, b) = (Low, High);
        Round(other.Low, other.High, ref a, ref b);
        return new(a, b);
    }

    /// <summary>The hash as a number, for order-independent sums modulo 2^128.</summary>
    public UInt128 ToUInt128() => new(High, Low);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ulong x, ulong y, ref ulong a, ref ulong b)
    {
        unchecked
        {
            var highA = Math.BigMul(x ^ a, y ^ K2, out var lowA);
            var highB = Math.BigMul(y ^ b, x ^ K3, out var lowB);
            var nextA = highA ^ lowA ^ BitOperations.RotateLeft(b, 29);
            b = (highB ^ lowB ^ BitOperations.RotateLeft(a, 41)) + K0;
            a = nextA + K1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Tail(ref byte p, int count)
    {
        // Overlapping reads put the same bytes in the same places, so this is the little-endian number without a loop.
        unchecked
        {
            if (count >= 4)
            {
                ulong last = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref p, count - 4));
                return Unsafe.ReadUnaligned<uint>(ref p) | (last << (8 * (count - 4)));
            }

            if (count == 0)
            {
                return 0;
            }

            var middle = count >> 1;
            return p | ((ulong)Unsafe.Add(ref p, middle) << (8 * middle)) | ((ulong)Unsafe.Add(ref p, count - 1) << (8 * (count - 1)));
        }
    }
}
