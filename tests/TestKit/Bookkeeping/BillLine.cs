using System.Globalization;

namespace CiCost.TestKit.Bookkeeping;

/// <summary>
/// One row of a FOCUS 1.2 bill with boring defaults, so that a test says only what matters:
/// <c>ALine().On("2026-03-01").Costing("1.25")</c>.
/// </summary>
public sealed record BillLine
{
    /// <summary>The header that <see cref="ToCsv"/> writes the values of.</summary>
    public const string Header =
        "BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,"
        + "ChargeDescription,ChargeFrequency,BilledCost,EffectiveCost,ListCost,ContractedCost,ProviderName,PublisherName,InvoiceIssuerName,"
        + "InvoiceId,ServiceCategory,ServiceName,RegionId,ResourceId,ConsumedQuantity,ConsumedUnit";

    private static readonly DateOnly FirstOfMarch = new(2026, 3, 1);

    /// <summary>BillingAccountId; the boring policy knows it as the account <c>main</c>.</summary>
    public string Account { get; init; } = "acct-1";

    /// <summary>BillingCurrency.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>The charge day, UTC.</summary>
    public DateOnly Day { get; init; } = FirstOfMarch;

    /// <summary>The first day of the row's own billing period; null for the month of the charge day.</summary>
    public DateOnly? BillingStart { get; init; }

    /// <summary>ChargeCategory.</summary>
    public string Category { get; init; } = "Usage";

    /// <summary>ChargeClass; empty for none.</summary>
    public string Class { get; init; } = "";

    /// <summary>ChargeDescription.</summary>
    public string Description { get; init; } = "machine hours";

    /// <summary>ServiceName.</summary>
    public string Service { get; init; } = "Machines";

    /// <summary>ResourceId.</summary>
    public string Resource { get; init; } = "machine-1";

    /// <summary>BilledCost as it stands in the file.</summary>
    public string BilledCost { get; init; } = "1";

    /// <summary>EffectiveCost as it stands in the file.</summary>
    public string EffectiveCost { get; init; } = "1";

    /// <summary>ListCost as it stands in the file.</summary>
    public string ListCost { get; init; } = "1";

    /// <summary>ContractedCost as it stands in the file.</summary>
    public string ContractedCost { get; init; } = "1";

    /// <summary>A usage row of one dollar.</summary>
    public static BillLine ALine() => new();

    /// <summary>A Credit row.</summary>
    public static BillLine ACredit(string description) => new() { Category = "Credit", Description = description };

    /// <summary>Sets the charge day, as in <c>2026-03-01</c>.</summary>
    public BillLine On(string day) => this with { Day = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) };

    /// <summary>Sets the row's own billing period, as in <c>2026-03</c>.</summary>
    public BillLine BilledIn(string month) =>
        this with { BillingStart = DateOnly.ParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture) };

    /// <summary>Sets all four costs.</summary>
    public BillLine Costing(string amount) =>
        this with { BilledCost = amount, EffectiveCost = amount, ListCost = amount, ContractedCost = amount };

    /// <summary>Sets BilledCost.</summary>
    public BillLine Billed(string amount) => this with { BilledCost = amount };

    /// <summary>Sets EffectiveCost.</summary>
    public BillLine Effective(string amount) => this with { EffectiveCost = amount };

    /// <summary>Sets ListCost.</summary>
    public BillLine Listed(string amount) => this with { ListCost = amount };

    /// <summary>Sets the currency.</summary>
    public BillLine In(string currency) => this with { Currency = currency };

    /// <summary>Sets BillingAccountId.</summary>
    public BillLine From(string account) => this with { Account = account };

    /// <summary>Sets ServiceName.</summary>
    public BillLine For(string service) => this with { Service = service };

    /// <summary>Sets ChargeDescription.</summary>
    public BillLine Saying(string description) => this with { Description = description };

    /// <summary>Makes it a correction of a closed billing period.</summary>
    public BillLine AsCorrection() => this with { Class = "Correction" };

    /// <summary>The row, under <see cref="Header"/>.</summary>
    public string ToCsv()
    {
        var billing = BillingStart ?? new DateOnly(Day.Year, Day.Month, 1);
        string[] fields =
        [
            Account, Currency, Instant(billing), Instant(billing.AddMonths(1)), Instant(Day), Instant(Day.AddDays(1)), Category, Class,
            Description, "Usage-Based", BilledCost, EffectiveCost, ListCost, ContractedCost, "AWS", "AWS", "AWS",
            "", "Compute", Service, "us-east-1", Resource, "1", "Hours",
        ];
        return string.Join(',', fields);
    }

    /// <summary>A whole file.</summary>
    public static string File(IEnumerable<BillLine> lines) => string.Join('\n', lines.Select(l => l.ToCsv()).Prepend(Header)) + "\n";

    private static string Instant(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + "T00:00:00Z";
}
