namespace CiCost.Cli.Demo;

/// <summary>One delivery of a month's bill: what is in it, and what is not in it yet.</summary>
internal sealed record AwsEdition(DateTime ReceivedAt, string Note)
{
    /// <summary>Days up to this one are in it.</summary>
    public int LastDay { get; init; } = 31;

    /// <summary>True when monthly charges (support, tax, purchases, corrections) are in it.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>A service whose last days are missing, to come late.</summary>
    public string? LateService { get; init; }

    /// <summary>A meter that is charged twice, to be restated.</summary>
    public string? DoubledMeter { get; init; }

    /// <summary>The deliveries of a month, in order.</summary>
    public static IEnumerable<AwsEdition> Of(DemoMonth month)
    {
        var final = new AwsEdition(month.End.AddDays(4).AddHours(6), $"The bill of {month}.");
        switch (month.ToString())
        {
            case "2025-11":
                yield return final with { DoubledMeter = "EBS:SnapshotUsage", Note = "Snapshots are charged twice: restated later." };
                yield return final with { ReceivedAt = month.End.AddDays(18), Note = "Restatement: snapshots once." };
                break;
            case "2026-05":
                yield return final with { LateService = "Amazon Simple Storage Service", Note = "The last days of S3 are missing." };
                yield return final with { ReceivedAt = month.End.AddDays(32), Note = "Late bill: the last days of S3." };
                break;
            case "2026-07":
                yield return new AwsEdition(month.Day(16).AddHours(6), "Month to date: the first 15 days.")
                {
                    LastDay = 15,
                    IsWhole = false,
                };
                yield return final;
                break;
            default:
                yield return final;
                break;
        }
    }
}
