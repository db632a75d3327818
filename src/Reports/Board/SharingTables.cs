using CiCost.Accounting.Presentation;
using CiCost.Accounting.Statements;
using CiCost.Domain.Allocation;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Sharing;
using CiCost.Reports.Models;

namespace CiCost.Reports.Board;

/// <summary>The sharing table and the bridge.</summary>
internal static class SharingTables
{
    public static CostSharing Sharing(BoardFigures figures, StatementAnswer answer)
    {
        var statement = answer.Point;
        var cents = new StatementCents(answer);
        var table = statement.Rows.Select(r => Row(figures, answer, r, cents))
            .OrderBy(r => r.Role).ThenByDescending(r => r.Net.Cents).ThenBy(r => r.Organisation, StringComparer.Ordinal).ToList();
        return new CostSharing
        {
            Say = Findings.Sharing(statement, table),
            PolicyName = statement.Name,
            IsAgreed = statement.IsAgreed,
            IsIndicative = Indicative.Is(figures.OfMonth),
            Rows = table,
            Total = Total(table),
            Excluded = [.. statement.Excluded.Select(e => new ExcludedPart(Capital(e.Reason), cents.ExcludedBy(e.Id)))],
            Proof = new SharingProof(cents.PoolTotal, cents.DirectedTotal, cents.ExcludedTotal, cents.FreeTerms, cents.ConsumptionTotal),
        };
    }

    public static BridgeBySource Bridge(BoardFigures figures)
    {
        var cents = BridgeCents.Of(figures.Bridge);
        var rows = figures.Bridge.Bridges.Where(b => b.Currency == BoardFigures.Currency).Select(b =>
        {
            var steps = cents[b];
            return new BridgeRow
            {
                Source = figures.SourceName(b.Source),
                Part = b.Part,
                ListUsageCents = steps["listUsage"],
                DiscountCents = steps["discounts"],
                UnpricedUsageCents = steps["unpricedUsage"],
                CorrectionCents = steps["corrections"],
                OtherChargeCents = steps["otherCharges"],
                ConsumptionCents = steps["consumption"],
                CreditCents = steps["credits"],
                FreeTermsCents = steps["freeTerms"],
                BorneOutsideCents = steps["borneOutside"],
                AccruedCents = steps["accrued"],
                TimingCents = steps["timing"],
                PayableCents = steps["payable"],
                InvoiceCents = b.InvoiceNanos is { } invoice ? PresentationCube.RoundHalfEven(invoice) : null,
            };
        }).Select(r => r with { DifferenceCents = r.InvoiceCents - r.PayableCents })
            .OrderBy(r => r.Part).ThenByDescending(r => r.ConsumptionCents).ThenBy(r => r.Source, StringComparer.Ordinal).ToList();
        var invoiced = rows.Where(r => r.InvoiceCents is not null).ToList();
        var payers = Payers(figures);
        return new BridgeBySource
        {
            Say = Findings.Bridge(rows, payers),
            Rows = rows,
            Parts = [.. rows.GroupBy(r => r.Part).Select(g => Sum(BooksParts.Title(g.Key), [.. g]) with { Part = g.Key })],
            Payers = payers,
            Invoiced = invoiced.Count == 0 ? null : Sum("With an invoice", invoiced) with
            {
                InvoiceCents = invoiced.Sum(r => r.InvoiceCents),
                DifferenceCents = invoiced.Sum(r => r.DifferenceCents),
            },
            Total = Sum("Total", rows),
        };
    }

    /// <summary>What organisations are asked for: the payables of their accounts, in cents that add up to those of the sources.</summary>
    private static List<PayerRow> Payers(BoardFigures figures)
    {
        var owners = figures.Policy.Accounts.ToDictionary(a => a.Id, a => a.Owner, StringComparer.Ordinal);
        return
        [
            .. BridgeCents.OfPayers(figures.Bridge).Where(p => p.Payer.Currency == BoardFigures.Currency)
                .GroupBy(p => (Owner: p.Payer.PayerAccount is { } id ? owners.GetValueOrDefault(id) : null, p.Payer.Part))
                .Select(g => new PayerRow(g.Key.Owner is { } owner ? figures.NameOf(owner) : BoardFigures.Unfunded, g.Key.Part, g.Sum(p => p.Cents)))
                .OrderBy(p => p.Part).ThenByDescending(p => p.Cents).ThenBy(p => p.Payer, StringComparer.Ordinal),
        ];
    }

