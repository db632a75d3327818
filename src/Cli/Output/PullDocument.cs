using CiCost.CostIngest.Sources.Pulling;

namespace CiCost.Cli.Output;

/// <summary>What <c>cicost pull --json</c> says of one source.</summary>
internal sealed record PullDocument(
    long RunId,
    string Source,
    string FirstMonth,
    string LastMonth,
    bool IsSuccess,
    int Offers,
    int Taken,
    int Unchanged,
    long RowCount,
    IReadOnlyList<PulledOfferDocument> TakenOffers,
    IReadOnlyList<PullFailure> Failures)
{
    public static PullDocument Of(PullResult result) => new(
        result.RunId,
        result.SourceKey,
        result.Months.First.ToString(),
        result.Months.Last.ToString(),
        result.IsSuccess,
        result.Counts.Offers,
        result.Counts.Taken,
        result.Counts.Unchanged,
        result.Counts.Rows,
        [
            .. result.Offers.Select(o => new PulledOfferDocument(o.Month.ToString(), o.Part, o.Description, o.DeliveryId, o.EvidenceId,
                o.IsUnchanged, o.Rows)),
        ],
        result.Failures);
}

/// <summary>An offer that was taken.</summary>
internal sealed record PulledOfferDocument(string Month, string Part, string Description, int? DeliveryId, long? EvidenceId, bool IsUnchanged,
    long RowCount);
