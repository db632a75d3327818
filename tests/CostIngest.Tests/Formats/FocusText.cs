using System.Text;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>Writes small FOCUS files with boring defaults; a test says only what matters to it.</summary>
internal sealed class FocusText
{
    private readonly Dictionary<string, string> _defaults = new(StringComparer.Ordinal)
    {
        ["BilledCost"] = "1.5",
        ["EffectiveCost"] = "1.25",
        ["ListCost"] = "2",
        ["ContractedCost"] = "1.75",
        ["BillingCurrency"] = "USD",
        ["BillingAccountId"] = "acct-1",
        ["BillingPeriodStart"] = "2026-05-01T00:00:00Z",
        ["BillingPeriodEnd"] = "2026-06-01T00:00:00Z",
        ["ChargePeriodStart"] = "2026-05-02T03:00:00Z",
        ["ChargePeriodEnd"] = "2026-05-02T04:00:00Z",
        ["ChargeCategory"] = "Usage",
        ["ServiceProviderName"] = "AWS",
    };

    private readonly List<Dictionary<string, string>> _rows = [];
    private List<string>? _order;

    public static FocusText WithRow(params (string Column, string Value)[] values) => new FocusText().Row(values);

    public FocusText Row(params (string Column, string Value)[] values)
    {
        _rows.Add(values.ToDictionary(v => v.Column, v => v.Value));
        return this;
    }

    public FocusText Without(params string[] columns)
    {
        foreach (var column in columns)
        {
            _defaults.Remove(column);
        }

        return this;
    }

    public FocusText InOrder(IEnumerable<string> columns)
    {
        _order = [.. columns];
        return this;
    }

    public IReadOnlyList<string> Columns => _order ?? [.. _defaults.Keys.Concat(_rows.SelectMany(r => r.Keys)).Distinct()];

    public override string ToString()
    {
        var text = new StringBuilder();
        var columns = Columns;
        text.AppendJoin(',', columns.Select(Quote)).Append('\n');
        foreach (var row in _rows)
        {
            text.AppendJoin(',', columns.Select(c => Quote(row.GetValueOrDefault(c) ?? _defaults.GetValueOrDefault(c) ?? ""))).Append('\n');
        }

        return text.ToString();
    }

    private static string Quote(string value) =>
        value.AsSpan().IndexOfAny("\",\n\r") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