    private static BridgeRow Sum(string name, List<BridgeRow> rows) => new()
    {
        Source = name,
        ListUsageCents = rows.Sum(r => r.ListUsageCents),
        DiscountCents = rows.Sum(r => r.DiscountCents),
        OtherChargeCents = rows.Sum(r => r.OtherChargeCents),
        ConsumptionCents = rows.Sum(r => r.ConsumptionCents),
        UnpricedUsageCents = rows.Sum(r => r.UnpricedUsageCents),
        CorrectionCents = rows.Sum(r => r.CorrectionCents),
        CreditCents = rows.Sum(r => r.CreditCents),
        FreeTermsCents = rows.Sum(r => r.FreeTermsCents),
        BorneOutsideCents = rows.Sum(r => r.BorneOutsideCents),
        AccruedCents = rows.Sum(r => r.AccruedCents),
        TimingCents = rows.Sum(r => r.TimingCents),
        PayableCents = rows.Sum(r => r.PayableCents),
    };

    private static SharingRow Row(BoardFigures figures, StatementAnswer answer, StatementRow row, StatementCents cents)
    {
        return new SharingRow
        {
            Organisation = row.Organisation switch
            {
                Allocator.Unallocated => ReaderWords.SharedWithNobody,
                FundingKinds.Unfunded => BoardFigures.Unfunded,
                _ => figures.NameOf(row.Organisation),
            },
            Role = row.Organisation switch
            {
                Allocator.Unallocated => SharingRowRole.Unallocated,
                FundingKinds.Unfunded => SharingRowRole.Unfunded,
                _ => SharingRowRole.Organisation,
            },
            Given = Ranged(answer, row.Organisation, cents.Given(row.Organisation), r => r.TotalGivenNanos),
            UsedCents = cents.Used(row.Organisation),
            ExcludedCents = cents.Excluded(row.Organisation),
            DirectedCents = cents.Directed(row.Organisation),
            Shared = Ranged(answer, row.Organisation, cents.Shared(row.Organisation), r => r.SharedNanos),
            Net = Ranged(answer, row.Organisation, cents.Net(row.Organisation), r => r.NetNanos),
        };
    }

    /// <summary>The point with the lowest and highest of the three scenarios, in whole dollars outwards.</summary>
    private static RangedAmount Ranged(StatementAnswer answer, string organisation, long cents, Func<StatementRow, Int128> value)
    {
        var ends = new[] { answer.Low, answer.High }
            .Select(s => s.Rows.FirstOrDefault(r => r.Organisation == organisation)).Select(r => r is null ? 0 : value(r)).ToArray();
        var point = answer.Point.Rows.First(r => r.Organisation == organisation);
        if (ends.All(e => e == value(point)))
        {
            return RangedAmount.Exactly(cents);
        }

        var low = Math.Min(cents, ends.Min(PresentationCube.RoundHalfEven));
        var high = Math.Max(cents, ends.Max(PresentationCube.RoundHalfEven));
        return new RangedAmount(cents, FloorDollar(low), -FloorDollar(-high));
    }

    private static long FloorDollar(long cents) => (cents - (((cents % 100) + 100) % 100));

    private static SharingRow Total(List<SharingRow> rows) => new()
    {
        Organisation = "Total",
        Given = RangedAmount.Exactly(rows.Sum(r => r.Given.Cents)),
        UsedCents = rows.All(r => r.UsedCents is null) ? null : rows.Sum(r => r.UsedCents),
        ExcludedCents = rows.Sum(r => r.ExcludedCents),
        DirectedCents = rows.Sum(r => r.DirectedCents),
        Shared = RangedAmount.Exactly(rows.Sum(r => r.Shared.Cents)),
        Net = RangedAmount.Exactly(rows.Sum(r => r.Net.Cents)),
    };

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
