using System.Numerics;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Explain;
using CiCost.Accounting.Reconciliation;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Evidence;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using FsCheck;
using FsCheck.Fluent;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Booking;

/// <summary>Amounts from a nano to 9.2e18 units, in bills whose currency makes them: rupiah, dong, rial.</summary>
public sealed class WideAmountTests
{
    private static readonly BillingMonth March = new(2026, 3);

    /// <summary>Counts of 1e-12 of a unit, so that rounding to nanos has something to do.</summary>
    private static Gen<BigInteger> Picos(int most) =>
        from digits in Gen.Choose(0, most)
        from head in Gen.Choose(1, 8)
        from rest in Gen.Choose(0, int.MaxValue)
        from sign in Gen.Elements(-1, 1, 1)
        select sign * ((head * BigInteger.Pow(10, digits)) + (rest % BigInteger.Pow(10, Math.Max(digits, 1))));

    private static Gen<BillRow> Row(int most) =>
        from billed in Gen.Frequency((6, Picos(most)), (most < 30 ? 0 : 1,
            Gen.Elements(long.MaxValue * BigInteger.Pow(10, 12), -long.MaxValue * BigInteger.Pow(10, 12))))
        from effective in Gen.Frequency((1, Gen.Constant(billed)), (1, Picos(most)))
        from day in Gen.Choose(1, 2)
        from isDisk in Gen.Elements(true, false)
        from isCredit in Gen.Elements(true, false, false)
        select new BillRow(billed, effective, day, isDisk, isCredit);

    [Test]
    public void Books_OfAnyMagnitudes_SayWhatWholeNumbersOfAnySizeSay()
    {
        var histogram = new Histogram();
        var bill = Gen.Elements(18, 22, 30).SelectMany(most => Row(most).ListOf(6));
        Properties.Hold(Gen.Two(bill), 40, bills =>
        {
            histogram.Count(
                ("line beyond 64 bits", bills.Item1.Any(r => BigInteger.Abs(r.Billed) > (BigInteger)long.MaxValue * 1000)),
                ("ordinary lines only", bills.Item1.TrueForAll(r => BigInteger.Abs(r.Billed) <= (BigInteger)long.MaxValue * 1000)),
                ("both sizes", bills.Item1.Select(r => BigInteger.Abs(r.Billed) > (BigInteger)long.MaxValue * 1000).Distinct().Count() == 2));
            return ViolationAsync(bills.Item1, bills.Item2).GetAwaiter().GetResult();
        });
        histogram.AssertEachAtLeast(1, 40);
    }

    private static async Task<string?> ViolationAsync(List<BillRow> first,
        List<BillRow> second)
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", first.Select(LineOf));
        if (Differences(books, 1, first) is { } wrong)
        {
            return wrong;
        }

        var kept = new LineReader(books.Books).Lines(1, Sets(books), 0, 99_999)
            .Select(l => (l.RowNumber, l.BilledNanos, l.EffectiveNanos)).ToList();
        var redelivered = await books.DeliverAsync("bill", "2026-03", second.Select(LineOf));
        if (redelivered.IsUnchanged)
        {
            return null;
        }

