using System.Numerics;
using CiCost.CostIngest.Formats.Csv;
using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.Native;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;

namespace CiCost.CostIngest.Formats.AwsCur;

/// <summary>
/// The commitments that a delivery names and the fees that it books for them, so that a refund can undo what its fee booked wherever
/// the fee stands. Costs one more pass over the files, and is made only for a delivery with such a refund.
/// </summary>
internal sealed class CommitmentFees
{
    private readonly Dictionary<string, Fees> _byArn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _arnOf = new(StringComparer.OrdinalIgnoreCase);

    private CommitmentFees()
    {
    }

    /// <summary>Reads the files of the delivery.</summary>
    public static CommitmentFees Scan(NativeMapping mapping, NativeReadContext context)
    {
        var fees = new CommitmentFees();
        foreach (var content in context.Request.Objects)
        {
            using var stream = content.Open();
            var csv = new CsvTokenizer(stream, context.Request.Limits.MaxRecordBytes);
            try
            {
                csv.Read();
                var names = FocusHeader.ReadNames(csv, content.Name, context.Request.Limits.MaxColumns);
                var layout = NativeLayout.Of(names, content.Name, mapping, DimensionOptions.None);
                fees.ScanRows(csv, new FeeColumns(layout), context.Cancellation);
            }
            catch (CsvFaultException)
            {
                // The pass that books the rows comes here too, and refuses the delivery with the row's number.
            }
        }

        return fees;
    }

    /// <summary>The ARN that an id stands for in this delivery: an ARN itself, its last part, or what a fee's description calls it; null
    /// when no row names it, or two commitments have it.</summary>
    public string? ArnOf(string id) => _byArn.ContainsKey(id) ? id : _arnOf.GetValueOrDefault(id);

    /// <summary>Has the delivery an upfront fee of the commitment?</summary>
    public bool HasUpfront(string arn) => _byArn.TryGetValue(arn, out var fees) && fees.HasUpfront;

    /// <summary>
    /// What of an amount of the commitment's recurring fees these were booked as EffectiveCost: the part that nothing used. Null when
    /// the delivery has no recurring fee of it.
    /// </summary>
    public Int128? UnusedPart(string arn, Int128 attos)
    {
        if (!_byArn.TryGetValue(arn, out var fees) || fees.Recurring <= 0)
        {
            return null;
        }

        var (quotient, remainder) = BigInteger.DivRem((BigInteger)attos * fees.Unused, fees.Recurring);
        var twice = BigInteger.Abs(remainder) * 2;
        var isUp = twice > fees.Recurring || (twice == fees.Recurring && !quotient.IsEven);
        return (Int128)(isUp ? quotient + remainder.Sign : quotient);
    }

    private void ScanRows(CsvTokenizer csv, FeeColumns columns, CancellationToken cancellation)
    {
        var seen = new HashSet<Hash128>();
        var record = new CsvRecord(csv);
        for (var row = 0L; csv.Read(); row++)
        {
            if (row % 8192 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (csv.FieldCount != columns.Count || columns.Arn(record) is not { } column)
            {
                continue;
            }

            var type = FeeColumns.Text(record, columns.Type);
            var isFee = type is "Fee" or "SavingsPlanUpfrontFee" or "RIFee" or "SavingsPlanRecurringFee";
            if (!isFee && !seen.Add(Hash128.Seed.Append(record.Raw(column))))
            {
                continue;
            }

            var arn = FeeColumns.Text(record, [column]);
            var fees = FeesOf(arn);
            if (!isFee)
            {
                continue;
            }

            foreach (var id in RefundText.IdsOf(FeeColumns.Text(record, columns.Description)))
            {
                Name(id, arn);
            }

            if (type is "Fee" or "SavingsPlanUpfrontFee")
            {
                fees.HasUpfront |= columns.Cost(record) != 0;
            }
            else
            {
                fees.Recurring += (BigInteger)columns.Cost(record);
                fees.Unused += (BigInteger)columns.Unused(record, type == "RIFee");
            }
        }
    }

    private Fees FeesOf(string arn)
    {
        if (!_byArn.TryGetValue(arn, out var fees))
        {
            _byArn.Add(arn, fees = new Fees());
            Name(arn[(arn.LastIndexOfAny(['/', ':']) + 1)..], arn);
        }

        return fees;
    }

    private void Name(string id, string arn) => _arnOf[id] = !_arnOf.TryGetValue(id, out var known) || known == arn ? arn : null;

    private sealed class Fees
    {
        public bool HasUpfront { get; set; }

        public BigInteger Recurring { get; set; }

        public BigInteger Unused { get; set; }
    }

    private sealed class FeeColumns(NativeLayout layout)
    {
        private readonly int[] _plan = layout.Find("savingsPlanArn");
        private readonly int[] _reservation = layout.Find("reservationArn");
        private readonly int[] _net = layout.Find("netUnblended");
        private readonly int[] _gross = layout.Find("unblended");
        private readonly int[] _upfront = layout.Find("unusedUpfront");
        private readonly int[] _recurring = layout.Find("unusedRecurring");
        private readonly int[] _total = layout.Find("totalCommitment");
        private readonly int[] _used = layout.Find("usedCommitment");

        public int Count { get; } = layout.Names.Count;

        public int[] Type { get; } = layout.Find("type");

        public int[] Description { get; } = layout.Find("description");

        public int? Arn(CsvRecord record) => Filled(record, _plan) ?? Filled(record, _reservation);

        public static string Text(CsvRecord record, int[] columns) =>
            Filled(record, columns) is { } column && CsvText.TryDecode(record.Value(column), out var text) ? text : "";

        public Int128 Cost(CsvRecord record) => Attos(record, Filled(record, _net) is null ? _gross : _net);

        public Int128 Unused(CsvRecord record, bool isReservation) => isReservation
            ? Attos(record, _upfront) + Attos(record, _recurring)
            : Attos(record, _total) - Attos(record, _used);

        /// <summary>0 where it is no number: the row is refused when it is booked.</summary>
        private static Int128 Attos(CsvRecord record, int[] columns) => Filled(record, columns) is { } column
            && FocusDecimal.TryParseAttos(record.Value(column), out var attos) == FocusDecimalError.None
            && FocusDecimal.TryRound(attos, out _, out _) == FocusDecimalError.None ? attos : 0;

        private static int? Filled(CsvRecord record, int[] columns)
        {
            foreach (var column in columns)
            {
                if (!record.Value(column).IsEmpty)
                {
                    return column;
                }
            }

            return null;
        }
    }
}
