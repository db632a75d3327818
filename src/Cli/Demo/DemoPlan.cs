namespace CiCost.Cli.Demo;

/// <summary>The deliveries to ingest, in the order in which they would have arrived.</summary>
/// <param name="Notice">Says that this is demonstration data.</param>
internal sealed record DemoPlan(string Notice, int Seed, int Scale, string FirstMonth, string LastMonth,
    IReadOnlyList<DemoDelivery> Deliveries);

/// <summary>One delivery: what <c>cicost ingest</c> is to be told.</summary>
/// <param name="Order">From 1.</param>
/// <param name="Source">The key of the source.</param>
/// <param name="Kind">The format, such as <c>focus-csv</c>.</param>
/// <param name="Profile">The profile of the format, or null.</param>
/// <param name="Mode"><c>replace</c> or <c>append</c>.</param>
/// <param name="Month">The billing period.</param>
/// <param name="Part"><c>*</c> for sources that replace, else what tells this delivery from the others of its month.</param>
/// <param name="Files">Below the output folder, in order, with forward slashes.</param>
/// <param name="ReceivedAt">When it would have arrived.</param>
/// <param name="Note">What it shows.</param>
internal sealed record DemoDelivery(int Order, string Source, string Kind, string? Profile, string Mode, string Month, string Part,
    IReadOnlyList<string> Files, DateTime ReceivedAt, string Note)
{
    public const string Focus = "focus-csv";
    public const string Jobs = "github-jobs";
    public const string Usage = "github-usage";
    public const string AzureExport = "azure-export";
    public const string GoogleExport = "gcp-billing";
}
