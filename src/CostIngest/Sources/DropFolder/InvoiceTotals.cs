using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>A line of an invoice.</summary>
/// <param name="Invoice">Whose invoice it is on.</param>
/// <param name="Category">ChargeCategory.</param>
/// <param name="Attos">BilledCost in 1e-18, exact.</param>
internal readonly record struct InvoiceLine(InvoiceKey Invoice, string Category, Int128 Attos);

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
                sums.Tax = (sums.Tax ?? 0) + line.Attos;
                break;
            case "Credit":
                sums.Credits = (sums.Credits ?? 0) + line.Attos;
                break;
            default:
                sums.Charges += line.Attos;
                break;
        }
    }

    /// <summary>
    /// What the invoices state. An invoice is whole: without a line of charges it states that there are none, and likewise of tax where
    /// the payable is stated.
    /// </summary>
    /// <param name="folder">For errors.</param>
    /// <exception cref="SourceException">A sum is larger than the books hold.</exception>
    public IReadOnlyList<ControlFigure> ToFigures(string folder)
    {
        List<ControlFigure> figures = [];
        foreach (var (invoice, sums) in _sums.OrderBy(s => s.Key.Account, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Issuer, StringComparer.Ordinal).ThenBy(s => s.Key.Currency, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Id, StringComparer.Ordinal).ThenBy(s => s.Key.IsEstimated))
        {
            (ControlMeasure, Int128?)[] measures = areCreditsWithin
                ? [(ControlMeasure.Tax, sums.Tax ?? 0), (ControlMeasure.Payable, sums.Charges + (sums.Tax ?? 0) + (sums.Credits ?? 0))]
                : [(ControlMeasure.ChargesWithoutTax, sums.Charges), (ControlMeasure.Tax, sums.Tax), (ControlMeasure.Credits, sums.Credits)];
            foreach (var (measure, amount) in measures)
            {
                if (amount is { } attos)
                {
                    figures.Add(Figure(folder, invoice, measure, attos));
                }
            }
        }

        return figures;
    }

    private ControlFigure Figure(string folder, in InvoiceKey invoice, ControlMeasure measure, Int128 attos) => new()
    {
        PayerAccount = invoice.Account,
        InvoiceIssuer = invoice.Issuer,
        BillingMonth = month,
        Currency = invoice.Currency,
        Measure = measure,
        Breakdown = ControlBreakdown.Invoice,
        Item = invoice.Id,
        IsEstimated = invoice.IsEstimated,
        AmountNanos = FocusDecimal.TryRound(attos, out var nanos, out _) == FocusDecimalError.None
            ? nanos
            : throw new SourceException("invoice-too-large",
                $"{folder}: the lines of invoice '{invoice.Id}' of account '{invoice.Account}' add up to {DecimalText.OfAttos(attos)} "
                + $"{invoice.Currency}; the most that can be held is 9,223,372,036. Correct the amounts in BilledCost."),
    };

    private sealed class Sums
    {
        public Int128 Charges { get; set; }

        public Int128? Tax { get; set; }

        public Int128? Credits { get; set; }
    }
}
