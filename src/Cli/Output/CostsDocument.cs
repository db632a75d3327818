using CiCost.Accounting.Costs;
using CiCost.Domain.Money;

namespace CiCost.Cli.Output;

/// <summary>The document of <c>cicost costs --json</c>.</summary>
internal static class CostsDocument
{
    public static object Of(CostAnswer answer) => new
    {
        query = Query(answer.Query),
        bookVersion = Version(answer.BookVersion),
        rows = answer.Rows.Select(r => new
        {
            keys = answer.Query.GroupBy.Zip(r.Keys).ToDictionary(k => k.First, k => k.Second),
            r.Currency,
            amount = DecimalText.OfNanos(r.Nanos),
            display = Amounts.Cents(r.Nanos),
            lines = r.LineCount,
        }),
        totals = answer.Proofs.ToDictionary(p => p.Currency, p => new
        {
            total = DecimalText.OfNanos(p.TotalNanos),
            attributed = DecimalText.OfNanos(p.AttributedNanos),
            unattributed = DecimalText.OfNanos(p.UnattributedNanos),
            basis = p.BasisNanos.ToDictionary(b => CostCube.BasisText(b.Key), b => DecimalText.OfNanos(b.Value)),
            evidence = DecimalText.OfNanos(p.EvidenceNanos),
            lines = p.LineCount,
        }),
    };

    public static object Query(CostQuery query) => new
    {
        month = query.From.ToString(),
        to = query.To.ToString(),
        metric = Name(query.Metric),
        axis = Name(query.Axis),
        query.GroupBy,
        where = query.Where.Select(w => $"{w.Key}={w.Value}"),
        query.AsOf,
    };

    public static object Version(Ledger.BookVersions.BookVersion version) => new
    {
        version.Id,
        version.RecordedAt,
        version.RuleSetId,
        version.PolicyHash,
    };

    public static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
