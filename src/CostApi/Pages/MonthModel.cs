using CiCost.Accounting.Costs;
using CiCost.Accounting.Presentation;
using CiCost.CostApi.Documents;
using CiCost.CostApi.Hosting;
using CiCost.Domain.Periods;
using CiCost.Ledger.BookVersions;

namespace CiCost.CostApi.Pages;

/// <summary>An amount in a table of the page.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Cents">The amount.</param>
public sealed record MonthRow(string Label, string Currency, long Cents)
{
    /// <summary>As it is shown.</summary>
    public string Text => Amounts.OfCents(Cents);
}

/// <summary>What the start page shows of a month. Cents of consumption are sums of one presentation cube: its tables foot.</summary>
public sealed record MonthModel
{
    /// <summary>The month.</summary>
    public required BillingMonth Month { get; init; }

    /// <summary>The books.</summary>
    public required BookVersion Version { get; init; }

    /// <summary>Every billing period with a delivery, newest first.</summary>
    public required IReadOnlyList<BillingMonth> Months { get; init; }

    /// <summary>Consumption per currency.</summary>
    public required IReadOnlyList<MonthRow> Totals { get; init; }

    /// <summary>Consumption by kind.</summary>
    public required IReadOnlyList<MonthRow> Kinds { get; init; }

    /// <summary>Consumption by basis.</summary>
    public required IReadOnlyList<MonthRow> Basis { get; init; }

    /// <summary>What is payable, per source.</summary>
    public required IReadOnlyList<SourceBridge> Sources { get; init; }

    /// <summary>What each payer is asked for.</summary>
    public required IReadOnlyList<PayableDocument> Payables { get; init; }

    /// <summary>How the checks ended, and how fresh the sources are.</summary>
    public required BooksCondition Condition { get; init; }

    /// <summary>The board reports that are there.</summary>
    public required IReadOnlyList<string> Reports { get; init; }

    /// <summary>Reads a month; null takes the newest one with data, or the newest month there is when the asked one has none.</summary>
    internal static async Task<MonthModel> ReadAsync(OpenBooks books, BillingMonth? asked, string? reportFolder,
        CancellationToken cancellationToken)
    {
        var (version, months, month) = ShownMonth.Of(books, asked);
        var cells = PresentationCube.Of(books.Funding.Run(month, month, null).Cells);
        var bridge = books.Bridge.Run(month, month, TimeAxis.Billing, null);
        return new MonthModel
        {
            Month = month,
            Version = version,
            Months = months,
            Totals = Rows(cells, _ => 0, _ => "consumption"),
            Kinds = Rows(cells, c => (int)c.Kind, c => ReaderWords.Kind(c.Kind)),
            Basis = Rows(cells, c => (int)c.Basis, c => ReaderWords.Basis(c.Basis)),
            Sources = SourceBridge.Of(bridge),
            Payables = PayableDocument.Of(bridge),
            Condition = await books.Checks.ConditionAsync(version, month, cancellationToken).ConfigureAwait(false),
            Reports = ReportFiles.Of(reportFolder, month),
        };
    }

    private static List<MonthRow> Rows(IReadOnlyList<PresentationCell> cells, Func<PresentationCell, int> order,
        Func<PresentationCell, string> label) =>
    [
        .. cells.GroupBy(c => (c.Currency, Order: order(c), Label: label(c)))
            .OrderBy(g => g.Key.Currency, StringComparer.Ordinal).ThenBy(g => g.Key.Order)
            .Select(g => new MonthRow(g.Key.Label, g.Key.Currency, g.Sum(c => c.Cents))),
    ];
}
