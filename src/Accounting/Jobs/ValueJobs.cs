using System.Globalization;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Policies;
using CiCost.Domain.Attribution;
using CiCost.Domain.JobCosting;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.Policy;

namespace CiCost.Accounting.Jobs;

/// <summary>Hours that have no value, and why. Never zero, never silent: they are failing checks.</summary>
/// <param name="Label">The label.</param>
/// <param name="Reason"><c>no-rate</c>: no rate covers the label; <c>no-fleet</c>: no rule says whose machine it is.</param>
/// <param name="Seconds">Seconds.</param>
/// <param name="RunCount">Runs.</param>
public sealed record UnvaluedHours(string Label, string Reason, long Seconds, int RunCount);

/// <summary>What valuing a month did.</summary>
/// <param name="Booked">One delivery per source, in order of sources.</param>
/// <param name="Unvalued">Hours without a value.</param>
/// <param name="EvidenceSeconds">Seconds of fleets that have a bill: evidence, never booked beside it.</param>
public sealed record JobValuation(
    IReadOnlyList<BookDeliveryResult> Booked,
    IReadOnlyList<UnvaluedHours> Unvalued,
    long EvidenceSeconds);

/// <summary>
/// Values the job runs of fleets without a bill: seconds x rate, one line per charge day, label and repository (accounting.md, 4 and 13).
/// The lines are written as a FOCUS file, kept as a raw object and booked like every bill, so that each figure explains itself down to
/// a row with its hours and its rate. The same hours and rates give the same bytes, and then nothing changes.
/// </summary>
public sealed class ValueJobs(Books books, PolicyShelf policies, BookDelivery bookDelivery)
{
    /// <summary>
    /// The columns of the file. BilledCost is 0, for donated machines and for the estimate of a member's fleet alike: others bear them, and
    /// nobody bills these books (accounting.md, amended rule 1). So payable never has an estimate in it.
    /// </summary>
    private const string Header =
        "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingAccountId,BillingPeriodStart,BillingPeriodEnd,"
        + "ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,ProviderName,PublisherName,"
        + "InvoiceIssuerName,ServiceName,ServiceCategory,ListUnitPrice,PricingCategory,PricingQuantity,PricingUnit,ConsumedQuantity,"
        + "ConsumedUnit,SkuPriceId,x_RunnerLabel,x_Repository,x_JobRunCount,x_RateId,x_ValuationMethod";

    /// <summary>Values a charge month.</summary>
    public async Task<JobValuation> RunAsync(BillingMonth month, CancellationToken cancellationToken)
    {
        var policy = policies.Current().Set;
        var hours = new ReadJobHours(books, policies).Run(month);
        SortedDictionary<string, StringBuilder> files = new(StringComparer.Ordinal);
        foreach (var entry in policy.CoverageEntries.Where(e => e.IsValuedFromJobs && Covers(e, month)))
        {
            files.TryAdd(entry.LedgerSource, new StringBuilder(Header).Append('\n'));
        }

        foreach (var row in hours)
        {
            if (EntryOf(policy, row) is { IsValuedFromJobs: true } entry && RateOf(policy, row) is { } rate)
            {
                Append(files[entry.LedgerSource], policy, month, row, rate);
            }
        }

        List<BookDeliveryResult> booked = [];
        foreach (var (source, text) in files.Where(f => f.Value.Length > Header.Length + 1 || IsBooked(f.Key, month)))
        {
            booked.Add(await BookAsync(source, month, text.ToString(), cancellationToken).ConfigureAwait(false));
        }

        return new JobValuation(booked, Unvalued(policy, hours), EvidenceSeconds(policy, hours));
    }

