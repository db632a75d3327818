using CiCost.Accounting.Costs;
using CiCost.Accounting.Explain;
using CiCost.Domain.Money;
using CiCost.Ledger.Costs;

namespace CiCost.CostApi.Documents;

/// <summary>A figure taken apart, down to raw rows and rules: <c>/v1/explain</c> and <c>cicost explain --json</c>.</summary>
/// <param name="Query">The figure.</param>
/// <param name="BookVersion">The books that answered.</param>
/// <param name="Totals">The figure per currency, exact.</param>
/// <param name="Display">The figure per currency in cents, for people: what every table shows of it.</param>
/// <param name="RowTotals">What all bill rows behind it add up to, per currency: the same.</param>
/// <param name="RowCount">How many bill rows are behind it.</param>
/// <param name="Parts">Its parts by dimension set, largest first.</param>
/// <param name="Rows">The largest bill rows.</param>
/// <param name="RereadDeliveries">Superseded deliveries whose rows were read from the raw objects again.</param>
public sealed record ExplainFigureDocument(
    QueryDocument Query,
    BookVersionDocument BookVersion,
    IReadOnlyDictionary<string, string> Totals,
    IReadOnlyDictionary<string, string> Display,
    IReadOnlyDictionary<string, string> RowTotals,
    long RowCount,
    IReadOnlyList<FigurePartDocument> Parts,
    IReadOnlyList<FigureRowDocument> Rows,
    IReadOnlyList<int> RereadDeliveries)
{
    /// <summary>The document of an explanation.</summary>
    public static ExplainFigureDocument Of(FigureExplanation figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return new ExplainFigureDocument(
            QueryDocument.Of(figure.Query),
            BookVersionDocument.Of(figure.BookVersion),
            figure.TotalNanos.ToDictionary(t => t.Key, t => DecimalText.OfNanos(t.Value)),
            figure.TotalCents.ToDictionary(t => t.Key, t => Amounts.OfCents(t.Value)),
            figure.RowTotalNanos.ToDictionary(t => t.Key, t => DecimalText.OfNanos(t.Value)),
            figure.RowCount,
            [.. figure.Parts.Select(p => new FigurePartDocument(p.Source, p.DeliveryId, p.Period, p.DimensionSetId, p.Description,
                p.Currency, DecimalText.OfNanos(p.Nanos), p.LineCount, p.Role, p.Decisions))],
            [.. figure.Rows.Select(r => new FigureRowDocument(r.DeliveryId, r.RowNumber, r.ObjectSha256, r.ObjectName, r.RowInObject,
                r.Currency, DecimalText.OfNanos(r.Nanos), LineDocument.Of(r.Line)))],
            figure.RereadDeliveries);
    }
}

/// <summary>A part of a figure: a dimension set in a scope and charge month, or day where a rule changes within the month.</summary>
/// <param name="Source">The source.</param>
/// <param name="DeliveryId">The delivery that says so.</param>
/// <param name="Period">The charge month or charge day.</param>
/// <param name="DimensionSetId">The dimension set.</param>
/// <param name="Description">Service and charge description.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">The exact amount.</param>
/// <param name="Lines">Bill lines behind it.</param>
/// <param name="Role">Its role, and the funding rule that decided it.</param>
/// <param name="Decisions">Per attribute its value and the rule that decided it.</param>
public sealed record FigurePartDocument(
    string Source,
    int DeliveryId,
    string Period,
    long DimensionSetId,
    string Description,
    string Currency,
    string Amount,
    long Lines,
    string Role,
    IReadOnlyList<RuleDecision> Decisions);

/// <summary>A bill row behind a figure.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="RowNumber">The row in the delivery.</param>
/// <param name="ObjectSha256">The raw object; null for a rounding line.</param>
/// <param name="ObjectName">Its name; null for a rounding line.</param>
/// <param name="RowInObject">The row in the object, from 1 after the header; null for a rounding line.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">What the row adds to the figure, exact.</param>
/// <param name="Line">The row as it is booked.</param>
public sealed record FigureRowDocument(
    int DeliveryId,
    uint RowNumber,
    string? ObjectSha256,
    string? ObjectName,
    long? RowInObject,
    string Currency,
    string Amount,
    LineDocument Line);

