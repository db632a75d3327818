using CiCost.Accounting.Booking;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Ledger.Deliveries;

namespace CiCost.CostApi.Documents;

/// <summary>What was delivered when, and what took whose place: <c>/v1/deliveries</c> and <c>cicost deliveries --json</c>.</summary>
/// <param name="Deliveries">The deliveries, oldest first.</param>
public sealed record DeliveriesDocument(IReadOnlyList<DeliveryDocument> Deliveries)
{
    /// <summary>The document of some deliveries.</summary>
    public static DeliveriesDocument Of(IEnumerable<Delivery> deliveries, DeliveryDirectory directory) =>
        new([.. deliveries.Select(d => DeliveryDocument.Of(d, directory))]);
}

/// <summary>What one delivery is complete for.</summary>
/// <param name="BillingPeriod">The billing period.</param>
/// <param name="Part">The part of it; <c>*</c> when the delivery is all of it.</param>
public sealed record ScopeDocument(string BillingPeriod, string Part);

/// <summary>One delivery.</summary>
/// <param name="DeliveryId">Its id; later deliveries have larger ones.</param>
/// <param name="Source">The source.</param>
/// <param name="Kind">The format.</param>
/// <param name="Scope">What it is complete for.</param>
/// <param name="BookVersion">The book version that it made.</param>
/// <param name="Supersedes">The delivery whose place it took.</param>
/// <param name="SupersededBy">The delivery that took its place.</param>
/// <param name="PostingMonth">The open month that took it into the books.</param>
/// <param name="FormatVersion">The version of the format.</param>
/// <param name="Profile">The profile that read it.</param>
/// <param name="Rows">Its rows, set-aside ones included.</param>
/// <param name="Quarantined">Rows set aside.</param>
/// <param name="EmptyCosts">Cost fields that were empty and count as 0.</param>
/// <param name="NewDimensionSets">Dimension sets that the books had not seen.</param>
/// <param name="BookedAt">When it was booked, UTC.</param>
/// <param name="LinesRemoved">True when it was superseded and its lines were removed; its raw objects stay.</param>
/// <param name="Totals">Its exact totals per currency, with what rounding the lines left out of each.</param>
public sealed record DeliveryDocument(
    int DeliveryId,
    string Source,
    string Kind,
    ScopeDocument Scope,
    long BookVersion,
    int? Supersedes,
    int? SupersededBy,
    string PostingMonth,
    string FormatVersion,
    string? Profile,
    long Rows,
    long Quarantined,
    long EmptyCosts,
    long NewDimensionSets,
    DateTimeOffset BookedAt,
    bool LinesRemoved,
    IReadOnlyDictionary<string, ExactCosts> Totals)
{
    /// <summary>The document of a delivery.</summary>
    public static DeliveryDocument Of(Delivery delivery, DeliveryDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(directory);
        return new DeliveryDocument(
            delivery.Id,
            delivery.SourceKey,
            delivery.Kind,
            new ScopeDocument(delivery.BillingMonth.ToString(), delivery.Part),
            delivery.BookVersionId,
            delivery.Supersedes,
            delivery.SupersededBy,
            delivery.PostingMonth.ToString(),
            delivery.FormatVersion,
            delivery.Profile,
            delivery.RowCount,
            delivery.QuarantinedCount,
            delivery.EmptyCostCount,
            delivery.NewDimensionSets,
            delivery.BookedAt,
            delivery.IsPruned,
            DeliveryCosts.Of(directory.TotalsOf(delivery.Id)));
    }
}

/// <summary>One delivery with what it changed: <c>/v1/deliveries?delivery=ID</c>.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Objects">Its raw objects.</param>
/// <param name="Tolerances">What the profile let pass, and how often.</param>
/// <param name="ChangedDays">The charge days with other lines than in the delivery that it superseded.</param>
/// <param name="Differences">The groups with other sums.</param>
public sealed record OneDeliveryDocument(
    DeliveryDocument Delivery,
    IReadOnlyList<DeliveryObject> Objects,
    IReadOnlyList<ToleranceDocument> Tolerances,
    IReadOnlyList<ChangedDayDocument> ChangedDays,
    IReadOnlyList<DifferenceDocument> Differences)
{
    /// <summary>The document of a delivery.</summary>
    public static OneDeliveryDocument Of(Delivery delivery, DeliveryDirectory directory, DeliveryDifferences differences)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(differences);
        return new OneDeliveryDocument(
            DeliveryDocument.Of(delivery, directory),
            directory.ObjectsOf(delivery.Id),
            [.. directory.TolerancesOf(delivery.Id).Select(t => new ToleranceDocument(t.Name, t.Count, t.FirstRow, t.Example))],
            delivery.Supersedes is { } before
                ? [.. differences.ChangedDays(before, delivery.Id).Select(d
                    => new ChangedDayDocument(ChargeDay.ToText(d.ChargeDay), d.LinesBefore, d.LinesAfter))]
                : [],
            delivery.Supersedes is null ? [] : [.. differences.Of(delivery.Id).Select(DifferenceDocument.Of)]);
    }
}

/// <summary>Something that a profile let pass.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How often.</param>
/// <param name="FirstRow">The first row.</param>
/// <param name="Example">The first value.</param>
public sealed record ToleranceDocument(string Name, long Count, long FirstRow, string Example);

/// <summary>A charge day whose lines a delivery changed.</summary>
/// <param name="Day">The day.</param>
/// <param name="LinesBefore">Lines before.</param>
/// <param name="LinesAfter">Lines after.</param>
public sealed record ChangedDayDocument(string Day, long LinesBefore, long LinesAfter);

/// <summary>What a delivery changed in one group, after minus before.</summary>
/// <param name="Day">The charge day.</param>
/// <param name="DimensionSetId">The dimension set.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Description">Service and charge description.</param>
/// <param name="Lines">Lines.</param>
/// <param name="Billed">BilledCost.</param>
/// <param name="Effective">EffectiveCost.</param>
/// <param name="List">ListCost.</param>
/// <param name="Contracted">ContractedCost.</param>
public sealed record DifferenceDocument(
    string Day,
    long DimensionSetId,
    string Currency,
    string Description,
    long Lines,
    string Billed,
    string Effective,
    string List,
    string Contracted)
{
    internal static DifferenceDocument Of(DeliveryDifference c) => new(
        ChargeDay.ToText(c.ChargeDay),
        c.DimensionSetId,
        c.Currency,
        c.Description,
        c.Lines,
        DecimalText.OfNanos(c.BilledNanos),
        DecimalText.OfNanos(c.EffectiveNanos),
        DecimalText.OfNanos(c.ListNanos),
        DecimalText.OfNanos(c.ContractedNanos));
}