    /// <summary>The hours that have no value: no rate, or no fleet.</summary>
    public static IReadOnlyList<UnvaluedHours> Unvalued(PolicySet policy, IReadOnlyList<JobHours> hours)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return
        [
            .. hours.Select(row => (Row: row, Reason: EntryOf(policy, row) switch
            {
                null => "no-fleet",
                { IsValuedFromJobs: true } when RateOf(policy, row) is null => "no-rate",
                _ => null,
            }))
            .Where(r => r.Reason is not null)
            .GroupBy(r => (r.Row.Label, r.Reason))
            .Select(g => new UnvaluedHours(g.Key.Label, g.Key.Reason!, g.Sum(r => r.Row.Seconds), g.Sum(r => r.Row.RunCount)))
            .OrderByDescending(u => u.Seconds).ThenBy(u => u.Label, StringComparer.Ordinal),
        ];
    }

    private static long EvidenceSeconds(PolicySet policy, IReadOnlyList<JobHours> hours) =>
        hours.Where(row => EntryOf(policy, row) is { IsValuedFromJobs: false }).Sum(row => row.Seconds);

    /// <summary>The coverage of a job's fleet on its day; null for a label without a domain, and for a day that no entry names.</summary>
    internal static CoverageEntry? EntryOf(PolicySet policy, JobHours row) => row.Attribution[AttributeName.Domain] is { } domain
        ? policy.CoverageEntries.FirstOrDefault(e => e.Domain == domain && e.Covers(row.ChargeDay))
        : null;

    private static RateCard? RateOf(PolicySet policy, JobHours row) => policy.RateOf(row.Label, row.ChargeDay);

    private static bool Covers(CoverageEntry entry, BillingMonth month) =>
        entry.FromDay <= ChargeDay.Of(month.LastDay) && entry.ToDay > ChargeDay.Of(month.FirstDay);

    private bool IsBooked(string source, BillingMonth month) => new Ledger.Costs.CostCellReader(books)
        .Scopes(new Ledger.BookVersions.BookVersionDirectory(books).AsOf(null)).Any(s => s.SourceKey == source && s.BillingMonth == month);

    private static void Append(StringBuilder text, PolicySet policy, BillingMonth month, JobHours row, RateCard rate)
    {
        var account = policy.Accounts.FirstOrDefault(a => a.Id == row.Attribution[AttributeName.PayerAccount]);
        var cost = DecimalText.OfAttos(rate.CostAttos(row.Label, row.Seconds));
        var milliUnits = rate.Unit == RateUnit.GpuHour ? rate.MilliGpusOf(row.Label) : 1000;
        var quantity = DecimalText.OfNanos((Int128)row.Seconds * milliUnits * 1_000_000 / 3600);
        var unit = rate.Unit == RateUnit.GpuHour ? "GPU-Hours" : "Hours";
        var day = ChargeDay.ToText(row.ChargeDay);
        var price = DecimalText.OfNanos(rate.RateNanos);
        var provider = row.Attribution[AttributeName.Operator] ?? "unknown";
        string[] fields =
        [
            "0", cost, cost, cost, rate.Currency, account?.Id ?? "unknown",
            $"{month}-01T00:00:00Z", $"{month.Next}-01T00:00:00Z", $"{day}T00:00:00Z", $"{ChargeDay.ToText(row.ChargeDay + 1)}T00:00:00Z",
            "Usage", "", $"{row.Label}: {unit} at {price} ({rate.Id})", "Usage-Based", provider, provider, provider, "Job runs", "Compute",
            price, "Standard", quantity, unit, row.Seconds.ToString(CultureInfo.InvariantCulture), "Seconds", rate.Id, row.Label,
            row.Repository, row.RunCount.ToString(CultureInfo.InvariantCulture), rate.Id, MethodText(rate.Method),
        ];
        text.AppendJoin(',', fields.Select(Quoted)).Append('\n');
    }

    private static string MethodText(ValuationMethod method) => method switch
    {
        ValuationMethod.ListEquivalent => "list-equivalent",
        ValuationMethod.Replacement => "replacement",
        _ => "donor-stated",
    };

    private static string Quoted(string field) => field.AsSpan().IndexOfAny(",\"\n\r") < 0
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async Task<BookDeliveryResult> BookAsync(string source, BillingMonth month, string text, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("cicost-valuation-");
        try
        {
            var file = Path.Combine(directory.FullName, $"{source}-{month}.csv");
            await File.WriteAllTextAsync(file, text, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
            var request = new BookDeliveryRequest
            {
                SourceKey = source,
                Kind = "focus-csv",
                Mode = SourceMode.Replace,
                BillingMonth = month,
                Files = [file],

                // Valued by the policy: under another one nothing may be left.
                AcceptsEmpty = true,
                IsStatedByProvider = true,
            };
            return await bookDelivery.RunAsync(request, null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
