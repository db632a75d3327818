using System.Globalization;
using System.Text;
using System.Text.Json;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;

namespace CiCost.CostIngest.Sources.Hud;

/// <summary>Adds up the rows of an answer exactly, by account and item.</summary>
internal sealed class HudSums(HudQuery query, BillingMonth month)
{
    private readonly SortedDictionary<(string Account, string Item), Int128> _attos = [];

    /// <summary>The days that have rows.</summary>
    public SortedSet<DateOnly> Days { get; } = [];

    /// <summary>Takes a row. Costs below zero belong to runs that were skipped; HUD's own pages leave them out.</summary>
    /// <exception cref="InvalidDataException">The row is not of the form that the settings say.</exception>
    public void Take(JsonElement row)
    {
        var text = Text(row, query.DateField) ?? throw new InvalidDataException($"a row has no {query.DateField}.");
        if (!DateOnly.TryParseExact(text.Length > 10 ? text[..10] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || BillingMonth.Of(day) != month)
        {
            throw new InvalidDataException($"the day '{text}' is not in {month}, which was asked for.");
        }

        var cost = Text(row, query.CostField) ?? "0";
        if (FocusDecimal.TryParseRounded(Encoding.UTF8.GetBytes(cost), 18, out var attos, out _) != FocusDecimalError.None)
        {
            throw new InvalidDataException($"'{cost}' is no cost.");
        }

        Days.Add(day);
        if (attos > 0)
        {
            var account = Text(row, query.AccountField) ?? "NA";
            var key = (query.Accounts.GetValueOrDefault(account, account), Text(row, query.ItemField) ?? "NA");
            _attos[key] = _attos.GetValueOrDefault(key) + attos;
        }
    }

    /// <summary>For each account its total, and the parts of it.</summary>
    public IReadOnlyList<ControlFigure> Figures(bool isEstimated) =>
    [
        .. _attos.GroupBy(a => a.Key.Account).SelectMany(a => a
            .Select(i => Figure(a.Key, ControlBreakdown.Runner, i.Key.Item, i.Value, isEstimated))
            .Prepend(Figure(a.Key, ControlBreakdown.Total, "", a.Aggregate((Int128)0, (sum, i) => sum + i.Value), isEstimated))),
    ];

    private ControlFigure Figure(string account, ControlBreakdown breakdown, string item, Int128 attos, bool isEstimated) => new()
    {
        PayerAccount = account,
        BillingMonth = month,
        Currency = "USD",
        Measure = ControlMeasure.EstimatedListUsage,
        Breakdown = breakdown,
        Item = item,
        AmountNanos = FocusDecimal.RoundHalfEven(attos),
        IsEstimated = isEstimated,
    };

    private static string? Text(JsonElement row, string name) => !row.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new InvalidDataException($"{name} is no single value."),
    };
}
