using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Reports.Models;

namespace CiCost.Reports.Tests.Fixtures;

/// <summary>Adds up rows to the tables of a report, so that fixtures state rows only.</summary>
internal static class ReportMaker
{
    public static readonly BillingMonth July = new(2026, 7);

    public static readonly string Seal = string.Concat(Enumerable.Range(0, 8).Select(i => $"{0x2bcf7323 + (i * 0x0527880):x8}"));

    public static IReadOnlyList<BillingMonth> TwelveMonths { get; } = [.. Enumerable.Range(July.Index - 11, 12).Select(
        BillingMonth.FromIndex)];

    public static ArchitectureRow Architecture(string name, string note, long invoiced, long estimated, long donorStated,
        long? previous) => new()
        {
            Name = name,
            Note = note,
            IsNotAttributed = name == "Not attributed",
            Amounts = new BasisAmounts { InvoicedCents = invoiced, EstimatedCents = estimated, DonorStatedCents = donorStated },
            TotalCents = invoiced + estimated + donorStated,
            PreviousCents = previous,
        };

    public static ArchitectureCosts Architectures(string say, params ArchitectureRow[] rows) => new()
    {
        Say = say,
        Rows = rows,
        Total = new ArchitectureRow
        {
            Name = "Total",
            Amounts = new BasisAmounts
            {
                InvoicedCents = rows.Sum(r => r.Amounts.InvoicedCents),
                BilledCents = rows.Sum(r => r.Amounts.BilledCents),
                EstimatedCents = rows.Sum(r => r.Amounts.EstimatedCents),
                DonorStatedCents = rows.Sum(r => r.Amounts.DonorStatedCents),
                CarriedForwardCents = rows.Sum(r => r.Amounts.CarriedForwardCents),
            },
            TotalCents = rows.Sum(r => r.TotalCents),
            PreviousCents = rows.All(r => r.PreviousCents is null) ? null : rows.Sum(r => r.PreviousCents ?? 0),
        },
    };

    public static FundingRow Funder(string organisation, string note, string group, KindAmounts amounts, params CostBasis[] bases) => new()
    {
        Organisation = organisation,
        Note = note,
        Group = group,
        IsUnfunded = organisation == "Unfunded",
        Bases = bases,
        Amounts = amounts,
        TotalCents = KindAmounts.Columns.Sum(c => c.Cents(amounts)),
    };

    public static FundingByOrganisation Funding(string say, params FundingRow[] rows) => new()
    {
        Say = say,
        Rows = rows,
        Total = new KindAmounts
        {
            MemberPaidCents = rows.Sum(r => r.Amounts.MemberPaidCents),
            FoundationCashCents = rows.Sum(r => r.Amounts.FoundationCashCents),
            CreditsCents = rows.Sum(r => r.Amounts.CreditsCents),
            InKindCents = rows.Sum(r => r.Amounts.InKindCents),
            FreeTierCents = rows.Sum(r => r.Amounts.FreeTierCents),
            UnfundedCents = rows.Sum(r => r.Amounts.UnfundedCents),
        },
        TotalCents = rows.Sum(r => r.TotalCents),
    };

    /// <summary>A row whose net follows, with a range of some percent where it is not zero.</summary>
    public static SharingRow Sharing(
        string name, long given, long used, long excluded, long directed, long shared, int percent = 0,
        SharingRowRole role = SharingRowRole.Organisation) => new()
        {
            Organisation = name,
            Role = role,
            Given = RangedAmount.Exactly(given),
            UsedCents = used,
            ExcludedCents = excluded,
            DirectedCents = directed,
            Shared = Ranged(shared, percent),
            Net = Ranged(given - excluded - directed - shared, percent),
        };

