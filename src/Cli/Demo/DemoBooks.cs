using System.Text.Json;

namespace CiCost.Cli.Demo;

/// <summary>
/// Writes demonstration books: bills and job files in the layouts in which the providers deliver them, deterministic from a seed. Files
/// only: they go into the books through the same path as real ones.
/// </summary>
internal static class DemoBooks
{
    private static readonly JsonSerializerOptions PlanOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes all files and the plan of their deliveries, <c>plan.json</c>.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Told each month as it begins.</param>
    public static DemoPlan Write(DemoOptions options, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Scale, 1);
        var facts = DemoFacts.Load(options.FactsDirectory);
        RefuseUnknownMonths(options, facts);
        var folder = new DemoFolder(options.OutputDirectory);
        var fleets = new FleetPlan(facts, options.Seed);
        var amounts = new AwsAmounts(facts, fleets);
        var sums = new DemoSums();
        var usage = new GitHubUsage(facts, sums);
        var jobs = new JobFiles(fleets, options, usage, sums);
        var aws = new AwsExport(new AwsBill(facts, fleets, amounts, options), sums);
        var azure = new AzureBill(options, sums);
        var google = new GoogleBill(options, sums);
        foreach (var month in DemoMonth.Range(options.FirstMonth, options.LastMonth))
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(month.ToString());
            aws.Write(folder, month);
            jobs.Write(folder, month);
            usage.Write(folder, month);
            azure.Write(folder, month);
            google.Write(folder, month);
            DemoInvoices.Write(folder, month, sums);
        }

        var plan = new DemoPlan(DemoFolder.Notice, options.Seed, options.Scale, options.FirstMonth.ToString(), options.LastMonth.ToString(),
            folder.Deliveries);
        Readmes.Write(folder);
        folder.WriteText("DERIVATION.txt", new Derivation(facts, fleets, amounts, sums, options).Write());
        folder.WriteText("plan.json", JsonSerializer.Serialize(plan, PlanOptions) + "\n");
        folder.WriteChecksums();
        return plan;
    }

    private static void RefuseUnknownMonths(DemoOptions options, DemoFacts facts)
    {
        var (first, last) = (facts.Months.Min(), facts.Months.Max());
        if (options.FirstMonth < first || options.LastMonth > last || options.FirstMonth > options.LastMonth)
        {
            throw new ArgumentException($"The published hours cover {first} to {last}, not {options.FirstMonth} to {options.LastMonth}. "
                + "Choose months within them.");
        }
    }
}
