namespace CiCost.CostIngest.Sources.Http;

/// <summary>What a download has to keep.</summary>
public sealed record DownloadLimits
{
    /// <summary>The longest file; a longer one is refused without being written whole.</summary>
    public long MostBytes { get; init; } = 16L * 1024 * 1024 * 1024;

    /// <summary>The exact length by listing or manifest; null when neither says.</summary>
    public long? ExpectedBytes { get; init; }

    /// <summary>The longest time without a byte.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a download that broke off is begun again from the start.</summary>
    public int MostRestarts { get; init; } = 3;
}