/// <summary>A bill row as it is booked.</summary>
/// <param name="DimensionSetId">Its dimension set.</param>
/// <param name="ChargePeriodStart">ChargePeriodStart, UTC.</param>
/// <param name="ChargePeriodEnd">ChargePeriodEnd, UTC.</param>
/// <param name="Billed">BilledCost.</param>
/// <param name="Effective">EffectiveCost.</param>
/// <param name="List">ListCost.</param>
/// <param name="Contracted">ContractedCost.</param>
/// <param name="PricingQuantity">PricingQuantity.</param>
/// <param name="ConsumedQuantity">ConsumedQuantity.</param>
/// <param name="ResourceId">ResourceId.</param>
/// <param name="ResourceName">ResourceName.</param>
/// <param name="Tags">Tags that are no dimensions, a JSON object as text.</param>
/// <param name="ListUnitPrice">ListUnitPrice as it stands in the bill.</param>
/// <param name="ContractedUnitPrice">ContractedUnitPrice as it stands in the bill.</param>
public sealed record LineDocument(
    long DimensionSetId,
    DateTimeOffset ChargePeriodStart,
    DateTimeOffset ChargePeriodEnd,
    string Billed,
    string Effective,
    string List,
    string Contracted,
    string? PricingQuantity,
    string? ConsumedQuantity,
    string? ResourceId,
    string? ResourceName,
    string? Tags,
    string? ListUnitPrice,
    string? ContractedUnitPrice)
{
    internal static LineDocument Of(CostLine line) => new(
        line.DimensionSetId,
        line.ChargePeriodStart,
        line.ChargePeriodEnd,
        DecimalText.OfNanos(line.BilledNanos),
        DecimalText.OfNanos(line.EffectiveNanos),
        DecimalText.OfNanos(line.ListNanos),
        DecimalText.OfNanos(line.ContractedNanos),
        line.PricingQuantity?.ToString(),
        line.ConsumedQuantity?.ToString(),
        line.ResourceId,
        line.ResourceName,
        line.Tags,
        line.ListUnitPrice,
        line.ContractedUnitPrice);
}

/// <summary>A raw row, followed up to the figures that it is in: <c>/v1/explain?delivery=ID&amp;row=N</c>.</summary>
/// <param name="BookVersion">The books that answered.</param>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="Source">Its source.</param>
/// <param name="BillingPeriod">Its billing period.</param>
/// <param name="SupersededBy">The delivery that took its place.</param>
/// <param name="ObjectSha256">The raw object; null for a rounding line.</param>
/// <param name="ObjectName">Its name.</param>
/// <param name="RowInObject">The row in the object, from 1 after the header.</param>
/// <param name="ByteOffset">Where the row begins in the decompressed object.</param>
/// <param name="Raw">The row as it stands in the file: column and text.</param>
/// <param name="Line">The row as it is booked; null when it was set aside.</param>
/// <param name="Decisions">Per attribute its value and the rule that decided it.</param>
/// <param name="Role">Its role.</param>
/// <param name="Standing"><c>ledger</c>, <c>evidence</c> or <c>uncovered</c>.</param>
/// <param name="Basis">How sure it is.</param>
/// <param name="Figures">The figures that it is in, with what it adds to each.</param>
public sealed record ExplainRowDocument(
    BookVersionDocument BookVersion,
    int DeliveryId,
    string Source,
    string BillingPeriod,
    int? SupersededBy,
    string? ObjectSha256,
    string? ObjectName,
    long? RowInObject,
    long? ByteOffset,
    IReadOnlyDictionary<string, string>? Raw,
    LineDocument? Line,
    IReadOnlyList<RuleDecision>? Decisions,
    string? Role,
    string? Standing,
    string? Basis,
    IReadOnlyList<FigureShareDocument> Figures)
{
    /// <summary>The document of an explanation.</summary>
    public static ExplainRowDocument Of(RowExplanation row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new ExplainRowDocument(
            BookVersionDocument.Of(row.BookVersion),
            row.Delivery.Id,
            row.Delivery.SourceKey,
            row.Delivery.BillingMonth.ToString(),
            row.Delivery.SupersededBy,
            row.Holder?.Sha256,
            row.Holder?.Name,
            row.Raw?.RowNumber,
            row.Raw?.ByteOffset,
            row.Raw?.Fields.ToDictionary(f => f.Key, f => f.Value),
            row.Line is null ? null : LineDocument.Of(row.Line),
            row.Attribution is null ? null : ExplainFigure.Decisions(row.Attribution),
            row.Attribution is null ? null : CostCube.RoleText(row.Attribution.Role),
            row.Standing is null ? null : CostsDocument.Name(row.Standing.Value),
            row.Basis is null ? null : CostCube.BasisText(row.Basis.Value),
            [.. row.Figures.Select(f => new FigureShareDocument(CostsDocument.Name(f.Metric), CostsDocument.Name(f.Axis),
                f.Month.ToString(), DecimalText.OfNanos(f.Nanos)))]);
    }
}

/// <summary>What a row adds to a figure.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Month">The month on that axis.</param>
/// <param name="Amount">What the row adds, exact.</param>
public sealed record FigureShareDocument(string Metric, string Axis, string Month, string Amount);
