namespace CiCost.Reports.Models;

/// <summary>What an organisation gave in a currency that the report cannot add up.</summary>
/// <param name="Organisation">The organisation.</param>
/// <param name="Cents">How much, in the currency's cents.</param>
public sealed record OtherCurrencyRow(string Organisation, long Cents);

/// <summary>Consumption in another currency than the report's: never added and never shared, because there is no rate (accounting.md,
/// 19).</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Rows">Who gave it, largest first.</param>
/// <param name="TotalCents">All of it.</param>
public sealed record OtherCurrency(string Currency, IReadOnlyList<OtherCurrencyRow> Rows, long TotalCents);
