using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Accounting.Statements;
using CiCost.Accounting.Tests.Jobs;
using CiCost.Domain.Funding;
using CiCost.Domain.Periods;
using CiCost.Domain.Sharing;
using CiCost.Ledger;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Statements;

/// <summary>The statements of a month, from bills and job runs down to net positions (accounting.md, 12, 14 and 15).</summary>
public sealed class StateMonthTests
{
    [Test]
    public async Task Statement_OfABillAndOwnGpus_SharesTheBillOnly_AndAddsUp()
    {
        using var books = await BooksWithBillAndGpus(new FleetPolicy());
        var answer = State(books);
        Assert.Multiple(() =>
        {
            Assert.That(Text(answer.Point), Is.EqualTo(new[]
            {
                "acme given 60 excluded 0 shared 50 net 10", "amd given 9 excluded 9 shared 50 net -50",
                "Unallocated given 0 excluded 0 shared 0 net 0", "Unfunded given 40 excluded 0 shared 0 net 40",
            }));
            Assert.That(answer.Point.Excluded.Select(e => (e.Id, (long)e.Nanos)),
                Is.EqualTo(new[] { (SplitEngine.InKindAboveAccepted, 9_000_000_000L) }));
            Assert.That((decimal)answer.Point.ConsumptionNanos / 1_000_000_000,
                Is.EqualTo(books.Books.Total(CostMetric.Consumption, "2026-07")));
            Assert.That(answer.OtherCurrencies, Is.EqualTo(new[] { "EUR" }));
        });
    }

