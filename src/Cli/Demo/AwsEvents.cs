namespace CiCost.Cli.Demo;

/// <summary>What happens once: credits, a refund, a purchase, and what no rule knows. All amounts here are invented.</summary>
internal static class AwsEvents
{
    private const string CreditDescription = "AWS Open Source Promotional Credits";
    private const string Ec2 = "Amazon Elastic Compute Cloud";
    private const string UnknownPayer = "999900000090";
    private const int BlockDays = 28;
    private const decimal BlockPricePerHour = 31.464m;

    private static readonly DateTime BlockStart = new(2026, 3, 16, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime BlockEnd = BlockStart.AddDays(BlockDays);
    private static readonly string BlockId = $"arn:aws:ec2:us-east-2:{AwsLine.MemberId}:capacity-block/cb-0demonstration";

    /// <summary>What the up-front purchase of the capacity block costs: one p5.48xlarge for 28 days.</summary>
    public static long BlockUnits => Usd.Of(BlockPricePerHour * 24 * BlockDays);

    /// <summary>The invented rows of a month, beside usage, support and tax.</summary>
    public static IEnumerable<AwsLine> Lines(DemoMonth month) => month.ToString() switch
    {
        "2025-10" => [ServiceLevelCredit(month)],
        "2026-03" => [BlockPurchase(month), .. BlockUsage(month)],
        "2026-04" => [.. BlockUsage(month), Refund(month), RefundedCredit(Refund(month))],
        "2026-05" => [UnknownFamily(month)],
        "2026-06" => [UnclassifiedCredit(month), UnknownAccount(month)],
        _ => [],
    };

    /// <summary>Promotional credits cover usage and support; not tax, up-front purchases or corrections.</summary>
    public static bool IsCredited(AwsLine line) => line.BillingAccountId == AwsLine.PayerId && line.Class is null && line.Billed != 0
        && (line.Category == "Usage" || (line.Category == "Purchase" && line.Frequency == "Recurring"));

    /// <summary>A draw on the promotional credits, or with a positive amount its reversal, on the service and day of a line.</summary>
    public static AwsLine Credit(AwsLine offset, long units) => Plain(units) with
    {
        Category = "Credit",
        Description = CreditDescription,
        Frequency = "One-Time",
        Start = offset.Start,
        End = offset.End,
        ServiceName = offset.ServiceName,
        ServiceCode = offset.ServiceCode,
        ServiceCategory = offset.ServiceCategory,
        ServiceSubcategory = offset.ServiceSubcategory,
    };

    /// <summary>A charge of the support plan, or on it, for the whole month.</summary>
    public static AwsLine Monthly(
        DemoMonth month, long units, string category, string frequency, string description) => Plain(units) with
        {
            Category = category,
            Description = description,
            Frequency = frequency,
            Start = month.Start,
            End = month.End,
            ServiceName = "AWS Support (Business)",
            ServiceCode = "AWSSupportBusiness",
            ServiceCategory = "Management and Governance",
            ServiceSubcategory = "Support",
        };

    private static AwsLine Plain(long units) => new()
    {
        Category = "Usage",
        Description = "",
        Start = default,
        End = default,
        Billed = units,
        Effective = units,
        List = units,
        Contracted = units,
        ServiceName = Ec2,
        ServiceCode = "AmazonEC2",
        ServiceCategory = "Compute",
        ServiceSubcategory = "Virtual Machines",
    };

    private static AwsLine ServiceLevelCredit(DemoMonth month) => Plain(Usd.Of(-842.17m)) with
    {
        Category = "Credit",
        Description = "SLA Credit for Amazon EC2 in us-east-1",
        Frequency = "One-Time",
        Start = month.Day(20),
        End = month.Day(21),
        Region = AwsRegion.All[0],
    };

    private static AwsLine BlockPurchase(DemoMonth month) => Plain(BlockUnits) with
    {
        Category = "Purchase",
        Description = $"EC2 Capacity Block for ML, 1 x p5.48xlarge, {BlockDays} days, paid up front",
        Frequency = "One-Time",
        Start = month.Day(BlockStart.Day),
        End = BlockEnd,
        Effective = 0,
        UnitPrice = Usd.Dollars(BlockUnits),
        Quantity = 1,
        Unit = "Block",
        Region = AwsRegion.All[1],
        ResourceId = BlockId,
        ResourceType = "Capacity Block",
        Meter = "USE2-CapacityBlock:p5.48xlarge",
        CommitmentId = BlockId,
    };

    private static IEnumerable<AwsLine> BlockUsage(DemoMonth month)
    {
        var perDay = BlockUnits / BlockDays;
        for (var day = BlockStart; day < BlockEnd; day = day.AddDays(1))
        {
            if (day >= month.Start && day < month.End)
            {
                yield return Plain(perDay) with
                {
                    Description = "p5.48xlarge Instance Hour, covered by an EC2 Capacity Block",
                    Start = day,
                    End = day.AddDays(1),
                    Billed = 0,
                    UnitPrice = BlockPricePerHour,
                    Quantity = 24,
                    Unit = "Hrs",
                    Region = AwsRegion.All[1],
                    ResourceId = BlockId.Replace("capacity-block/cb", "instance/i", StringComparison.Ordinal),
                    ResourceType = "Instance",
                    Operation = "RunInstances:CB",
                    Meter = "USE2-CapacityBlockUsage:p5.48xlarge",
                    CommitmentId = BlockId,
                    CommitmentStatus = "Used",
                };
            }
        }
    }

    private static AwsLine Refund(DemoMonth month) => Plain(Usd.Of(-1_963.2m)) with
    {
        Class = "Correction",
        Description = "Refund: $0.045 per GB Data Processed by NAT Gateways, US East (N. Virginia), February 2026",
        Start = month.Start.AddMonths(-2),
        End = month.Start.AddMonths(-1),
        ServiceCategory = "Networking",
        ServiceSubcategory = "Network Infrastructure",
        Region = AwsRegion.All[0],
        Meter = "NatGateway-Bytes",
    };

    /// <summary>What was refunded had been paid with credits: they go back to the grant.</summary>
    private static AwsLine RefundedCredit(AwsLine refund) => Credit(refund, -refund.Billed);

    /// <summary>Trainium: a family of no architecture in the rules.</summary>
    private static AwsLine UnknownFamily(DemoMonth month) => Plain(Usd.Of(612.75m)) with
    {
        Description = "$1.34375 per On Demand Linux trn1.2xlarge Instance Hour",
        Start = month.Day(12),
        End = month.Day(13),
        UnitPrice = 1.34375m,
        Quantity = 456,
        Unit = "Hrs",
        Region = AwsRegion.All[0],
        ResourceId = $"arn:aws:ec2:us-east-1:{AwsLine.MemberId}:instance/i-0demonstration",
        ResourceType = "Instance",
        Operation = "RunInstances",
        Meter = "BoxUsage:trn1.2xlarge",
    };

    private static AwsLine UnclassifiedCredit(DemoMonth month) => Plain(Usd.Of(-500m)) with
    {
        Category = "Credit",
        Description = "AWS Activate package",
        Frequency = "One-Time",
        Start = month.Day(30),
        End = month.End,
    };

    private static AwsLine UnknownAccount(DemoMonth month) => Plain(Usd.Of(319.44m)) with
    {
        Description = "$9.68 per On Demand Linux m7i.48xlarge Instance Hour",
        Start = month.Day(9),
        End = month.Day(10),
        UnitPrice = 9.68m,
        Quantity = 33,
        Unit = "Hrs",
        Region = AwsRegion.All[0],
        BillingAccountId = UnknownPayer,
        ResourceId = $"arn:aws:ec2:us-east-1:{UnknownPayer}:instance/i-0demonstration",
        ResourceType = "Instance",
        Operation = "RunInstances",
        Meter = "BoxUsage:m7i.48xlarge",
    };
}
