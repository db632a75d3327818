using System.Text.Json;
using CiCost.Domain.Periods;

namespace CiCost.CostIngest.Sources.Hud;

/// <summary>A saved query of HUD and what its columns are called.</summary>
/// <param name="Name">Its name, for example <c>cost_job_per_runner_type</c>.</param>
/// <param name="Parameters">
/// Its parameters; <c>{before}</c>, <c>{from}</c> and <c>{until}</c> stand for the last millisecond before the month, its first instant and
/// the first one after it, all UTC.
/// </param>
/// <param name="DateField">The day of a row.</param>
/// <param name="ItemField">What the month is divided by.</param>
/// <param name="CostField">The estimate in US dollars.</param>
/// <param name="AccountField">Whose fleet it is.</param>
/// <param name="Accounts">From HUD's word for a fleet to the provider's id of the account that pays for it.</param>
/// <param name="SettleDays">For so many days after the end of a month its estimates may still change.</param>
/// <param name="NeedsEveryDay">Is a day without rows a mistake?</param>
internal sealed record HudQuery(
    string Name, IReadOnlyDictionary<string, string> Parameters, string DateField, string ItemField, string CostField, string AccountField,
    IReadOnlyDictionary<string, string> Accounts, int SettleDays, bool NeedsEveryDay)
{
    /// <summary>Path and query for a month: https://github.com/pytorch/test-infra/blob/main/torchci/pages/api/clickhouse/[queryName].ts.</summary>
    public string Address(BillingMonth month)
    {
        var (from, until) = ($"{month}-01T00:00:00.000", $"{month.Next}-01T00:00:00.000");
        var before = $"{month.Previous.LastDay:yyyy-MM-dd}T23:59:59.999";
        var values = Parameters.ToDictionary(p => p.Key, p => p.Value.Replace("{from}", from, StringComparison.Ordinal)
            .Replace("{until}", until, StringComparison.Ordinal).Replace("{before}", before, StringComparison.Ordinal), StringComparer.Ordinal);
        return $"api/clickhouse/{Uri.EscapeDataString(Name)}?parameters={Uri.EscapeDataString(JsonSerializer.Serialize(values))}";
    }
}
