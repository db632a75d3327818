using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Checks;

/// <summary>Bills and policies that are booked properly and that somebody must hear about.</summary>
internal static class InputSaboteurs
{
    public static IReadOnlyList<Saboteur> All { get; } =
    [
        Deliver("a row of another billing period", [ALine().On("2026-06-01"), ALine().On("2026-05-31")], "PeriodMatchesScope"),
        Deliver("a currency that ISO 4217 does not know", [ALine().On("2026-06-01").In("QQQ")], "CurrencyIsKnown"),
        Deliver("two currencies of one account",
            [ALine().On("2026-06-01"), ALine().On("2026-06-01").In("EUR")], "OneCurrencyPerAccount"),
        Deliver("a day without usage",
            [ALine().On("2026-06-01"), ALine().On("2026-06-02"), ALine().On("2026-06-04")], "NoGapInDays"),
        Deliver("a credit that nobody mapped", [ALine().On("2026-06-01"), ACredit("surprise").On("2026-06-01").Costing("-1")],
            "NoUnclassifiedCredit"),
        Saboteur.Input("a row that cannot be read", books => books.DeliverAsync(
            new BookDeliveryRequest
            {
                SourceKey = "loose",
                Kind = "focus-csv",
                AllowQuarantine = true,
                BillingMonth = BillingMonth.Parse("2026-06"),
            },
            File([ALine().On("2026-06-01").From("acct-3"), ALine().On("2026-06-01").From("acct-3").Billed("1.5.5")])), "NoQuarantinedRows"),
        Saboteur.Input("a purchase that is consumed beside its use", books => books.DeliverAsync(
            new BookDeliveryRequest { SourceKey = "bill", Kind = "focus-csv", BillingMonth = BillingMonth.Parse("2026-06") },
            WithColumn("CommitmentDiscountId", "plan-1", File([
                (ALine().On("2026-06-01") with { Category = "Purchase" }).Costing("1200"),
                ALine().On("2026-06-01").Billed("0").Effective("100"),
            ]))), "CommitmentCountsOnce", "PrepaidIsNotNegative"),
        Saboteur.Input("Google's view as a bill that counts", books => books.DeliverAsync(
            new BookDeliveryRequest
            {
                SourceKey = "google",
                Kind = "focus-csv",
                Profile = "google-view",
                BillingMonth = BillingMonth.Parse("2026-06"),
            },
            File([ALine().On("2026-06-01").From("acct-3")]).Replace(",AWS,", ",Google Cloud,", StringComparison.Ordinal)), "GoogleViewIsEvidence"),
        Saboteur.Input("a policy that covers fewer days", books => books.AttributeAsync((SoundBooks.Policy with
        {
            MainCoverage = "      - {ledger: bill, basis: billed, from: 2026-03-02}",
        }).Read()), "OneLedgerSource"),
        Saboteur.Input("a month without a bill between two that have one",
            books => books.DeliverAsync("bill", "2026-01", ALine().On("2026-01-05")), "EveryMonthHasItsBill"),
        Saboteur.Input("a policy that asks for every day", books => books.AttributeAsync((SoundBooks.Policy with
        {
            MainCoverage = "      - {ledger: bill, basis: billed, cadence: daily, evidence: [{source: estimate, basis: estimated}]}",
        }).Read()), "EveryMonthIsComplete", "SourcesAreFresh"),
        Saboteur.Input("a job run on a fleet without a bill in its month", async books =>
        {
            await books.AttributeAsync((SoundBooks.Policy with
            {
                Rules = SoundBooks.Policy.Rules + "\n  - {id: fleet, when: {ChargeCategory: Usage, ServiceName: {isNull: true}}, then: {domain: main}}",
            }).Read());
            books.Execute("""
                INSERT INTO job_run (system, host, job_id, attempt, run_id, repository, name, status, started_s, completed_s, run_seconds, labels, conclusion,
                  event_s, event_hash, delivery_id, row_number)
                VALUES ('github', 'github.com', 1, 1, 1, 'a/b', 'job', 3, 20490 * 86400, 20490 * 86400 + 60, 60, 'fleet', 'success', 0, zeroblob(16), 3, 1)
                """);
        }, "EveryFleetHasItsBill"),
        Saboteur.Input("an event that cannot be booked", books =>
        {
            new EventsAside(books.Books.Path).Add(new DateOnly(2026, 3, 1), "{}"u8, "It has no job.");
            return Task.CompletedTask;
        }, "EventsAreBooked"),
        Saboteur.Input("a policy that maps no credit", books => books.AttributeAsync((SoundBooks.Policy with
        {
            FundingRules = "  - {id: other, when: {ChargeCategory: Credit, ChargeDescription: other}, then: {role: charge}}",
        }).Read()), "NoUnclassifiedCredit"),
        Commitment("a plan that is used and was never bought", ("Usage", "0", "5"), ("Usage", "1", "1"), "PrepaidIsNotNegative"),
        Commitment("a plan whose fee is a cost, and its use again", ("Purchase", "5", "5"), ("Usage", "0", "5"), "PrepaidIsNotNegative",
            "CommitmentCountsOnce"),
        Commitment("a plan whose fee costs half of it, and is used wholly", ("Purchase", "5", "2.5"), ("Usage", "0", "5"), "PrepaidIsNotNegative"),
        Commitment("less than a cent of a plan that was never bought", ("Usage", "0", "0.009999999"), ("Usage", "1", "1")),
        Saboteur.Input("a bill that the policy takes for values of job runs", books => books.AttributeAsync((SoundBooks.Policy with
        {
            MainCoverage = "      - {ledger: bill, basis: estimated, valuedFrom: jobs, evidence: [{source: estimate, basis: estimated}]}",
        }).Read()), "ValuesBillNobody"),
    ];

    private static string WithColumn(string name, string value, string text) => string.Concat(
        text.TrimEnd('\n').Split('\n').Select((line, i) => $"{line},{(i == 0 ? name : value)}\n"));

    private static Saboteur Commitment(
        string name, (string Category, string Billed, string Effective) first, (string Category, string Billed, string Effective) second,
        params string[] caught) => Saboteur.Input(name, books => books.DeliverAsync(
            new BookDeliveryRequest { SourceKey = "bill", Kind = "focus-csv", BillingMonth = BillingMonth.Parse("2026-06") },
            string.Join('\n', new[] { first, second }
                .Select(l => (ALine().On("2026-06-01") with { Category = l.Category }).Billed(l.Billed).Effective(l.Effective).ToCsv()
                    + (l.Billed == "1" ? "," : ",plan"))
                .Prepend(Header + ",CommitmentDiscountId")) + "\n"), caught);

    private static Saboteur Deliver(string name, IEnumerable<BillLine> lines, params string[] caught) =>
        Saboteur.Input(name, books => books.DeliverAsync("bill", "2026-06", lines), caught);
}
