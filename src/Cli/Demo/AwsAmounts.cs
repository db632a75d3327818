namespace CiCost.Cli.Demo;

/// <summary>
/// List cost of the Foundation's AWS usage by published architecture: July 2026 as published; another month is July's cost per hour of
/// the Foundation's fleet times that fleet's hours in the month.
/// </summary>
internal sealed class AwsAmounts(DemoFacts facts, FleetPlan plan)
{
    private const int SecondsPerHour = 3_600;
    private const decimal SupportTaxPercent = 6;

    /// <summary>The published month.</summary>
    public static readonly DemoMonth Published = new(2026, 7);

    /// <summary>AWS Business Support: 10 % of the first 10,000, 7 % to 80,000, 5 % to 250,000, 3 % above.
    /// https://aws.amazon.com/premiumsupport/pricing/</summary>
    private static readonly (decimal From, decimal Percent)[] SupportTiers = [(0, 10), (10_000, 7), (80_000, 5), (250_000, 3)];

    /// <summary>The spelling of a row of the cost table in the hours table.</summary>
    public static string HoursName(string architecture) => architecture switch
    {
        "macOS" => "MacOS",
        _ => architecture.Replace("x86_64", "x86", StringComparison.Ordinal),
    };

    /// <summary>Per published architecture, without those that are 0.</summary>
    public IReadOnlyList<(string Architecture, long Units)> Of(DemoMonth month) =>
    [
        .. facts.AwsJuly.Where(a => a.Usd != 0).Select(a => (a.Architecture, month == Published
            ? Usd.Of(a.Usd)
            : Usd.Of(decimal.Round(a.Usd * Seconds(a.Architecture, month) / Seconds(a.Architecture, Published), 2))))
    ];

    public long Total(DemoMonth month) => Of(month).Sum(a => a.Units);

    /// <summary>The support plan's fee on the month's usage.</summary>
    public long Support(DemoMonth month)
    {
        var usage = Usd.Dollars(Total(month));
        decimal fee = 0;
        for (var i = 0; i < SupportTiers.Length; i++)
        {
            var end = i + 1 < SupportTiers.Length ? SupportTiers[i + 1].From : decimal.MaxValue;
            fee += (Math.Clamp(usage, SupportTiers[i].From, end) - SupportTiers[i].From) * SupportTiers[i].Percent / 100;
        }

        return Usd.Of(decimal.Round(fee, 2));
    }

    /// <summary>An invented 6 % on the support fee: whether the Foundation pays tax is not public.</summary>
    public long Tax(DemoMonth month) => Usd.Of(decimal.Round(Usd.Dollars(Support(month)) * SupportTaxPercent / 100, 2));

    /// <summary>The hours that carry an architecture's cost: its own on the Foundation's fleet; all of them for what is no machine; the
    /// published ones for XPU, whose machines are Intel's and whose cost on AWS is a carve-out by job name.</summary>
    public decimal CarryingHours(string architecture, DemoMonth month) => Seconds(architecture, month) / (decimal)SecondsPerHour;

    private long Seconds(string architecture, DemoMonth month) => architecture switch
    {
        DemoFacts.NoMachine => facts.AwsJuly.Where(a => a.Usd != 0 && a.Architecture is not (DemoFacts.NoMachine or DemoFacts.Xpu))
            .Sum(a => plan.FoundationSeconds(HoursName(a.Architecture), month)),
        DemoFacts.Xpu => facts.Hours(DemoFacts.Xpu, month) * SecondsPerHour,
        _ => plan.FoundationSeconds(HoursName(architecture), month),
    };
}