        var changed = new DeliveryDifferences(books.Books).Of(2);
        var sum = changed.Aggregate(BigInteger.Zero, (all, c) => all + c.BilledNanos);
        var expected = Nanos(second.Select(r => r.Billed)) - Nanos(first.Select(r => r.Billed));
        var reread = new RereadLines(books.Books, books.Policies, LineFormats.All(), new BookDeliveryOptions()).Lines(1, CancellationToken.None)
            .Select(l => (l.RowNumber, l.BilledNanos, l.EffectiveNanos)).ToList();
        return sum != expected ? $"the second delivery changed {sum}, not {expected}"
            : !reread.SequenceEqual(kept) ? "the first delivery is read again as other lines"
            : books.Scalar("SELECT COUNT(*) FROM cost_line_high WHERE line_id < 2 << 32") != "0" ? "high parts outlive their lines"
            : Differences(books, 2, second);
    }

    private static string? Differences(BookFixture books, int delivery, List<BillRow> rows)
    {
        var lines = new LineReader(books.Books).Lines(delivery, Sets(books), 0, 99_999).Where(l => !l.IsRounding).ToList();
        var payable = books.Ask(CostMetric.Payable, "2026-03", TimeAxis.Charge, "ServiceName");
        var effective = books.Ask(CostMetric.Effective, "2026-03");
        var disks = Nanos(rows.Where(r => r.IsDisk).Select(r => r.Billed));
        var failing = books.FailingChecks();
        return !lines.Select(l => (BigInteger)l.BilledNanos).SequenceEqual(rows.Select(r => Nanos([r.Billed]))) ? "lines"
            : (BigInteger)payable.Proofs.Single().TotalNanos != Nanos(rows.Select(r => r.Billed)) ? "payable"
            : payable.Rows.Aggregate(BigInteger.Zero, (all, r) => all + r.Nanos) != Nanos(rows.Select(r => r.Billed)) ? "rows"
            : BigInteger.Abs(payable.Rows.Where(r => r.Keys.Contains("Disks")).Aggregate(BigInteger.Zero, (all, r) => all + r.Nanos) - disks) > 6 ? "disks"
            : (BigInteger)effective.Proofs.Single().TotalNanos != Nanos(rows.Select(r => r.Effective)) ? "effective"
            : failing.Any(f => f != "UnclassifiedCredits" && f != "GrantsAreKnown") ? string.Join(", ", failing)
            : null;
    }

    [Test]
    public async Task BillInRupiah_IsBookedAnsweredExplainedTiedAndChecked()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03",
            ALine().In("IDR").Costing("15250000000000.25"), ALine().In("IDR").On("2026-03-02").For("Disks").Costing("9223372036"),
            ALine().In("IDR").On("2026-03-02").For("Disks").Costing("9223372036.5"), ALine().In("IDR").Costing("-250000000000"));
        books.Time.Advance(TimeSpan.FromSeconds(1));
        await new EvidenceStore(books.Books).RecordAsync("invoices", March, "*", "1", [],
        [
            new ControlFigure
            {
                PayerAccount = "acct-1",
                BillingMonth = March,
                Currency = "IDR",
                Measure = ControlMeasure.Payable,
                Breakdown = ControlBreakdown.Invoice,
                Item = "INV-1",
                AmountNanos = Of("15018446744072.75"),
            },
        ], CancellationToken.None);
        books.Time.Advance(TimeSpan.FromSeconds(1));
        var cube = books.Ask(CostMetric.Payable, "2026-03").Proofs.Single();
        var row = new ExplainRow(books.Books, books.Policies, LineFormats.All(),
            new RereadLines(books.Books, books.Policies, LineFormats.All(), new BookDeliveryOptions()), new BookDeliveryOptions())
            .Run(1, 1, null, CancellationToken.None);
        var tie = new ReconcileMonth(books.Books, books.Costs).Run(March, null).TieOuts
            .Single(t => t.Measure == ControlMeasure.Payable && t.ControlNanos is not null);
        Assert.Multiple(() =>
        {
            Assert.That((cube.Currency, cube.TotalNanos), Is.EqualTo(("IDR", Of("15018446744072.75"))));
            Assert.That(row.Line!.BilledNanos, Is.EqualTo(Of("15250000000000.25")));
            Assert.That((tie.LedgerNanos, tie.DifferenceNanos), Is.EqualTo((Of("15018446744072.75"), (Int128?)0)));
            Assert.That(books.Scalar("SELECT amount FROM v_control_figure"), Is.EqualTo("15018446744072.750000000"));
            Assert.That(books.Scalar("SELECT BilledCost FROM v_cost_line WHERE row_number = 1"), Is.EqualTo("15250000000000.250000000"));
            Assert.That(books.Scalar("SELECT BilledCost FROM v_rollup WHERE ServiceName = 'Disks'"), Is.EqualTo("18446744072.500000000"));
            Assert.That(books.Scalar("SELECT exact FROM delivery_total WHERE cost_column = 'BilledCost' AND are_credits = 0"), Is.EqualTo("15018446744072.75"));
            Assert.That(books.Scalar("SELECT COUNT(*) FROM cost_line_high"), Is.EqualTo("2"), "only what is beyond 64 bits has a high part");
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task HighPart_ThatIsChanged_IsFoundByTheChecks()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().In("IDR").Costing("15250000000000"));
        foreach (var table in new[] { "cost_line_high", "rollup_high", "rollup_month_high", "delivery_day_total" })
        {
            books.Execute($"UPDATE {table} SET billed_high = billed_high + 1");
            Assert.That(books.FailingChecks(), Is.Not.Empty, table);
            books.Execute($"UPDATE {table} SET billed_high = billed_high - 1");
        }

        Assert.That(books.FailingChecks(), Is.Empty);
    }

    [Test]
    public async Task Quantity_BeyondWhatALineHolds_IsLeftOut_AndSumsBeyond64BitsAreHeld()
    {
        using var books = await BookFixture.OpenAsync();
        var text = BillLine.File([ALine(), ALine(), ALine(), ALine()]);
        var at = text.IndexOf(",1,Hours", StringComparison.Ordinal);
        text = text[..at] + ",1E+25,Hours" + text[(at + 8)..];
        text = text.Replace(",1,Hours", ",9223372036854775807.999999999,Hours", StringComparison.Ordinal);
        var result = await books.DeliverAsync(new BookDeliveryRequest { SourceKey = "bill", Kind = "focus-csv", BillingMonth = March }, text);
        Assert.Multiple(() =>
        {
            Assert.That(result.Tolerances.Select(t => (t.Name, t.Count, t.Example)), Is.EqualTo(new[] { ("large-quantities", 1L, "1E+25") }));
            Assert.That(books.Scalar("SELECT COUNT(*) FROM cost_line WHERE consumed_units IS NULL"), Is.EqualTo("1"));
            Assert.That(books.Scalar("SELECT h.consumed_high || ' ' || r.consumed_units || ' ' || r.consumed_nanos FROM rollup r JOIN rollup_high h "
                + "USING (scope_id, charge_day, dimension_set_id, billing_month, from_delivery)"), Is.EqualTo("27 670116110564327423 999999997"));
        });
    }

    private static BillLine LineOf(BillRow row) =>
        (row.IsCredit ? ACredit("gift") : ALine()).In("IDR").On($"2026-03-0{row.Day}").For(row.IsDisk ? "Disks" : "Machines")
            .Costing(Text(row.Billed)).Effective(Text(row.Effective));

    private static HashSet<long> Sets(BookFixture books) => [.. new DimensionReader(books.Books).All().Select(s => s.Id)];

    /// <summary>The sum of counts of 1e-12 rounded half-even to nanos.</summary>
    private static BigInteger Nanos(IEnumerable<BigInteger> picos)
    {
        var sum = picos.Aggregate(BigInteger.Zero, (all, p) => all + p);
        var quotient = BigInteger.DivRem(BigInteger.Abs(sum), 1000, out var rest);
        quotient += rest > 500 || (rest == 500 && !quotient.IsEven) ? 1 : 0;
        return sum.Sign < 0 ? -quotient : quotient;
    }

    private static string Text(BigInteger picos)
    {
        var digits = BigInteger.Abs(picos).ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(13, '0');
        return (picos.Sign < 0 ? "-" : "") + digits[..^12] + "." + digits[^12..];
    }

    private static Int128 Of(string text) => ExactAmount.TryParse(text, out var amount) ? amount.FloorNanos : throw new FormatException(text);

    /// <summary>A row: costs in 1e-12, so that rounding to nanos has something to do.</summary>
    private sealed record BillRow(BigInteger Billed, BigInteger Effective, int Day, bool IsDisk, bool IsCredit);
}
