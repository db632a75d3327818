using System.Globalization;

namespace CiCost.Cli.Demo;

/// <summary>The usage rows of the Foundation's AWS account, and what stands beside them, for one month.</summary>
internal sealed class AwsBill(DemoFacts facts, FleetPlan plan, AwsAmounts amounts, DemoOptions options)
{
    private const string MachineService = "Amazon Elastic Compute Cloud";
    private const int LateDays = 3;
    private static readonly DemoMonth FirstClusterMonth = new(2026, 7);
    private static readonly AwsRegion XpuRegion = AwsRegion.All[1] with { Cluster = "lf-prod-aws-ue2-xpu" };

    /// <summary>The rows of one delivery; credits come last, as they offset what stands before.</summary>
    public IEnumerable<AwsLine> Lines(DemoMonth month, AwsEdition edition)
    {
        var credits = new SortedDictionary<(DateTime Day, string Service), AwsLine>();
        var lines = Usage(month, edition);
        if (edition.IsWhole)
        {
            lines = lines.Append(Support(month)).Append(Tax(month)).Concat(AwsEvents.Lines(month));
        }

        foreach (var line in lines)
        {
            if (AwsEvents.IsCredited(line))
            {
                var key = (line.Start, line.ServiceName);
                credits[key] = credits.TryGetValue(key, out var before)
                    ? AwsEvents.Credit(before, before.Billed - line.Billed)
                    : AwsEvents.Credit(line, -line.Billed);
            }

            yield return line;
        }

        foreach (var credit in credits.Values)
        {
            yield return credit;
        }
    }

    private IEnumerable<AwsLine> Usage(DemoMonth month, AwsEdition edition)
    {
        foreach (var (architecture, units) in amounts.Of(month))
        {
            var lines = architecture switch
            {
                DemoFacts.NoMachine => Charges(month, units),
                _ => Machines(month, architecture, units),
            };
            foreach (var line in lines)
            {
                var day = line.Start.Day;
                if (day > edition.LastDay || (line.ServiceName == edition.LateService && day > month.Days - LateDays))
                {
                    continue;
                }

                yield return edition.DoubledMeter is { } meter && line.Meter!.EndsWith(meter, StringComparison.Ordinal)
                    ? line with
                    {
                        Billed = line.Billed * 2,
                        Effective = line.Effective * 2,
                        List = line.List * 2,
                        Contracted = line.Contracted * 2,
                        Quantity = line.Quantity * 2,
                    }
                    : line;
            }
        }
    }

    private IEnumerable<AwsLine> Machines(DemoMonth month, string architecture, long units)
    {
        var machines = facts.Machines.Where(m => m.Architecture == architecture).ToList();
        var dice = Dice.For(options.Seed, "aws-machines", architecture, month.ToString());
        var byMachine = Shares.Split(units, dice.Jitter(machines.Select(m => m.Weight), 25));
        var regions = architecture == DemoFacts.Xpu ? [XpuRegion] : AwsRegion.All;
        for (var i = 0; i < byMachine.Length; i++)
        {
            foreach (var (region, day, part) in Spread(byMachine[i], regions, month, dice, machines[i].UsdPerHour))
            {
                yield return Machine(machines[i], region, month.Day(day), part, dice);
            }
        }
    }

    private static AwsLine Machine(MachineFact machine, AwsRegion region, DateTime day, long units, Dice dice)
    {
        var price = machine.UsdPerHour;
        return new AwsLine
        {
            Category = "Usage",
            Description = $"${Usd.Text(price)} per On Demand {machine.Platform} {machine.InstanceType} Instance Hour",
            Start = day,
            End = day.AddDays(1),
            Billed = units,
            Effective = units,
            List = units,
            Contracted = units,
            UnitPrice = price,
            Quantity = Quantity(units, price),
            Unit = "Hrs",
            Region = region,
            ResourceId = $"arn:aws:ec2:{region.Id}:{AwsLine.MemberId}:instance/i-0{dice.Hex(16)}",
            ResourceType = "Instance",
            ServiceName = MachineService,
            ServiceCode = "AmazonEC2",
            ServiceCategory = "Compute",
            ServiceSubcategory = "Virtual Machines",
            Operation = machine.Platform == "Windows" ? "RunInstances:0002" : "RunInstances",
            Meter = $"{region.UsagePrefix}BoxUsage:{machine.InstanceType}",
            Tags = region == XpuRegion || new DemoMonth(day.Year, day.Month) >= FirstClusterMonth
                ? $$"""{"Cluster":"{{region.Cluster}}","Project":"ciforge"}"""
                : null,
        };
    }

