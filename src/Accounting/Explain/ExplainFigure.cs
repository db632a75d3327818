using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;
using CiCost.Ledger.Deliveries;

namespace CiCost.Accounting.Explain;

/// <summary>One part of a figure: a dimension set in a scope and charge month (or day), with the rules that put it there.</summary>
/// <param name="Source">The source.</param>
/// <param name="DeliveryId">The delivery that says so in this book version.</param>
/// <param name="Period">The charge month, or the charge day where a rule changes within the month.</param>
/// <param name="DimensionSetId">The dimension set.</param>
/// <param name="Description">Service and charge description.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Nanos">The amount.</param>
/// <param name="LineCount">Lines behind it.</param>
/// <param name="Role">Its role, and the funding rule that decided it, if any.</param>
/// <param name="Decisions">Per attribute its value and the id of the deciding rule.</param>
public sealed record FigurePart(
    string Source,
    int DeliveryId,
    string Period,
    long DimensionSetId,
    string Description,
    string Currency,
    Int128 Nanos,
    long LineCount,
    string Role,
    IReadOnlyList<RuleDecision> Decisions);

/// <summary>What a rule decided.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Value">Its value, or Unattributed.</param>
/// <param name="RuleId">The rule, or null where none matched.</param>
public sealed record RuleDecision(string Attribute, string Value, string? RuleId);

/// <summary>A bill row behind a figure.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="RowNumber">The row in the delivery.</param>
/// <param name="ObjectSha256">The raw object; null for a rounding line.</param>
/// <param name="ObjectName">Its name; null for a rounding line.</param>
/// <param name="RowInObject">The row of the file, from 1 after the header; null for a rounding line. One row may make several
/// lines.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Nanos">What the row adds to the figure.</param>
/// <param name="Line">The line as it is booked.</param>
public sealed record FigureRow(
    int DeliveryId,
    uint RowNumber,
    string? ObjectSha256,
    string? ObjectName,
    long? RowInObject,
    string Currency,
    Int128 Nanos,
    CostLine Line);

/// <summary>A figure taken apart.</summary>
public sealed record FigureExplanation
{
    /// <summary>The question.</summary>
    public required CostQuery Query { get; init; }

    /// <summary>The book version.</summary>
    public required BookVersion BookVersion { get; init; }

    /// <summary>The figure per currency.</summary>
    public required IReadOnlyDictionary<string, Int128> TotalNanos { get; init; }

    /// <summary>What every table shows of it, per currency, in cents.</summary>
    public required IReadOnlyDictionary<string, long> TotalCents { get; init; }

    /// <summary>Its parts, largest first.</summary>
    public required IReadOnlyList<FigurePart> Parts { get; init; }

    /// <summary>What all bill rows behind it add up to, per currency: equal to the figure, or a check fails.</summary>
    public required IReadOnlyDictionary<string, Int128> RowTotalNanos { get; init; }

    /// <summary>The number of bill rows behind it.</summary>
    public required long RowCount { get; init; }

    /// <summary>The largest bill rows.</summary>
    public required IReadOnlyList<FigureRow> Rows { get; init; }

    /// <summary>Deliveries whose lines had been removed, so that their rows were read from the raw objects again.</summary>
    public required IReadOnlyList<int> RereadDeliveries { get; init; }
}

/// <summary>From a figure of <see cref="QueryCosts"/> down to raw object, row number and rule.</summary>
public sealed class ExplainFigure(Books books, QueryCosts costs, RereadLines reread)
{
    /// <summary>Takes a figure apart.</summary>
    /// <param name="query">The figure: months, metric, axis and conditions; its grouping does not matter.</param>
    /// <param name="shownRows">How many of the largest bill rows to list.</param>
    public FigureExplanation Run(CostQuery query, int shownRows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var canonical = costs.Canonical(query with { GroupBy = [] });
        var cube = costs.CubeFor(canonical);
        var cells = QueryCosts.Matching(cube, canonical).Where(c => c.Counts && c.BelongsTo(canonical.Metric)).ToList();
        var rows = new RowCollector(shownRows, canonical.Metric);
        List<int> rereadDeliveries = [];
        foreach (var scope in cells.GroupBy(c => c.Scope))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var source = new LineSource(books, reread, scope.Key);
            rows.Add(source.Lines([.. scope], cancellationToken), scope.Key, source.Objects);
            if (source.WasReread)
            {
                rereadDeliveries.Add(scope.Key.DeliveryId);
            }
        }

        return new FigureExplanation
        {
            Query = canonical,
            BookVersion = cube.Version,
            TotalNanos = cells.GroupBy(c => c.Currency).OrderBy(g => g.Key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Aggregate((Int128)0, (sum, c) => sum + c.Nanos(canonical.Metric))),
            TotalCents = costs.Run(canonical).Proofs.ToDictionary(p => p.Currency, p => p.Cents.Total),
            Parts = [.. cells.Select(c => Part(cube, c, canonical.Metric)).OrderByDescending(p => Int128.Abs(p.Nanos)).ThenBy(p
                => p.DimensionSetId)],
            RowTotalNanos = rows.Totals,
            RowCount = rows.Count,
            Rows = InTheirFiles(rows.Largest, cancellationToken),
            RereadDeliveries = rereadDeliveries,
        };
    }

    /// <summary>Finds the rows of the files, which are fewer than the lines where a format makes several of one row.</summary>
    private List<FigureRow> InTheirFiles(IReadOnlyList<FigureRow> rows, CancellationToken cancellationToken)
    {
        var directory = new DeliveryDirectory(books);
        Dictionary<(int, uint), long> fileRows = [];
        foreach (var delivery in rows.Where(r => r.ObjectSha256 is not null).GroupBy(r => r.DeliveryId))
        {
            var kind = directory.Get(delivery.Key).Kind;
            foreach (var holder in directory.ObjectsOf(delivery.Key))
            {
                var numbers = delivery.Select(r => r.RowNumber).Where(n => holder.FirstRow <= n && n < holder.FirstRow + holder.RowCount)
                    .ToList();
                if (numbers.Count == 0)
                {
                    continue;
                }

                foreach (var (number, row) in reread.FileRows(kind, holder, numbers, cancellationToken))
                {
                    fileRows[(delivery.Key, number)] = row;
                }
            }
        }

        return [.. rows.Select(r => fileRows.TryGetValue((r.DeliveryId, r.RowNumber), out var row) ? r with { RowInObject = row } : r)];
    }

    private static FigurePart Part(CostCube cube, AttributedCell cell, CostMetric metric) => new(
        cell.Scope.SourceKey,
        cell.Scope.DeliveryId,
        cell.ChargeDay is { } day ? ChargeDay.ToText(day) : BillingMonth.FromIndex(cell.ChargeMonthIndex).ToString(),
        cell.Cell.DimensionSetId,
        $"{cube.ValueOf(cell, nameof(DimensionColumn.ServiceName))} | {cube.ValueOf(cell, nameof(DimensionColumn.ChargeDescription))}",
        cell.Currency,
        cell.Nanos(metric),
        cell.Cell.LineCount,
        CostCube.RoleText(cell.Attribution.Role) + (cell.Attribution.RoleRuleId is { } rule ? $" ({rule})" : ""),
        Decisions(cell.Attribution));

    /// <summary>Every attribute with its value and rule.</summary>
    public static IReadOnlyList<RuleDecision> Decisions(AttributionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. CostDimensions.AttributeNames.Select((name, i)
            => new RuleDecision(name, result.Values[i] ?? AttributionResult.Unattributed, result.RuleIds[i]))];
    }
}
