using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Policies;
using CiCost.Accounting.Reconciliation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;

namespace CiCost.Accounting.Explain;

/// <summary>A raw row, followed up to the figures that it is in.</summary>
public sealed record RowExplanation
{
    /// <summary>The book version.</summary>
    public required BookVersion BookVersion { get; init; }

    /// <summary>The delivery.</summary>
    public required Delivery Delivery { get; init; }

    /// <summary>The object that the row is in; null for a rounding line.</summary>
    public DeliveryObject? Holder { get; init; }

    /// <summary>The row as it stands in the file; null for a rounding line.</summary>
    public RawRow? Raw { get; init; }

    /// <summary>The row as it is booked; null for a row that was set aside.</summary>
    public CostLine? Line { get; init; }

    /// <summary>Its dimension set; null for a row that was set aside.</summary>
    public DimensionSet? Set { get; init; }

    /// <summary>What the rules decided.</summary>
    public AttributionResult? Attribution { get; init; }

    /// <summary>Whether it counts.</summary>
    public SourceStanding? Standing { get; init; }

    /// <summary>How sure it is.</summary>
    public CostBasis? Basis { get; init; }

    /// <summary>The figures that it is in: metric, axis, month, and what it adds. Empty when the delivery was superseded or is
    /// evidence.</summary>
    public required IReadOnlyList<FigureShare> Figures { get; init; }
}

/// <summary>What a row adds to a figure.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Month">The month on that axis.</param>
/// <param name="Nanos">What the row adds.</param>
public sealed record FigureShare(CostMetric Metric, TimeAxis Axis, BillingMonth Month, Int128 Nanos);

