using System.Globalization;
using System.Numerics;
using CiCost.Domain.Periods;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Simulation;

/// <summary>A scope of the simulation.</summary>
internal sealed record ModelScope(string Source, string Month, string Part);

/// <summary>
/// What books should say, in the plainest way: the latest delivery of each scope and the present policy, added up in big integers of
/// 1e-18. It shares no code with the program and knows no versions, rollups or caches; the order of scopes means nothing to it.
/// </summary>
internal sealed class ModelBooks
{
    private static readonly BigInteger AttosPerNano = 1_000_000_000;
    private readonly Dictionary<ModelScope, IReadOnlyList<BillLine>> _latest = [];

    public required ModelPolicy Policy { get; set; }

    public IReadOnlyList<BillLine>? LatestOf(ModelScope scope) => _latest.GetValueOrDefault(scope);

    public void Deliver(ModelScope scope, IReadOnlyList<BillLine> lines) => _latest[scope] = lines;

    /// <summary>Every figure that the simulation compares, one per line, zeros left out.</summary>
    public string Answers()
    {
        SortedDictionary<string, BigInteger> figures = new(StringComparer.Ordinal);
        foreach (var (scope, lines) in _latest)
        {
            foreach (var currency in lines.GroupBy(l => l.Currency))
            {
                Add(figures, scope, currency.Key, [.. currency]);
            }
        }

        return Text(figures);
    }

    public static string Text(IEnumerable<KeyValuePair<string, BigInteger>> figures) =>
        string.Join('\n', figures.Where(f => !f.Value.IsZero).Select(f => $"{f.Key} = {f.Value}"));

    private void Add(SortedDictionary<string, BigInteger> figures, ModelScope scope, string currency, List<BillLine> lines)
    {
        foreach (var line in lines)
        {
            var component = Policy.ComponentOf(line);
            var hasAccount = line.Account != "acct-9";
            AddCell(figures, currency, Nanos(line), Policy.IsFunding(line), Policy.Counts(scope.Source, line), component, component
                is not null && hasAccount);
        }

        // The residue: all rows' exact total rounded once minus their lines; the Credit rows' part is theirs alone.
        var lastDay = BillingMonth.Parse(scope.Month).LastDay;
        var counts = Policy.ResidueCounts(scope.Source, lastDay);
        var all = Residue(lines);
        var credits = Residue([.. lines.Where(l => l.Category == "Credit")]);
        AddCell(figures, currency, credits, true, counts, "rounding", true);
        AddCell(figures, currency, (all.Billed - credits.Billed, all.Effective - credits.Effective), false, counts, "rounding", true);
    }

    private static void AddCell(
        SortedDictionary<string, BigInteger> figures,
        string currency,
        (BigInteger Billed, BigInteger Effective) nanos,
        bool isCredits,
        bool counts,
        string? component,
        bool isAttributed)
    {
        void Figure(string metric, BigInteger amount, string? group, bool attributed)
        {
            if (!counts)
            {
                Sum(figures, $"{metric} {currency} evidence", amount);
                return;
            }

            Sum(figures, $"{metric} {currency} total", amount);
            Sum(figures, $"{metric} {currency} {(attributed ? "attributed" : "unattributed")}", amount);
            if (group is not null)
            {
                Sum(figures, $"{metric} {currency} {group}", amount);
            }
        }

        var effectiveGroup = "component " + (component ?? "Unattributed");
        Figure(isCredits ? "Credits" : "Consumption", nanos.Effective, effectiveGroup, component is not null);
        Figure("Billed", nanos.Billed, null, isAttributed);
    }

    private static void Sum(SortedDictionary<string, BigInteger> figures, string key, BigInteger amount) =>
        figures[key] = figures.GetValueOrDefault(key) + amount;

    private static (BigInteger Billed, BigInteger Effective) Nanos(BillLine line)
        => (Round(Attos(line.BilledCost)), Round(Attos(line.EffectiveCost)));

    private static (BigInteger Billed, BigInteger Effective) Residue(List<BillLine> lines) =>
        (Residue(lines, l => l.BilledCost), Residue(lines, l => l.EffectiveCost));

    private static BigInteger Residue(List<BillLine> lines, Func<BillLine, string> cost) =>
        Round(lines.Aggregate(BigInteger.Zero, (sum, l) => sum + Attos(cost(l)))) - lines.Aggregate(BigInteger.Zero, (sum, l) => sum
            + Round(Attos(cost(l))));

    private static BigInteger Attos(string amount)
    {
        var point = amount.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? amount + new string('0', 18) : amount.Remove(point, 1) + new string('0', 18 - (amount.Length - point - 1));
        return BigInteger.Parse(digits, CultureInfo.InvariantCulture);
    }

    /// <summary>To nanos, half to even.</summary>
    private static BigInteger Round(BigInteger attos)
    {
        var (quotient, remainder) = BigInteger.DivRem(BigInteger.Abs(attos), AttosPerNano);
        var isUp = (remainder * 2).CompareTo(AttosPerNano) is var order && (order > 0 || (order == 0 && !quotient.IsEven));
        return (quotient + (isUp ? 1 : 0)) * attos.Sign;
    }
}