    public static CostSharing Sharing(
        string say, bool isIndicative, IReadOnlyList<ExcludedPart> excluded, SharingRow[] rows, long freeTerms = 0)
    {
        var total = Sharing(
            "Total", rows.Sum(r => r.Given.Cents), rows.Sum(r => r.UsedCents ?? 0), rows.Sum(r => r.ExcludedCents),
            rows.Sum(r => r.DirectedCents),
            rows.Sum(r => r.Shared.Cents));
        return new CostSharing
        {
            Say = say,
            IsIndicative = isIndicative,
            Rows = rows,
            Total = total,
            Excluded = excluded,
            Proof = new SharingProof(
                total.Shared.Cents, total.DirectedCents, total.ExcludedCents, freeTerms, total.Shared.Cents + total.DirectedCents
                    + total.ExcludedCents + freeTerms),
        };
    }

    public static BridgeRow Bridge(string source, long list, long discounts, long other, long credits, long timing, long? invoice)
    {
        var payable = list + discounts + other + credits + timing;
        return new BridgeRow
        {
            Source = source,
            ListUsageCents = list,
            DiscountCents = discounts,
            OtherChargeCents = other,
            ConsumptionCents = list + discounts + other,
            CreditCents = credits,
            TimingCents = timing,
            PayableCents = payable,
            InvoiceCents = invoice,
            DifferenceCents = invoice - payable,
        };
    }

    public static BridgeBySource Bridge(string say, params BridgeRow[] rows)
    {
        var invoiced = rows.Where(r => r.InvoiceCents is not null).ToArray();
        return new BridgeBySource
        {
            Say = say,
            Rows = rows,
            Parts = rows.Length == 0 ? [] : [Bridges("Part A", rows) with { InvoiceCents = null, DifferenceCents = null }],
            Payers = rows.Length == 0 ? [] : [new PayerRow("Acme", default, rows.Sum(r => r.PayableCents))],
            Total = Bridges("Total", rows) with { InvoiceCents = null, DifferenceCents = null },
            Invoiced = invoiced.Length == 0 ? null : Bridges("Of it invoiced", invoiced),
        };
    }

    public static RuntimeHours Hours(string say, string? publishedNote, int publishedWithout, params (string Name, long[] Hours)[] rows)
    {
        HoursRow Sum(string name, IEnumerable<(string Name, long[] Hours)> of) =>
            Row(name, [.. TwelveMonths.Select((_, i) => of.Sum(r => r.Hours[i]))]);
        var published = Sum("As published", rows.Where((_, i) => i != publishedWithout));
        return new RuntimeHours
        {
            Say = say,
            Months = TwelveMonths,
            Rows = [.. rows.Select(r => Row(r.Name, r.Hours))],
            Total = Sum("Total", rows),
            Published = publishedNote is null ? null : new PublishedHours(
                published.Name, published.Hours, published.TotalHours, publishedNote),
        };
    }

    private static HoursRow Row(string name, long[] hours) => new(name, hours, hours.Sum());

    private static RangedAmount Ranged(long cents, int percent)
    {
        var span = Math.Abs(cents) / 100 * percent;
        return span == 0 ? RangedAmount.Exactly(cents) : new RangedAmount(
            cents, (cents - span) / 100 * 100, ((cents + span) / 100 * 100) + 100);
    }

    private static BridgeRow Bridges(string name, BridgeRow[] rows) => new()
    {
        Source = name,
        ListUsageCents = rows.Sum(r => r.ListUsageCents),
        DiscountCents = rows.Sum(r => r.DiscountCents),
        OtherChargeCents = rows.Sum(r => r.OtherChargeCents),
        ConsumptionCents = rows.Sum(r => r.ConsumptionCents),
        CreditCents = rows.Sum(r => r.CreditCents),
        TimingCents = rows.Sum(r => r.TimingCents),
        PayableCents = rows.Sum(r => r.PayableCents),
        InvoiceCents = rows.Sum(r => r.InvoiceCents ?? 0),
        DifferenceCents = rows.Sum(r => r.DifferenceCents ?? 0),
    };
}
