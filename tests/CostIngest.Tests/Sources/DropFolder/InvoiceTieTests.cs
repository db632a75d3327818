using System.Globalization;
using CiCost.Accounting.Reconciliation;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.CostIngest.Tests.Formats;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.CostIngest.Tests.Sources.DropFolder;

/// <summary>Bills and their invoices, both from drop folders: the samples of FOCUS 1.4 in three providers' manners.</summary>
public sealed class InvoiceTieTests
{
    private const string May = "2026-05";
    private static readonly string[] Providers = ["aws", "azure", "gcp"];

    private SourceRig _rig = null!;
    private BookFixture _books = null!;

    [SetUp]
    public async Task Begin()
    {
        _rig = new SourceRig();
        _books = await BookFixture.OpenAsync();
    }

    [TearDown]
    public void End()
    {
        _books.Dispose();
        _rig.Dispose();
    }

    [Test]
    public async Task Invoices_OfThreeProviders_TieByAccountIssuerAndMeasure()
    {
        var expected = await PullAllAsync();

        var ties = TieOuts();

        Assert.That(ties.Select(Key), Is.EquivalentTo(expected.Select(e => e.Key)));
        Assert.That(ties, Has.Count.EqualTo(24), "three providers, two accounts each, four measures");
        Assert.Multiple(() =>
        {
            foreach (var tie in ties)
            {
                Assert.That((tie.State, Amount(tie.ControlNanos!.Value)), Is.EqualTo((TieState.Ties, expected[Key(tie)])), Key(tie));

                // The invoices are the bills' sums to a millionth.
                Assert.That(decimal.Round(Amount(tie.LedgerNanos), 6), Is.EqualTo(expected[Key(tie)]), Key(tie));
            }
        });
    }

    [TestCase("1138.926921", "1143.926921", ControlMeasure.ChargesWithoutTax)]
    [TestCase("194.542427", "199.542427", ControlMeasure.Tax)]
    public async Task Invoice_OfOneAmountMore_DiffersByItAndNothingElseDoes(string before, string after, ControlMeasure measure)
    {
        var expected = await PullAllAsync();
        PutInvoice("gcp", Invoice("gcp").Replace(before, after, StringComparison.Ordinal));

        await PullAsync("gcp-invoices");

        var differing = TieOuts().Where(t => t.State != TieState.Ties).ToList();
        Assert.That(differing.Select(t => (t.ControlSource, t.PayerAccount, t.Measure, t.State, decimal.Round(Amount(t.DifferenceNanos!.Value), 2))),
            Is.EquivalentTo(new[]
            {
                ("gcp-invoices", "11C2D3-E4F506-A7B8C9", measure, TieState.Differs, -5.00m),
                ("gcp-invoices", "11C2D3-E4F506-A7B8C9", ControlMeasure.Payable, TieState.Differs, -5.00m),
            }));
        Assert.That(differing.Select(t => Amount(t.ControlNanos!.Value) - expected[Key(t)]), Is.All.EqualTo(5m));
    }

    [Test]
    public async Task Invoice_ThatCannotBeRead_RecordsNothingAndLeavesWhatWasKnown()
    {
        await PullAllAsync();
        var before = TieOuts();
        PutInvoice("gcp", Invoice("gcp").Replace("Tax", "VAT", StringComparison.Ordinal));

        var result = await RunAsync("gcp-invoices");

        Assert.That((result.ErrorCode, result.IsRetriable, result.Offers.Count), Is.EqualTo(("invoice-line-wrong", false, 0)));
        Assert.That(TieOuts(), Is.EqualTo(before));
        Assert.That(_books.Scalar("SELECT COUNT(*) FROM evidence"), Is.EqualTo("3"));
    }

    [Test]
    public async Task Invoice_PulledAgain_IsUnchanged_AndNeverBooked()
    {
        await PullAllAsync();

        var again = await RunAsync("aws-invoices");

        Assert.That((again.IsSuccess, again.Counts.Unchanged, again.Counts.Taken), Is.EqualTo((true, 1, 0)));
        Assert.That(_books.Scalar("SELECT COUNT(*) FROM delivery"), Is.EqualTo("3"), "the three bills");
    }

