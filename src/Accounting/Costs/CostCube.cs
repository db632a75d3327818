using System.Collections.Immutable;
using CiCost.Accounting.Policies;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Costs;

namespace CiCost.Accounting.Costs;

/// <summary>
/// The cells of a range of months in one book version, attributed: what every figure is a sum of. Month cells where one attribution and
/// one standing hold for the whole charge month, day cells where a dated rule or the coverage changes within it.
/// </summary>
public sealed class CostCube
{
    private readonly DimensionReader _dimensions;
    private readonly Dictionary<string, IReadOnlyDictionary<long, string>> _columns = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    private CostCube(BookVersion version, ShelvedPolicy policy, ImmutableArray<AttributedCell> cells, DimensionReader dimensions)
    {
        Version = version;
        Policy = policy;
        Cells = cells;
        _dimensions = dimensions;
    }

    /// <summary>The book version.</summary>
    public BookVersion Version { get; }

    /// <summary>Its policy.</summary>
    public ShelvedPolicy Policy { get; }

    /// <summary>All cells, evidence included.</summary>
    public ImmutableArray<AttributedCell> Cells { get; }

    /// <summary>Reads and attributes the cells.</summary>
    /// <param name="books">The books.</param>
    /// <param name="policies">Their policies.</param>
    /// <param name="version">The book version.</param>
    /// <param name="axis">By which month.</param>
    /// <param name="from">The first month.</param>
    /// <param name="to">The last month, included.</param>
    /// <param name="byDay">True when every cell must be of one day.</param>
    public static CostCube Read(Books books, PolicyShelf policies, BookVersion version, TimeAxis axis, BillingMonth from, BillingMonth to,
        bool byDay)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(version);
        var reader = new CostCellReader(books);
        var scopes = reader.Scopes(version).Where(s => axis switch
        {
            TimeAxis.Billing => s.BillingMonth >= from && s.BillingMonth <= to,
            TimeAxis.Posting => s.PostingMonth >= from && s.PostingMonth <= to,
            _ => true,
        }).ToList();
        var (first, last) = axis == TimeAxis.Charge ? (from, to) : (BillingMonth.FromIndex(0), new BillingMonth(9998, 12));
        var dimensions = new DimensionReader(books);
        var policy = policies.Get(version.RuleSetId);
        var builder = new CubeBuilder(
            scopes,
            new AttributionReader(books).All(version.RuleSetId),
            policy.Set.Coverage,
            new LineSorts(policy.Set),
            dimensions.Column(nameof(DimensionColumn.BillingCurrency)));
        builder.AddMonths(reader.Months(scopes, first, last), byDay);
        foreach (var (scope, month) in builder.MonthsToSplit)
        {
            builder.AddDays(reader.Days([scope], ChargeDay.Of(month.FirstDay), ChargeDay.Of(month.LastDay)), scope, month);
        }

        return new CostCube(version, policy, builder.Cells, dimensions);
    }

    /// <summary>The same cube with other cells, each made from one of this.</summary>
    internal CostCube With(Func<AttributedCell, AttributedCell> make) => new(Version, Policy, [.. Cells.Select(make)], _dimensions);

    /// <summary>The value of a dimension for a cell, as it is shown.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="dimension">A canonical name, see <see cref="CostDimensions.Canonical"/>.</param>
    public string ValueOf(AttributedCell cell, string dimension)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return dimension switch
        {
            "source" => cell.Scope.SourceKey,
            "basis" => BasisText(cell.Basis),
            "role" => RoleText(cell.Attribution.Role),
            "part" => BooksParts.Text(cell.Meaning.Part),
            "grant" => cell.Attribution.GrantId ?? "",
            "month" => BillingMonth.FromIndex(cell.ChargeMonthIndex).ToString(),
            "day" => ChargeDay.ToText(cell.ChargeDay ?? throw new InvalidOperationException("A cube without days was asked for days.")),
            "billing-month" => cell.Scope.BillingMonth.ToString(),
            "posting-month" => cell.Scope.PostingMonth.ToString(),
            "delivery" => cell.Scope.DeliveryId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => CostDimensions.Attribute(dimension) is { } attribute
                ? cell.Attribution[attribute] ?? AttributionResult.Unattributed
                : Column(dimension).GetValueOrDefault(cell.Cell.DimensionSetId, ""),
        };
    }

    /// <summary>The name of a basis in answers.</summary>
    public static string BasisText(CostBasis basis) => basis switch
    {
        CostBasis.Invoiced => "invoiced",
        CostBasis.Billed => "billed",
        CostBasis.Estimated => "estimated",
        CostBasis.DonorStated => "donor-stated",
        _ => "carried-forward",
    };

    /// <summary>The name of a role in answers: both kinds of rounding are <c>rounding</c>.</summary>
    public static string RoleText(LineRole role) => role switch
    {
        LineRole.Charge => "charge",
        LineRole.Funding => "funding",
        _ => "rounding",
    };

    private IReadOnlyDictionary<long, string> Column(string dimension)
    {
        lock (_lock)
        {
            if (!_columns.TryGetValue(dimension, out var column))
            {
                column = _dimensions.Column(dimension);
                _columns.Add(dimension, column);
            }

            return column;
        }
    }
}
