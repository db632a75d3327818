using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>A line of an invoice.</summary>
/// <param name="Invoice">Whose invoice it is on.</param>
/// <param name="Category">ChargeCategory.</param>
/// <param name="Amount">BilledCost, exact.</param>
internal readonly record struct InvoiceLine(InvoiceKey Invoice, string Category, ExactAmount Amount);

/// <summary>An invoice of one account, in one currency and one state.</summary>
/// <param name="Account">BillingAccountId.</param>
/// <param name="Issuer">InvoiceIssuerName.</param>
/// <param name="Currency">BillingCurrency.</param>
/// <param name="Id">InvoiceId.</param>
/// <param name="IsEstimated">True while the invoice is open.</param>
internal readonly record struct InvoiceKey(string Account, string Issuer, string Currency, string Id, bool IsEstimated);

/// <summary>Adds up the lines of invoices, exactly; each sum is rounded once.</summary>
internal sealed class InvoiceTotals(BillingMonth month, bool areCreditsWithin)
{
    private readonly Dictionary<InvoiceKey, Sums> _sums = [];

    /// <summary>Adds a line.</summary>
    public void Add(in InvoiceLine line)
    {
        if (!_sums.TryGetValue(line.Invoice, out var sums))
        {
            _sums.Add(line.Invoice, sums = new Sums());
        }

        switch (line.Category)
        {
            case "Tax":
                sums.Tax = (sums.Tax ?? default) + line.Amount;
                break;
            case "Credit":
                sums.Credits = (sums.Credits ?? default) + line.Amount;
                break;
            default:
                sums.Charges += line.Amount;
                break;
        }
    }

    /// <summary>
    /// What the invoices state. An invoice is whole: without a line of charges it states that there are none, and likewise of tax where
    /// the payable is stated.
    /// </summary>
    public IReadOnlyList<ControlFigure> ToFigures()
    {
        List<ControlFigure> figures = [];
        foreach (var (invoice, sums) in _sums.OrderBy(s => s.Key.Account, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Issuer, StringComparer.Ordinal).ThenBy(s => s.Key.Currency, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Id, StringComparer.Ordinal).ThenBy(s => s.Key.IsEstimated))
        {
            (ControlMeasure, ExactAmount?)[] measures = areCreditsWithin
                ? [(ControlMeasure.Tax, sums.Tax ?? default(ExactAmount)),
                    (ControlMeasure.Payable, sums.Charges + (sums.Tax ?? default) + (sums.Credits ?? default))]
                : [(ControlMeasure.ChargesWithoutTax, sums.Charges), (ControlMeasure.Tax, sums.Tax), (ControlMeasure.Credits, sums.Credits)];
            foreach (var (measure, amount) in measures)
            {
                if (amount is { } exact)
                {
                    figures.Add(Figure(invoice, measure, exact));
                }
            }
        }

        return figures;
    }

    private ControlFigure Figure(in InvoiceKey invoice, ControlMeasure measure, ExactAmount amount) => new()
    {
        PayerAccount = invoice.Account,
        InvoiceIssuer = invoice.Issuer,
        BillingMonth = month,
        Currency = invoice.Currency,
        Measure = measure,
        Breakdown = ControlBreakdown.Invoice,
        Item = invoice.Id,
        IsEstimated = invoice.IsEstimated,
        AmountNanos = amount.RoundHalfEven(),
    };

    private sealed class Sums
    {
        public ExactAmount Charges { get; set; }

        public ExactAmount? Tax { get; set; }

        public ExactAmount? Credits { get; set; }
    }
}