    private IEnumerable<AwsLine> Charges(DemoMonth month, long units)
    {
        var dice = Dice.For(options.Seed, "aws-charges", month.ToString());
        var byCharge = Shares.Split(units, dice.Jitter(facts.Charges.Select(c => c.Weight), 25));
        for (var i = 0; i < byCharge.Length; i++)
        {
            var charge = facts.Charges[i];
            foreach (var (region, day, part) in Spread(byCharge[i], AwsRegion.All, month, dice, usdPerHour: null))
            {
                yield return new AwsLine
                {
                    Category = "Usage",
                    Description = $"{charge.Description} - {region.Name}",
                    Start = month.Day(day),
                    End = month.Day(day).AddDays(1),
                    Billed = part,
                    Effective = part,
                    List = part,
                    Contracted = part,
                    UnitPrice = charge.UsdPerUnit,
                    Quantity = Quantity(part, charge.UsdPerUnit),
                    Unit = charge.Unit,
                    Region = region,
                    ResourceId = $"arn:aws:{charge.ServiceCode.ToLowerInvariant()}:{region.Id}:{AwsLine.MemberId}:demo/{dice.Hex(12)}",
                    ResourceType = "Resource",
                    ServiceName = charge.ServiceName,
                    ServiceCode = charge.ServiceCode,
                    ServiceCategory = charge.Category,
                    ServiceSubcategory = charge.Subcategory,
                    Operation = charge.Operation,
                    Meter = region.UsagePrefix + charge.Meter,
                };
            }
        }
    }

    /// <summary>By region, day (weekends are quieter, and the Foundation's share of the day counts) and resource.</summary>
    private IEnumerable<(AwsRegion Region, int Day, long Units)> Spread(
        long units, IReadOnlyList<AwsRegion> regions, DemoMonth month, Dice dice, decimal? usdPerHour)
    {
        var byRegion = Shares.Split(units, dice.Jitter(regions.Select(r => r.Weight), 15));
        for (var r = 0; r < regions.Count; r++)
        {
            var days = Enumerable.Range(1, month.Days).Select(month.Day)
                .Select(day => (IsWeekend(day) ? 55L : 100L) * plan.SharePercent(day));
            var byDay = Shares.Split(byRegion[r], dice.Jitter(days, 10));
            for (var d = 0; d < byDay.Length; d++)
            {
                var resources = usdPerHour is { } price ? Machines(byDay[d], price) : 1;
                var parts = Shares.Split(byDay[d], dice.Jitter(Enumerable.Repeat(100L, resources * options.Scale), 12));
                foreach (var part in parts.Where(p => p != 0))
                {
                    yield return (regions[r], d + 1, part);
                }
            }
        }
    }

    /// <summary>So many that none runs longer than the day: 24 / 1.3 hours on average, at most 112 / 88 of that.</summary>
    private static int Machines(long units, decimal usdPerHour) => (int)Math.Ceiling(Usd.Dollars(units) / usdPerHour / 24 * 1.3m);

    private static bool IsWeekend(DateTime day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    /// <summary>AWS rounds quantities to ten decimals; cost is made from the exact one.</summary>
    private static decimal Quantity(long units, decimal price) => decimal.Round(Usd.Dollars(units) / price, 10);

    private AwsLine Support(DemoMonth month) => AwsEvents.Monthly(month, amounts.Support(month), "Purchase", "Recurring",
        string.Create(CultureInfo.InvariantCulture, $"AWS Support (Business) for {month.Start:MMMM yyyy}"));

    private AwsLine Tax(DemoMonth month) => AwsEvents.Monthly(month, amounts.Tax(month), "Tax", "One-Time",
        "US Sales Tax");
}