    [Test]
    public async Task CreditsWithin_TieThePayableAndTax_WeakWhereTheBillHasCredits()
    {
        await _books.DeliverAsync("bill", May, BillLine.ALine().On("2026-05-03").Costing("120"),
            BillLine.ACredit("welcome").On("2026-05-04").Costing("-20"), (BillLine.ALine() with { Category = "Tax" }).On("2026-05-31").Costing("19"));
        Put("neocloud-invoices", "invoice.csv",
            $"{InvoiceFolder.Header}\nacct-1,AWS,R-1,2026-05-01,USD,Usage,100.00\nacct-1,AWS,R-1,2026-05-01,USD,Tax,19.00\n");

        await PullAsync("neocloud-invoices");

        Assert.That(TieOuts().Select(t => (t.Measure, Amount(t.LedgerNanos), Amount(t.ControlNanos!.Value), t.State)), Is.EqualTo(new[]
        {
            (ControlMeasure.Tax, 19m, 19m, TieState.Ties), (ControlMeasure.Payable, 119m, 119m, TieState.Weak),
        }));
    }

    /// <summary>Pulls the bills and the invoices of all; returns what each tie-out must be tied to, added up from the invoices here.</summary>
    private async Task<Dictionary<string, decimal>> PullAllAsync()
    {
        Dictionary<string, decimal> expected = [];
        foreach (var provider in Providers)
        {
            Put(provider, "bill.csv", File.ReadAllText(Sample(provider, "cost_and_usage")));
            PutInvoice(provider, Invoice(provider));
            await PullAsync(provider);
            await PullAsync(provider + "-invoices");
            foreach (var line in Invoice(provider).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
            {
                // Of the first six fields none is quoted: cost, account, currency, end, start, category.
                var fields = line.Split(',');
                var amount = decimal.Parse(fields[0], CultureInfo.InvariantCulture);
                Add(fields[1], fields[5] == "Tax" ? ControlMeasure.Tax : ControlMeasure.ChargesWithoutTax, amount);
                Add(fields[1], ControlMeasure.Payable, amount);
                Add(fields[1], ControlMeasure.Credits, 0);
            }

            void Add(string account, ControlMeasure measure, decimal amount)
            {
                var key = $"{provider}-invoices {account} {Issuer(provider)} {measure}";
                expected[key] = expected.GetValueOrDefault(key) + amount;
            }
        }

        return expected;
    }

    private static string Key(TieOut tie) => $"{tie.ControlSource} {tie.PayerAccount} {tie.Issuer} {tie.Measure}";

    private static string Issuer(string provider) => provider switch { "aws" => "AWS", "azure" => "Microsoft Azure", _ => "Google Cloud" };

    private static decimal Amount(Int128 nanos) => (decimal)nanos / 1_000_000_000m;

    private static string Sample(string provider, string dataset) =>
        Path.Combine(TestFiles.Focus, "synthetic", "focus-1.4", provider, $"{provider}_synthetic_focus_1_4_{dataset}.csv");

    private static string Invoice(string provider) => File.ReadAllText(Sample(provider, "invoice_detail")).ReplaceLineEndings("\n");

    private void PutInvoice(string provider, string text) => Put(provider + "-invoices", "invoice.csv", text);

    private void Put(string source, string name, string text)
    {
        var month = _rig.Folder.File(source, May);
        Directory.CreateDirectory(month);
        File.WriteAllText(Path.Combine(month, name), text);
        File.WriteAllText(Path.Combine(month, ".done"), "");
    }

    private async Task PullAsync(string key)
    {
        var result = await RunAsync(key);
        Assert.That((result.ErrorMessage, result.Offers.Count), Is.EqualTo(((string?)null, 1)));
    }

    private Task<PullResult> RunAsync(string key)
    {
        var yaml = "sources:\n" + string.Concat(Providers.SelectMany(p => new[] { Source(p, "focus-csv"), Source(p + "-invoices", "focus-invoice-detail") }))
            + Source("neocloud-invoices", "focus-invoice-detail") + "    credits: within\n";
        return SourceRig.PullAsync(_books, _rig.Read(yaml), May, key);
    }

    private string Source(string key, string format) =>
        $"  - key: {key}\n    connector: drop-folder\n    folder: {_rig.Folder.File(key)}\n    format: {format}\n    complete: marker\n";

    private IReadOnlyList<TieOut> TieOuts() => new ReconcileMonth(_books.Books, _books.Costs).Run(BillingMonth.Parse(May), null).TieOuts;
}
