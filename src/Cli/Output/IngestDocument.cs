using CiCost.Accounting.Booking;

namespace CiCost.Cli.Output;

/// <summary>The document of <c>cicost ingest --json</c>; its keys are an interface and do not change.</summary>
internal static class IngestDocument
{
    public static object Of(BookDeliveryResult result) => new
    {
        result.DeliveryId,
        source = result.SourceKey,
        scope = new { billingPeriod = result.BillingMonth.ToString(), result.Part },
        result.FormatVersion,
        result.Profile,
        result.Rows,
        result.Quarantined,
        result.EmptyCosts,
        unchanged = result.IsUnchanged,
        result.Supersedes,
        bookVersion = result.BookVersionId,
        result.NewDimensionSets,
        totals = result.Totals.ToDictionary(t => t.Key, t => Costs(t.Value)),
        tolerances = result.Tolerances.Select(t => new { t.Name, t.Count, firstRow = t.FirstRowNumber, t.Example }),
        result.Objects,
        result.Timings,
    };

    private static object Costs(ExactCosts costs) => new
    {
        costs.Billed,
        costs.Effective,
        costs.List,
        costs.Contracted,
        residue = new { costs.Residue!.Billed, costs.Residue.Effective, costs.Residue.List, costs.Residue.Contracted },
    };
}
