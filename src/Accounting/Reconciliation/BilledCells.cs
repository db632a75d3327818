using CiCost.Accounting.Costs;
using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Domain.Reconciliation;
using CiCost.Policy;

namespace CiCost.Accounting.Reconciliation;

/// <summary>A cell of a bill, in the words of the tie-outs.</summary>
/// <param name="Source">The source that brought it.</param>
/// <param name="Key">Whose invoice it stands on.</param>
/// <param name="Measure">Charge, tax or credit.</param>
/// <param name="Cause">By what a difference is told apart.</param>
/// <param name="BilledNanos">BilledCost.</param>
/// <param name="Rows">Lines.</param>
/// <param name="ListOfMachinesNanos">ListCost when it is usage of machines that jobs run on, else 0.</param>
/// <param name="HasArchitecture">Whether a rule gives it an architecture.</param>
internal sealed record BilledCell(string Source, InvoiceKey Key, ControlMeasure Measure, DifferenceCause Cause, Int128 BilledNanos, long Rows,
    Int128 ListOfMachinesNanos, bool HasArchitecture);

/// <summary>The bills of a billing period: what is compared with what providers state.</summary>
internal sealed class BilledCells
{
    private const string Compute = "compute";
    private const string Support = "support";

    private BilledCells(CostCube cube, BillingMonth month)
    {
        var bills = cube.Cells.Where(c => c.Scope.BillingMonth == month && IsBill(c)).ToLookup(IsRounding);

        // A rounding line belongs to a delivery, not to an account: it goes to the account with most lines of its delivery.
        Rounding = new RoundingAccounts(bills[false].GroupBy(c => (c.Scope.ScopeId, c.Currency)).ToDictionary(g => g.Key, g => g
            .GroupBy(c => LineKey(cube, c)).OrderByDescending(a => a.Sum(c => c.Cell.LineCount)).ThenBy(a => a.Key.PayerAccount,
                StringComparer.Ordinal).ThenBy(a => a.Key.Issuer, StringComparer.Ordinal).First().Key));
        Cells = [.. bills.SelectMany(b => b).Select(c => Describe(cube, c))];
    }

    /// <summary>The cells.</summary>
    public IReadOnlyList<BilledCell> Cells { get; }

    /// <summary>Whose rounding lines are whose.</summary>
    public RoundingAccounts Rounding { get; }

    /// <summary>The bills of a billing period in a cube that holds all of it.</summary>
    public static BilledCells Of(CostCube cube, BillingMonth month) => new(cube, month);

    /// <summary>Is it from a bill? Machines that are valued by rates have no bill and no invoice to tie to.</summary>
    public static bool IsBill(AttributedCell cell) => cell.Counts && cell.Basis is not (CostBasis.Estimated or CostBasis.DonorStated);

    /// <summary>Whose invoice a cell of a bill stands on, when it is no rounding line: as the lines say.</summary>
    public static InvoiceKey LineKey(CostCube cube, AttributedCell cell) => LineKey(cube.Policy.Set, cell.Attribution,
        cube.ValueOf(cell, nameof(DimensionColumn.BillingAccountId)), cube.ValueOf(cell, nameof(DimensionColumn.InvoiceIssuerName)), cell.Currency);

    /// <summary>Whose invoice a line stands on: as it says itself, else as the policy says of its account.</summary>
    public static InvoiceKey LineKey(PolicySet policy, AttributionResult attribution, string? billingAccountId, string? issuerName, string currency)
    {
        var account = policy.Accounts.FirstOrDefault(a => a.Id == attribution[AttributeName.PayerAccount]);
        return new InvoiceKey(string.IsNullOrEmpty(billingAccountId) ? account?.Id ?? AttributionResult.Unattributed : billingAccountId,
            string.IsNullOrEmpty(issuerName) ? account?.InvoiceIssuer : issuerName, currency);
    }

    private static bool IsRounding(AttributedCell cell) => RoundingAccounts.IsRounding(cell.Attribution);

    private BilledCell Describe(CostCube cube, AttributedCell cell)
    {
        var category = cube.ValueOf(cell, nameof(DimensionColumn.ChargeCategory));
        var isCredit = cell.Attribution.Role == LineRole.RoundingOfCredits
            || (category == "Credit" && cube.ValueOf(cell, nameof(DimensionColumn.ChargeClass)).Length == 0);
        var measure = isCredit ? ControlMeasure.Credits : category == "Tax" ? ControlMeasure.Tax : ControlMeasure.ChargesWithoutTax;
        var isMachine = category == "Usage" && cell.Attribution[AttributeName.Component] == Compute;
        return new BilledCell(cell.Scope.SourceKey, Rounding.KeyOf(cell.Scope.ScopeId, cell.Attribution, LineKey(cube, cell)), measure,
            CauseOf(cube, cell, measure, category), cell.Cell.BilledNanos, cell.Cell.LineCount,
            isMachine ? cell.Cell.ListNanos : 0, cell.Attribution[AttributeName.Architecture] is not null);
    }

    private static DifferenceCause CauseOf(CostCube cube, AttributedCell cell, ControlMeasure measure, string category) => cell.Attribution.Role switch
    {
        LineRole.RoundingOfCharges or LineRole.RoundingOfCredits => DifferenceCause.Rounding,
        _ when cube.ValueOf(cell, nameof(DimensionColumn.ChargeClass)) == "Correction" => DifferenceCause.Refunds,
        _ when measure == ControlMeasure.Tax => DifferenceCause.Tax,
        _ when measure == ControlMeasure.Credits => DifferenceCause.Credits,
        _ when cell.Attribution[AttributeName.Component] == Support => DifferenceCause.Support,
        _ => category switch
        {
            "Usage" => DifferenceCause.Usage,
            "Purchase" => DifferenceCause.Purchases,
            _ => DifferenceCause.Other,
        },
    };
}
