using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Explain;
using CiCost.Accounting.Policies;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Evidence;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Reconciliation;

/// <summary>A bill becomes invoiced when it ties to its invoice, from that book version on, and stops being so when it no longer ties.</summary>
public sealed class InvoicedCostsTests
{
    private static readonly BillingMonth March = new(2026, 3);

    [Test]
    public async Task Bill_ThatTiesToItsInvoice_IsInvoiced_AndWasBilledBefore()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90.0000000004"), ALine().From("acct-2").Costing("7"));
        var before = books.Time.GetUtcNow();
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000);
        Assert.Multiple(() =>
        {
            Assert.That(Basis(books), Is.EqualTo("Invoiced 90, Billed 7"), "the residue of the rounding belongs to the larger account");
            Assert.That(Basis(books, asOf: before), Is.EqualTo("Billed 97"));
            Assert.That(books.FailingChecks(), Is.Empty);
        });
    }

    [Test]
    public async Task Bill_ThatIsRestatedAwayFromItsInvoice_IsBilledAgain_AndTheCheckFails()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"));
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000);
        var tied = books.Time.GetUtcNow();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("120"));
        Assert.Multiple(() =>
        {
            Assert.That(Basis(books), Is.EqualTo("Billed 120"));
            Assert.That(Basis(books, asOf: tied), Is.EqualTo("Invoiced 90"), "closed views do not move");
            Assert.That(books.FailingChecks(), Is.EqualTo(new[] { "BooksTieOut" }));
        });
        await InvoiceAsync(books, "2", "acct-1", 120_000_000_000);
        Assert.That(Basis(books), Is.EqualTo("Invoiced 120"));
    }

    [Test]
    public async Task Lines_OfAnotherChargeMonth_AreInvoicedWithTheirBillingPeriod()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"),
            ALine().On("2026-02-27").Costing("3") with { BillingStart = new DateOnly(2026, 3, 1) });
        await books.DeliverAsync("bill", "2026-02", ALine().On("2026-02-01").Costing("50"));
        await InvoiceAsync(books, "1", "acct-1", 93_000_000_000);
        Assert.That(Basis(books, "2026-02"), Is.EqualTo("Invoiced 3, Billed 50"));
    }

    [Test]
    public async Task Answer_ByAnyAxisAndGrain_HasTheSameBasis()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"), ALine().On("2026-03-30").For("Buckets").Costing("10"));
        await InvoiceAsync(books, "1", "acct-1", 100_000_000_000);
        Assert.Multiple(() =>
        {
            foreach (var axis in Enum.GetValues<TimeAxis>())
            {
                Assert.That(Basis(books, "2026-03", axis), Is.EqualTo("Invoiced 100"), axis.ToString());
            }

            Assert.That(Basis(books, groupBy: "day"), Is.EqualTo("Invoiced 100"), "by day");
            Assert.That(Ask(books, March, TimeAxis.Charge, null, "basis").Rows.Select(r => r.Keys[0]), Is.EqualTo(new[] { "invoiced" }));
        });
    }

    [Test]
    public async Task Row_IsExplainedWithTheBasisOfItsFigure()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"), ALine().From("acct-2").Costing("7"));
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000);
        var explain = Explain(books);
        Assert.Multiple(() =>
        {
            Assert.That(explain.Run(1, 1, null, CancellationToken.None).Basis, Is.EqualTo(CostBasis.Invoiced));
            Assert.That(explain.Run(1, 2, null, CancellationToken.None).Basis, Is.EqualTo(CostBasis.Billed));
        });
    }

    [Test]
    public async Task Evidence_WithFigures_MakesABookVersion_OnceAndOnlyThen()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"));
        var versions = new BookVersionDirectory(books.Books);
        var counts = new List<int> { versions.List().Count };
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000);
        counts.Add(versions.List().Count);
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000);
        counts.Add(versions.List().Count);
        await new EvidenceStore(books.Books).RecordAsync("prices", March, "*", "1", [], [], CancellationToken.None);
        counts.Add(versions.List().Count);
        Assert.That(counts.Select(c => c - counts[0]), Is.EqualTo(new[] { 0, 1, 1, 1 }));
    }

    [Test]
    public async Task Invoice_ThatIsTakenAway_MakesABookVersion_AndTheBillIsBilledFromThenOn()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"));
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000);
        var tied = books.Time.GetUtcNow();
        var versions = new BookVersionDirectory(books.Books);
        var count = versions.List().Count;
        Assert.That(Basis(books), Is.EqualTo("Invoiced 90"), "the answer of this version is kept from here on");
        books.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var again in new[] { "2", "3" })
        {
            await new EvidenceStore(books.Books).RecordAsync("invoices", March, "*", again, [], [], CancellationToken.None);
        }

        Assert.Multiple(() =>
        {
            Assert.That(versions.List(), Has.Count.EqualTo(count + 1), "what is empty already changes nothing");
            Assert.That(Basis(books), Is.EqualTo("Billed 90"));
            Assert.That(Basis(books, asOf: tied), Is.EqualTo("Invoiced 90"), "so it was known then");
            Assert.That(new EvidenceStore(books.Books).Figures(March, versions.AsOf(tied)), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task RoundingLine_IsExplainedWithTheBasisOfItsFigure()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("0.0000000004"), ALine().Costing("0.0000000004"), ALine().Costing("90"),
            ALine().From("acct-2").Costing("7"));
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000);
        var rounding = uint.Parse(books.Scalar("SELECT MAX(line_id & 4294967295) FROM cost_line"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Multiple(() =>
        {
            Assert.That(Basis(books), Is.EqualTo("Invoiced 90.000000001, Billed 7"));
            Assert.That(Explain(books).Run(1, rounding, null, CancellationToken.None).Basis, Is.EqualTo(CostBasis.Invoiced));
        });
    }

    [Test]
    public async Task Row_OfADeliveryThatWasReplaced_IsOnNoInvoice()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("80"));
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"));
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000);
        Assert.Multiple(() =>
        {
            Assert.That(Explain(books).Run(1, 1, null, CancellationToken.None).Basis, Is.EqualTo(CostBasis.Billed));
            Assert.That(Explain(books).Run(2, 1, null, CancellationToken.None).Basis, Is.EqualTo(CostBasis.Invoiced));
        });
    }

    [Test]
    public async Task Invoice_ThatTwoSourcesState_IsAskedForOnce_AndNotAtAllWhenTheyDisagree()
    {
        using var books = await BookFixture.OpenAsync();
        await books.DeliverAsync("bill", "2026-03", ALine().Costing("90"));
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000);
        await InvoiceAsync(books, "1", "acct-1", 90_000_000_000, "portal");
        Assert.That(Invoices(books), Is.EqualTo(new[] { "bill 90 of 90" }));
        await InvoiceAsync(books, "2", "acct-1", 60_000_000_000, "portal");
        Assert.That(Invoices(books), Is.Empty);
    }

    private static IEnumerable<string> Invoices(BookFixture books) =>
        books.Costs.Invoiced.InvoicesOf(new BookVersionDirectory(books.Books).AsOf(null), March).Select(i => i.Key.Source + " "
            + Domain.Money.DecimalText.OfNanos(i.Value.InvoiceNanos) + " of " + Domain.Money.DecimalText.OfNanos(i.Value.PayableNanos));

    private static ExplainRow Explain(BookFixture books)
    {
        var policies = new PolicyShelf(books.Books);
        var options = new BookDeliveryOptions();
        return new ExplainRow(books.Books, policies, LineFormats.All(), new RereadLines(books.Books, policies, LineFormats.All(), options), options);
    }

    private static async Task InvoiceAsync(BookFixture books, string version, string account, long nanos, string source = "invoices")
    {
        books.Time.Advance(TimeSpan.FromSeconds(1));
        await new EvidenceStore(books.Books).RecordAsync(source, March, "*", version, [],
        [
            new ControlFigure
            {
                PayerAccount = account,
                BillingMonth = March,
                Currency = "USD",
                Measure = ControlMeasure.Payable,
                Breakdown = ControlBreakdown.Invoice,
                Item = "INV-1",
                AmountNanos = nanos,
            },
        ], CancellationToken.None);
        books.Time.Advance(TimeSpan.FromSeconds(1));
    }

    private static CostAnswer Ask(BookFixture books, BillingMonth month, TimeAxis axis, DateTimeOffset? asOf, params string[] groupBy) =>
        books.Costs.Run(new CostQuery { From = month, To = month, Axis = axis, AsOf = asOf, Where = [], GroupBy = [.. groupBy] });

    private static string Basis(BookFixture books, string month = "2026-03", TimeAxis axis = TimeAxis.Charge, DateTimeOffset? asOf = null,
        string? groupBy = null) => string.Join(", ", Ask(books, BillingMonth.Parse(month), axis, asOf, groupBy is null ? [] : [groupBy])
            .Proofs.Single().BasisNanos.Select(b => $"{b.Key} {Domain.Money.DecimalText.OfNanos(b.Value)}"));
}
