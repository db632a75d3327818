using System.Collections.Immutable;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;

namespace CiCost.Ledger.Booking;

/// <summary>
/// The lines that make the books' total the exact total rounded once (accounting.md, 8): per currency, one for Credit rows and one for
/// all others, dated on the last day of the billing period. Credits: the exact total of the Credit rows rounded once, minus their lines.
/// Others: the exact total of all rows rounded once, minus all lines, minus the part of the credits.
/// </summary>
public static class RoundingLines
{
    /// <summary>Row numbers from here on are rounding lines; no file has as many rows (<see cref="LineEncoderLimits.MaxRows"/>).</summary>
    public const uint FirstRowNumber = 4_294_900_000;

    /// <summary>What has to be booked.</summary>
    public static IReadOnlyList<RoundingLine> Of(IReadOnlyList<ExactTotals> totals, BillingMonth month)
    {
        List<RoundingLine> lines = [];
        foreach (var currency in totals.GroupBy(t => t.Currency).OrderBy(g => g.Key))
        {
            var parts = currency.ToList();
            var credits = parts.Find(t => t.AreCredits);
            var nanosOfCredits = new long[4];
            var nanosOfCharges = new long[4];
            foreach (var column in Enum.GetValues<CostColumn>())
            {
                var all = Residue(parts, column);
                nanosOfCredits[(int)column] = credits is null ? 0 : Residue([credits], column);
                nanosOfCharges[(int)column] = all - nanosOfCredits[(int)column];
            }

            lines.Add(Line(currency.Key, LineOrigin.RoundingOfCharges, nanosOfCharges, month));
            lines.Add(Line(currency.Key, LineOrigin.RoundingOfCredits, nanosOfCredits, month));
        }

        return lines;
    }

    private static long Residue(List<ExactTotals> parts, CostColumn column)
    {
        Int128 residue = 0, rounded = 0;
        foreach (var part in parts)
        {
            residue += part.ResidueAttos(column);
            rounded += part.RoundedNanos(column);
        }

        return (long)(ExactAmount.Of(rounded, residue).RoundHalfEven() - rounded);
    }

    private static RoundingLine Line(Currency currency, LineOrigin origin, long[] nanos, BillingMonth month)
    {
        var values = new string?[DimensionSet.ColumnCount];
        values[(int)DimensionColumn.BillingCurrency] = currency.Code;
        values[(int)DimensionColumn.ChargeCategory] = origin == LineOrigin.RoundingOfCredits ? "Credit" : "Adjustment";
        values[(int)DimensionColumn.ChargeDescription] = "Rounding residue of the delivery";
        var row = new CostLineRow
        {
            ChargeStartSeconds = (long)ChargeDay.Of(month.LastDay) * ChargeDay.SecondsPerDay,
            ChargeSeconds = ChargeDay.SecondsPerDay,
            BillingMonthIndex = month.Index,
            BilledNanos = nanos[(int)CostColumn.Billed],
            EffectiveNanos = nanos[(int)CostColumn.Effective],
            ListNanos = nanos[(int)CostColumn.List],
            ContractedNanos = nanos[(int)CostColumn.Contracted],
        };
        return new RoundingLine(currency, origin, new DimensionSet(values, ImmutableSortedDictionary<string, string>.Empty, origin), row);
    }
}

/// <summary>One rounding line; booked when any of its four costs is not 0.</summary>
/// <param name="Currency">Its currency.</param>
/// <param name="Origin">Of charges or of credits.</param>
/// <param name="Set">Its dimension set.</param>
/// <param name="Row">Its numbers.</param>
public sealed record RoundingLine(Currency Currency, LineOrigin Origin, DimensionSet Set, CostLineRow Row)
{
    /// <summary>True when there is nothing to book.</summary>
    public bool IsZero => Row is { BilledNanos: 0, EffectiveNanos: 0, ListNanos: 0, ContractedNanos: 0 };

    /// <summary>One of its four costs, in nanos.</summary>
    public long Nanos(CostColumn column) => column switch
    {
        CostColumn.Billed => Row.BilledNanos,
        CostColumn.Effective => Row.EffectiveNanos,
        CostColumn.List => Row.ListNanos,
        _ => Row.ContractedNanos,
    };
}