/// <summary>From a raw row up to the figures that it is in.</summary>
public sealed class ExplainRow(Books books, PolicyShelf policies, IEnumerable<ILineFormat> formats, RereadLines reread,
    BookDeliveryOptions options)
{
    private readonly Dictionary<string, ILineFormat> _formats = formats.ToDictionary(f => f.Kind, StringComparer.Ordinal);

    /// <summary>Explains a row of a delivery.</summary>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="rowNumber">The row in the delivery, from 1.</param>
    /// <param name="asOf">As the books stood at this instant; null for now.</param>
    /// <exception cref="BooksException">There is no such delivery or row.</exception>
    public RowExplanation Run(int deliveryId, uint rowNumber, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var directory = new DeliveryDirectory(books);
        var delivery = directory.Get(deliveryId);
        if (!_formats.ContainsKey(delivery.Kind))
        {
            throw new BooksException("delivery-of-jobs",
                $"Delivery {deliveryId} of {delivery.SourceKey} holds job events, which are no lines of a bill: no figure comes from a row of it. 'cicost "
                + "jobs' has the hours of its runs; the deliveries of bills are in 'cicost deliveries' (/v1/deliveries).");
        }

        var version = new BookVersionDirectory(books).AsOf(asOf);
        var holder = rowNumber >= Ledger.Booking.RoundingLines.FirstRowNumber
            ? null
            : directory.ObjectsOf(deliveryId).LastOrDefault(o => o.FirstRow <= rowNumber && rowNumber < o.FirstRow + o.RowCount)
                ?? throw new BooksException("row-unknown",
                    $"Delivery {deliveryId} has {delivery.RowCount} rows; there is no row {rowNumber}.");
        var line = new LineReader(books).Find(deliveryId, rowNumber)
            ?? (delivery.IsPruned ? reread.Lines(deliveryId, cancellationToken).FirstOrDefault(l => l.RowNumber == rowNumber) : null);
        var explanation = new RowExplanation
        {
            BookVersion = version,
            Delivery = delivery,
            Holder = holder,
            Raw = holder is null ? null : ReadRaw(delivery, holder, rowNumber, cancellationToken),
            Line = line,
            Figures = [],
        };
        return line is null ? explanation : WithFigures(explanation, line, version);
    }

    private RawRow ReadRaw(Delivery delivery, DeliveryObject holder, uint rowNumber, CancellationToken cancellationToken)
    {
        ContentObject Open(DeliveryObject o) =>
            new(o.Name, () => books.Objects.OpenContent(o.Sha256, options.MaxContentBytes, o.Name));
        var content = Open(holder) with { DeliveredWith = [.. new DeliveryDirectory(books).ObjectsOf(delivery.Id).Select(Open)] };
        return _formats[delivery.Kind].ReadRows(content, [rowNumber - holder.FirstRow + 1], cancellationToken)[0];
    }

    private RowExplanation WithFigures(RowExplanation explanation, CostLine line, BookVersion version)
    {
        var set = new DimensionReader(books).Get(line.DimensionSetId);
        var day = ChargeDay.Of(DateOnly.FromDateTime(line.ChargePeriodStart.UtcDateTime));
        var policy = policies.Get(version.RuleSetId).Set;
        var attribution = policy.Attributor.Attribute(set).First(a => a.ValidFromDay <= day && day < a.ValidToDay).Result;
        var (standing, basis) = policy.Coverage.Resolve(attribution[AttributeName.Domain], explanation.Delivery.SourceKey, day);
        var key = BilledCells.LineKey(policy, attribution, set[DimensionColumn.BillingAccountId], set[DimensionColumn.InvoiceIssuerName],
            set[DimensionColumn.BillingCurrency] ?? "");
        var scope = new CostCellReader(books).Scopes(version).FirstOrDefault(s => s.DeliveryId == line.DeliveryId);
        if (basis == CostBasis.Billed && standing.Counts() && scope is not null
            && new InvoicedCosts(books, policies).Contains(version, scope, attribution, key))
        {
            basis = CostBasis.Invoiced;
        }

        return explanation with
        {
            Set = set,
            Attribution = attribution,
            Standing = standing,
            Basis = basis,
            Figures = scope is null || !standing.Counts() ? []
                : Figures(line, scope, attribution, standing, basis, set, day,
                    line.IsRounding ? RoundedMeaning(line, scope, version, day) : new LineSorts(policy).Of(attribution, basis)),
        };
    }

    /// <summary>A rounding line counts with the lines that it rounds: those of its delivery and charge month.</summary>
    private LineMeaning RoundedMeaning(CostLine line, ScopeState scope, BookVersion version, int day)
    {
        var month = BillingMonth.Of(ChargeDay.ToDate(day));
        return CostCube.Read(books, policies, version, TimeAxis.Charge, month, month, byDay: false).Cells
            .First(c => c.Scope.ScopeId == scope.ScopeId && c.Cell.DimensionSetId == line.DimensionSetId).Meaning;
    }

    private static List<FigureShare> Figures(
        CostLine line, ScopeState scope, AttributionResult attribution, SourceStanding standing, CostBasis basis, DimensionSet set, int day,
        LineMeaning meaning)
    {
        var month = BillingMonth.Of(ChargeDay.ToDate(day));
        var cell = new CostCell(
            scope.ScopeId, month.Index, line.DimensionSetId, line.BillingMonthIndex, 1, line.BilledNanos, line.EffectiveNanos,
                line.ListNanos, line.ContractedNanos);
        var attributed = new AttributedCell(cell, scope, month.Index, day, attribution, standing, basis,
            set[DimensionColumn.BillingCurrency] ?? "")
        {
            Meaning = meaning,
        };
        return
        [
            .. from metric in Enum.GetValues<CostMetric>()
               where attributed.BelongsTo(metric)
               from axis in Enum.GetValues<TimeAxis>()
               select new FigureShare(
                   metric,
                   axis,
                   axis switch { TimeAxis.Charge => month, TimeAxis.Billing => scope.BillingMonth, _ => scope.PostingMonth },
                   attributed.Nanos(metric)),
        ];
    }
}
