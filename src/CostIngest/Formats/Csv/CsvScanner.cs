using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CiCost.CostIngest.Formats.Csv;

/// <summary>
/// Finds the ends of fields and records, 64 bytes at a time: one bit mask per kind of byte, and the prefix XOR of the quote mask says
/// which bytes lie inside quotes (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019). The vector path and the
/// portable one make the same masks; all rules stand once, behind them.
/// </summary>
internal static class CsvScanner
{
    private const int BlockBytes = 64;

    /// <summary>Bytes that a buffer must have behind the scanned stretch: the last block is read whole.</summary>
    public const int PaddingBytes = BlockBytes;

    /// <summary>Scans a stretch that begins at a record.</summary>
    /// <param name="buffer">The bytes, with <see cref="PaddingBytes"/> behind <paramref name="end"/>.</param>
    /// <param name="start">The first byte of a record.</param>
    /// <param name="end">One behind the last byte.</param>
    /// <param name="index">Takes what is found.</param>
    /// <param name="vectors">False for the portable path.</param>
    /// <param name="separator">The byte between two fields.</param>
    public static void Scan(ReadOnlySpan<byte> buffer, int start, int end, CsvIndex index, bool vectors, byte separator = (byte)',')
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, buffer.Length - PaddingBytes);
        index.Reset(end - start);
        var state = new State { AfterSeparator = 1 };
        ref var first = ref MemoryMarshal.GetReference(buffer);
        var separators = Vector256.Create(separator);
        for (var position = start; position < end; position += BlockBytes)
        {
            ref var block = ref Unsafe.Add(ref first, position);
            var masks = vectors ? VectorMasks(ref block, separators) : ScalarMasks(ref block, separator);
            var valid = end - position >= BlockBytes ? ulong.MaxValue : (1UL << (end - position)) - 1;
            if (!ScanBlock(ref block, position, in masks, valid, ref state, index))
            {
                return;
            }
        }

        index.EndsInQuotes = state.InQuotes != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ScanBlock(ref byte block, int position, in Masks masks, ulong valid, ref State state, CsvIndex index)
    {
        unchecked
        {
            var quotes = masks.Quotes & valid;
            var separators = (masks.Separators | masks.LineFeeds) & valid;
            ulong fault = masks.Nuls & valid;
            if ((quotes | state.InQuotes | state.AfterClose | state.AfterCloseReturn) != 0)
            {
                var inside = PrefixXor(quotes) ^ state.InQuotes;
                fault |= QuoteFaults(ref block, quotes, inside, separators & ~inside, separators, ref state) & valid;
                state.InQuotes = (ulong)((long)inside >> 63);
                separators &= ~inside;
            }
            else
            {
                state.AfterSeparator = separators >> 63;
            }

            if (fault != 0)
            {
                var at = BitOperations.TrailingZeroCount(fault);
                separators &= (1UL << at) - 1;
                index.FaultPosition = position + at;
                index.Fault = KindOf(Unsafe.Add(ref block, at), quotes, at);
            }

            Emit(separators, masks.LineFeeds & separators, position, index);
            return fault == 0;
        }
    }

    private static CsvFault KindOf(byte value, ulong quotes, int bit)
    {
        var isQuote = ((quotes >> bit) & 1) != 0;
        return isQuote ? CsvFault.StrayQuote : value == 0 ? CsvFault.Nul : CsvFault.TextAfterQuote;
    }

    /// <summary>
    /// An opening quote stands at the start of a field or right behind a closing one (an escaped quote). Behind a closing quote comes a
    /// quote, a separator, or a carriage return before a line feed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong QuoteFaults(ref byte block, ulong quotes, ulong inside, ulong structural, ulong separators, ref State state)
    {
        unchecked
        {
            var open = quotes & inside;
            var close = quotes & ~inside;
            var fieldStart = ((structural | close) << 1) | state.AfterSeparator | state.AfterClose;
            var behindClose = (close << 1) | state.AfterClose;
            var odd = behindClose & ~(separators | quotes);
            state.AfterSeparator = structural >> 63;
            state.AfterClose = close >> 63;
            var fault = open & ~fieldStart;
            return (odd | state.AfterCloseReturn) == 0 ? fault : fault | OddBehindClose(ref block, odd, ref state);
        }
    }

    /// <summary>A carriage return may stand between a closing quote and a line feed, nothing else.</summary>
    private static ulong OddBehindClose(ref byte block, ulong odd, ref State state)
    {
        unchecked
        {
            var returns = ByteMask(ref block, (byte)'\r') & odd;
            var behindReturn = (returns << 1) | state.AfterCloseReturn;
            state.AfterCloseReturn = returns >> 63;
            return (odd & ~returns) | (behindReturn & ~ByteMask(ref block, (byte)'\n'));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Emit(ulong separators, ulong lineFeeds, int position, CsvIndex index)
    {
        unchecked
        {
            var count = index.FieldCount;
            while (lineFeeds != 0)
            {
                var below = BitOperations.PopCount(separators & (lineFeeds ^ (lineFeeds - 1))) - 1;
                index.RecordEnds[index.RecordCount++] = count + below;
                lineFeeds &= lineFeeds - 1;
            }

            index.FieldCount = count + BitOperations.PopCount(separators);
            ref var ends = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(index.FieldEnds), count);
            while (separators != 0)
            {
                // Four at a time without asking whether there are four: what is too much is overwritten next time.
                Unsafe.Add(ref ends, 0) = position + BitOperations.TrailingZeroCount(separators);
                separators &= separators - 1;
                Unsafe.Add(ref ends, 1) = position + BitOperations.TrailingZeroCount(separators);
                separators &= separators - 1;
                Unsafe.Add(ref ends, 2) = position + BitOperations.TrailingZeroCount(separators);
                separators &= separators - 1;
                Unsafe.Add(ref ends, 3) = position + BitOperations.TrailingZeroCount(separators);
                separators &= separators - 1;
                ends = ref Unsafe.Add(ref ends, 4);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128.CreateScalar(ulong.MaxValue), 0).ToScalar();
        }

        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Masks VectorMasks(ref byte block, Vector256<byte> separators)
    {
        var low = Vector256.LoadUnsafe(ref block);
        var high = Vector256.LoadUnsafe(ref block, (nuint)Vector256<byte>.Count);
        var nuls = Vector256.EqualsAny(Vector256.Min(low, high), Vector256<byte>.Zero) ? Bits(low, high, Vector256<byte>.Zero) : 0;
        return new Masks(Bits(low, high, Vector256.Create((byte)'"')), Bits(low, high, separators),
            Bits(low, high, Vector256.Create((byte)'\n')), nuls);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static ulong Bits(Vector256<byte> low, Vector256<byte> high, Vector256<byte> value) =>
            Vector256.Equals(low, value).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(high, value).ExtractMostSignificantBits() << 32);
    }

    private static Masks ScalarMasks(ref byte block, byte separator) =>
        new(ByteMask(ref block, (byte)'"'), ByteMask(ref block, separator), ByteMask(ref block, (byte)'\n'), ByteMask(ref block, 0));

    private static ulong ByteMask(ref byte block, byte value)
    {
        ulong mask = 0;
        for (var i = 0; i < BlockBytes; i++)
        {
            mask |= Unsafe.Add(ref block, i) == value ? 1UL << i : 0;
        }

        return mask;
    }

    private readonly record struct Masks(ulong Quotes, ulong Separators, ulong LineFeeds, ulong Nuls);

    /// <summary>What the block before leaves to the next; the last three are bit 0 of the next block's masks.</summary>
    private struct State
    {
        /// <summary>All ones inside quotes, else 0.</summary>
        public ulong InQuotes;

        public ulong AfterSeparator;
        public ulong AfterClose;
        public ulong AfterCloseReturn;
    }
}
