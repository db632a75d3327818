using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;

namespace CiCost.CostIngest.Sources.Azure;

/// <summary>Makes control figures of two answers about one month, which have to agree.</summary>
/// <param name="payerAccount">The paying account, as the bills name it.</param>
/// <param name="scope">What was asked, for errors.</param>
/// <param name="isEstimated">True while Azure may still change the month.</param>
internal sealed class CostFigures(string payerAccount, string scope, BillingMonth month, bool isEstimated)
{
    // Both answers are sums of the same charges; only the service's own binary additions may differ.
    private const long ToleranceNanos = 10_000_000;

    /// <summary>The figures by service and by subscription, and the month's total of the former.</summary>
    /// <exception cref="SourceException">The two do not add up to the same.</exception>
    public IReadOnlyList<ControlFigure> Of(IReadOnlyList<CostQueryRow> byService, IReadOnlyList<CostQueryRow> bySubscription)
    {
        var totals = Sums(byService, _ => "");
        RefuseDifference(totals, Sums(bySubscription, _ => ""));
        return
        [
            .. totals.Select(s => Figure(ControlBreakdown.Total, s)),
            .. Sums(byService, r => r.Item).Select(s => Figure(ControlBreakdown.Service, s)),
            .. Sums(bySubscription, r => r.Item).Select(s => Figure(ControlBreakdown.SubAccount, s)),
        ];
    }

    private static List<Sum> Sums(IReadOnlyList<CostQueryRow> rows, Func<CostQueryRow, string> itemOf) =>
    [
        .. rows.GroupBy(r => (r.Currency, Item: itemOf(r), r.ChargeType))
            .OrderBy(g => g.Key.Currency, StringComparer.Ordinal).ThenBy(g => g.Key.Item, StringComparer.Ordinal)
            .ThenBy(g => g.Key.ChargeType, StringComparer.Ordinal)
            .Select(g => new Sum(g.Key.Currency, g.Key.Item, g.Key.ChargeType, g.Select(r => r.Cost).Aggregate((a, b) => a + b))),
    ];

    private void RefuseDifference(List<Sum> left, List<Sum> right)
    {
        foreach (var (currency, type) in left.Concat(right).Select(s => (s.Currency, s.ChargeType)).Distinct())
        {
            var a = left.Find(s => s.Currency == currency && s.ChargeType == type)?.Cost ?? default;
            var b = right.Find(s => s.Currency == currency && s.ChargeType == type)?.Cost ?? default;
            if (!a.IsCloseTo(b, ToleranceNanos))
            {
                throw new SourceException(
                    "totals-disagree",
                    $"Azure Cost Management answered for {scope}, {month}, {type}: {a} {currency} by service and {b} {currency} by day. One of them "
                    + "is not whole, or costs came in between. Nothing was recorded; run it again.");
            }
        }
    }

    private ControlFigure Figure(ControlBreakdown breakdown, Sum sum) => new()
    {
        PayerAccount = payerAccount,
        InvoiceIssuer = null,
        BillingMonth = month,
        Currency = sum.Currency,
        Measure = Measure(sum.ChargeType),
        Breakdown = breakdown,
        Item = sum.Item,
        RecordType = sum.ChargeType,
        AmountNanos = sum.Cost.TryRound(out var nanos)
            ? nanos
            : throw new SourceException("answer-unreadable", $"Azure Cost Management answered for {scope}, {month}: an amount beyond 9.2E18."),
        IsEstimated = isEstimated,
    };

    private static ControlMeasure Measure(string chargeType) => chargeType.ToUpperInvariant() switch
    {
        "TAX" => ControlMeasure.Tax,
        "CREDIT" => ControlMeasure.Credits,
        _ => ControlMeasure.ChargesWithoutTax,
    };

    private sealed record Sum(string Currency, string Item, string ChargeType, ExactSum Cost);
}