    [Test]
    public async Task Range_OfADomain_MovesGivenAndNet_NeverTheBooks()
    {
        using var books = await BooksWithBillAndGpus(new FleetPolicy
        {
            Splits = """
                splits:
                  - id: even
                    name: Even
                    status: proposed
                    currency: USD
                    method: even
                    fallback: unallocated
                    participants: [{organisation: acme}, {organisation: amd}]
                    inKind: [{organisation: amd, acceptedPerMonth: "6"}]
                """,
        });
        var answer = State(books);
        string[] Amd(SplitStatement s) => [.. Text(s).Where(t => t.StartsWith("amd", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            // 9 in the books: half of it is 4.5 and wholly accepted; twice is 18, of which 6 is.
            Assert.That(Amd(answer.Point), Is.EqualTo(new[] { "amd given 9 excluded 3 shared 53 net -47" }));
            Assert.That(Amd(answer.Low), Is.EqualTo(new[] { "amd given 4.5 excluded 0 shared 52.25 net -47.75" }));
            Assert.That(Amd(answer.High), Is.EqualTo(new[] { "amd given 18 excluded 12 shared 53 net -47" }));
            Assert.That(answer.IsIndicative, Is.True, "100 of 109 is billed, and nothing of it invoiced");
        });
    }

    [Test]
    public async Task Month_ThatIsMostlyValued_IsIndicative()
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync("bill", "2026-07", ALine().On("2026-07-01").Costing("35"));
        await books.DeliverAsync(books.Job("gpu.mi300.4", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"));
        await books.ValueAsync();
        Assert.That(State(books).IsIndicative, Is.True, "35 of 44 is less than 80 %, and no invoice is there");
    }

    [Test]
    public async Task Fallback_Previous_TakesTheWeightsOfTheLastMonthThatHadAny()
    {
        using var books = await JobBooks.OpenAsync(new FleetPolicy
        {
            Splits = """
                splits:
                  - id: by-given
                    name: By what AMD and Meta give
                    status: proposed
                    currency: USD
                    method: proportional
                    proportionalTo: given
                    fallback: previous
                    participants: [{organisation: amd}, {organisation: meta}]
                    inKind: [{organisation: amd, acceptedPerMonth: "9"}]
                """,
        });
        await books.DeliverAsync(
            books.Job("gpu.mi300", "2026-05-01T00:00:00Z", "2026-05-01T04:00:00Z"),
            books.Job("cloud.small", "2026-05-01T00:00:00Z", "2026-05-02T06:00:00Z"));
        await books.ValueAsync("2026-05");
        await books.Books.DeliverAsync("bill", "2026-07", ALine().On("2026-07-01").Costing("100"));

        // May: AMD gave 9, which is accepted, Meta 3; June had nobody; July has the bill only.
        var answer = State(books);
        Assert.Multiple(() =>
        {
            Assert.That(Text(answer.Point).Where(t => !t.StartsWith('U')), Is.EqualTo(new[]
            {
                "acme given 100 excluded 0 shared 0 net 100", "amd given 0 excluded 0 shared 75 net -75",
                "meta given 0 excluded 0 shared 25 net -25",
            }));
            Assert.That(answer.Point.Notes.Single(), Does.Contain("as in the last month"));
        });
    }

    /// <summary>100 are consumed on the 1st and 2nd, 20 on the 20th; Even ends on the 10th, AMD alone takes the rest.</summary>
    [Test]
    public async Task Policy_ThatChangesInMidMonth_DividesWhatItsDaysConsumed()
    {
        using var books = await JobBooks.OpenAsync(new FleetPolicy { Splits = TwoPolicies });
        await books.Books.DeliverAsync("bill", "2026-07", ALine().On("2026-07-01").Costing("60"), ALine().On("2026-07-02").Costing("40"),
            ALine().On("2026-07-20").Costing("20"));
        var (both, expired) = (State(books), State(books, "even"));
        Assert.Multiple(() =>
        {
            Assert.That(Text(both.Point).Where(t => !t.StartsWith('U')), Is.EqualTo(new[]
            {
                "acme given 120 excluded 0 shared 50 net 70", "amd given 0 excluded 0 shared 70 net -70",
            }));
            Assert.That(both.Point.Name, Is.EqualTo("Even (2026-07-01 to 2026-07-09), AMD (2026-07-10 to 2026-07-31)"));
            Assert.That(Text(expired.Point).Where(t => !t.StartsWith("Unf", StringComparison.Ordinal)), Is.EqualTo(new[]
            {
                "acme given 120 excluded 0 shared 50 net 70", "amd given 0 excluded 0 shared 50 net -50",
                "Unallocated given 0 excluded 0 shared 20 net -20",
            }), "a policy that was asked for holds on its days only");
            Assert.That(expired.Point.Notes.Single(), Does.StartWith("No split policy holds from 2026-07-10 to 2026-07-31"));
        });
    }

    [Test]
    public async Task Policies_OfTwoCurrencies_InOneMonth_AreRefused()
    {
        using var books = await JobBooks.OpenAsync(new FleetPolicy
        {
            Splits = TwoPolicies.Replace("name: AMD, status: proposed, currency: USD", "name: AMD, status: proposed, currency: EUR",
                StringComparison.Ordinal),
        });
        await books.Books.DeliverAsync("bill", "2026-07", ALine().On("2026-07-01").Costing("60"));
        Assert.That(() => State(books), Throws.InstanceOf<BooksException>().With.Message.Contains("'even' divides USD, 'amd' EUR"));
    }

    /// <summary>Two hours of four MI300 at 2.25 are 18; the reference is 1.50, so 12 may be shared, and nothing without an approver.</summary>
    [TestCase("approver: tac", "1.50", 12, SplitEngine.InKindAboveReference, 6)]
    [TestCase("approver: tac", "9", 18, null, 0)]
    [TestCase("", "1.50", 0, SplitEngine.InKindNotApproved, 18)]
    public async Task DonatedHardware_CountsAtTheLowerOfRateAndReference(string approver, string reference, int shared, string? named, int rest)
    {
        using var books = await JobBooks.OpenAsync(new FleetPolicy
        {
            Rates = $$"""
                rates:
                  - {id: mi300, labels: 'mi300(?:[.](?<gpus>[0-9]+))?', unit: gpu-hour, rate: "2.25", currency: USD, method: donor-stated,
                     evidence: test, donor: amd, referenceRate: {rate: "{{reference}}", source: test}{{(approver.Length > 0 ? ", " : "")}}{{approver}}}
                """,
            Splits = TwoPolicies.Replace("participants: [{organisation: acme}, {organisation: amd}]}",
                "participants: [{organisation: acme}], inKind: [{organisation: amd, acceptedPerMonth: \"100\"}]}", StringComparison.Ordinal)
                .Replace("to: 2026-07-10,", "", StringComparison.Ordinal),
        });
        await books.DeliverAsync(books.Job("gpu.mi300.4", "2026-07-01T00:00:00Z", "2026-07-01T02:00:00Z"));
        await books.ValueAsync();
        var statement = State(books, "even").Point;
        Assert.Multiple(() =>
        {
            Assert.That((long)statement.CommonDirectNanos, Is.EqualTo(shared * 1_000_000_000L));
            Assert.That(statement.Excluded.Select(e => (e.Id, (long)e.Nanos)),
                Is.EqualTo(named is null ? [] : new[] { (named, rest * 1_000_000_000L) }));
            Assert.That((long)statement.ConsumptionNanos, Is.EqualTo(18_000_000_000), "the books keep the donor's value");
        });
    }

    /// <summary>A part of a commitment that nobody used is the share of who reserved it.</summary>
    [Test]
    public async Task UnusedCommitment_IsTheShareOfTheAccountsOwner()
    {
        using var books = await JobBooks.OpenAsync();
        var file = $"{Header},CommitmentDiscountId,CommitmentDiscountStatus\n{ALine().On("2026-07-01").Costing("60").ToCsv()},,\n"
            + $"{ALine().On("2026-07-01").Costing("10").ToCsv()},sp-1,Unused\n";
        await books.Books.DeliverAsync(
            new BookDeliveryRequest { SourceKey = "bill", Kind = "focus-csv", BillingMonth = BillingMonth.Parse("2026-07") }, file);
        var statement = State(books).Point;
        Assert.Multiple(() =>
        {
            Assert.That(Text(statement).Where(t => !t.StartsWith('U')), Is.EqualTo(new[]
            {
                "acme given 70 excluded 0 shared 40 net 30", "amd given 0 excluded 0 shared 30 net -30",
            }));
            Assert.That((long)statement.ReservedNanos, Is.EqualTo(10_000_000_000));
        });
    }

    [Test]
    public async Task Split_ThatIsNotThere_NamesTheKnownOnes()
    {
        using var books = await BooksWithBillAndGpus(new FleetPolicy());
        Assert.That(() => State(books, "odd"),
            Throws.InstanceOf<BooksException>().With.Message.Contains("'odd'").And.Message.Contains("even"));
    }

    [TestCase("10.005", "20.015", "0.333333333")]
    [TestCase("0.005", "0.005", "0.005")]
    [TestCase("-1.234567891", "100", "0.001")]
    public async Task Cents_OfAStatement_FootInEveryDirection_AndNetToZero(params string[] costs)
    {
        using var books = await JobBooks.OpenAsync();
        await books.Books.DeliverAsync("bill", "2026-07", [.. costs.Select(c => ALine().On("2026-07-01").Costing(c))]);
        await books.DeliverAsync(books.Job("gpu.mi300.4", "2026-07-01T00:00:00Z", "2026-07-01T00:20:00Z"));
        await books.ValueAsync();
        var answer = State(books);
        var cents = new StatementCents(answer);
        var organisations = answer.Point.Rows.Select(r => r.Organisation).ToArray();
        var exact = (decimal)answer.Point.ConsumptionNanos / PresentationCube.NanosPerCent;
        Assert.Multiple(() =>
        {
            Assert.That(organisations.Sum(cents.Net), Is.Zero);
            Assert.That(cents.PoolTotal + cents.DirectedTotal + cents.ExcludedTotal + cents.FreeTerms, Is.EqualTo(cents.ConsumptionTotal));
            Assert.That(organisations.Sum(cents.Given), Is.EqualTo(cents.ConsumptionTotal));
            Assert.That(organisations.Sum(o => Enum.GetValues<FundingKind>().Sum(k => cents.Given(o, k))), Is.EqualTo(cents.ConsumptionTotal));
            Assert.That(cents.ConsumptionTotal, Is.EqualTo(exact).Within(2), "one rounding for each of the two sources");
            foreach (var row in answer.Point.Rows)
            {
                Assert.That(cents.Shared(row.Organisation), Is.EqualTo((decimal)row.SharedNanos / PresentationCube.NanosPerCent).Within(2));
            }
        });
    }

    [Test]
    public async Task Money_OfAnotherCurrency_IsShownWithItsAmount_ByOrganisation()
    {
        using var books = await BooksWithBillAndGpus(new FleetPolicy());
        var money = State(books).OtherMoney.Single();
        Assert.Multiple(() =>
        {
            Assert.That((money.Currency, money.Cents), Is.EqualTo(("EUR", 500L)));
            Assert.That(money.Rows.Select(r => (r.Organisation, r.Cents)), Is.EqualTo(new[] { ("Unfunded", 500L) }));
        });
    }

    [Test]
    public async Task Used_WithoutARuleForBeneficiaries_IsNotKnown()
    {
        using var books = await BooksWithBillAndGpus(new FleetPolicy());
        var cents = new StatementCents(State(books));
        Assert.That(cents.Used("acme"), Is.Null, "never 0.00");
        Assert.That(cents.KnowsDirected("acme"), Is.False);
    }

    private const string TwoPolicies = """
        splits:
          - {id: even, name: Even, status: proposed, currency: USD, method: even, fallback: unallocated, to: 2026-07-10,
             participants: [{organisation: acme}, {organisation: amd}]}
          - {id: amd, name: AMD, status: proposed, currency: USD, method: even, fallback: unallocated, from: 2026-07-10,
             participants: [{organisation: amd}]}
        """;

    private static async Task<JobBooks> BooksWithBillAndGpus(FleetPolicy policy)
    {
        var books = await JobBooks.OpenAsync(policy);
        await books.Books.DeliverAsync("bill", "2026-07", ALine().On("2026-07-01").Costing("60"),
            ALine().On("2026-07-01").From("stranger").Costing("40"), ALine().On("2026-07-01").In("EUR").From("other").Costing("5"));
        await books.DeliverAsync(books.Job("gpu.mi300.4", "2026-07-01T00:00:00Z", "2026-07-01T01:00:00Z"));
        await books.ValueAsync();
        return books;
    }

    private static StatementAnswer State(JobBooks books, string? split = null) =>
        new StateMonth(new FundConsumption(books.Books.Costs)).Run(BillingMonth.Parse("2026-07"), split, null);

    private static IEnumerable<string> Text(SplitStatement s) => s.Rows.Select(r =>
        $"{r.Organisation} given {Usd(r.TotalGivenNanos)} excluded {Usd(r.ExcludedNanos)} shared {Usd(r.SharedNanos)} "
        + $"net {Usd(r.NetNanos)}");

    private static string Usd(Int128 nanos) => Domain.Money.DecimalText.OfNanos(nanos);
}
