using System.Text.Json;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;

namespace CiCost.CostIngest.Sources.Aws.Invoices;

/// <summary>
/// Reads invoice summaries:
/// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_invoicing_InvoiceSummary.html.
/// </summary>
/// <param name="payerAccount">The account that was asked for.</param>
/// <param name="month">The billing period that was asked for.</param>
internal sealed class InvoiceFigures(string payerAccount, BillingMonth month)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<ControlFigure> _figures = [];

    public IReadOnlyList<ControlFigure> All => _figures;

    private string Subject => $"AWS Invoicing ({month} of {payerAccount})";

    /// <summary>Reads one page.</summary>
    public void Read(JsonElement page)
    {
        foreach (var invoice in page.GetProperty("InvoiceSummaries").EnumerateArray())
        {
            var id = invoice.GetProperty("InvoiceId").GetString() ?? "";
            var type = invoice.TryGetProperty("InvoiceType", out var t) ? t.GetString() : null;
            if (!_seen.Add(id))
            {
                throw new SourceException("paging-broken", $"{Subject} answered invoice '{id}' twice: a page came twice. Run it again.");
            }

            var period = invoice.GetProperty("BillingPeriod");
            var stated = new BillingMonth(period.GetProperty("Year").GetInt32(), period.GetProperty("Month").GetInt32());
            if (stated != month)
            {
                throw new SourceException("answer-unreadable", $"{Subject} answered invoice '{id}' of {stated}.");
            }

            // A receipt says that an invoice was paid; its amount is no charge.
            if (type != "PAYMENT_RECEIPT")
            {
                Add(invoice, id, type ?? "INVOICE");
            }
        }
    }

    private void Add(JsonElement invoice, string id, string type)
    {
        var amounts = invoice.GetProperty("BaseCurrencyAmount");
        var currency = amounts.GetProperty("CurrencyCode").GetString();
        if (!AwsAmount.IsCurrency(currency))
        {
            throw new SourceException("answer-unreadable", $"{Subject} answered invoice '{id}' in '{currency}', which is no currency.");
        }

        // A credit memo lowers the month, whichever sign its amount is written with.
        var sign = type == "CREDIT_MEMO" ? -1 : 1;
        var total = Signed(Amount(amounts, "TotalAmount"), sign);
        Add(invoice, id, type, currency!, ControlMeasure.Payable, total);
        if (amounts.TryGetProperty("TotalAmountBeforeTax", out var before) && before.ValueKind == JsonValueKind.String)
        {
            var tax = checked(total - Signed(Amount(amounts, "TotalAmountBeforeTax"), sign));
            Add(invoice, id, type, currency!, ControlMeasure.Tax, tax);
        }
    }

    private void Add(JsonElement invoice, string id, string type, string currency, ControlMeasure measure, Int128 nanos) => _figures.Add(
        new ControlFigure
        {
            PayerAccount = payerAccount,
            InvoiceIssuer = invoice.TryGetProperty("Entity", out var entity) && entity.ValueKind == JsonValueKind.Object
                && entity.TryGetProperty("InvoicingEntity", out var issuer) ? issuer.GetString() : null,
            BillingMonth = month,
            Currency = currency,
            Measure = measure,
            Breakdown = ControlBreakdown.Invoice,
            Item = id,
            RecordType = type,
            AmountNanos = nanos,
        });

    private Int128 Amount(JsonElement amounts, string name) => AwsAmount.Nanos(Subject, amounts.GetProperty(name).GetString() ?? "");

    private static Int128 Signed(Int128 nanos, int sign) => sign < 0 ? -Int128.Abs(nanos) : nanos;
}
