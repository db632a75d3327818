using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Checks;

/// <summary>
/// Books in which every check has something to look at: a scope of three deliveries (so closed intervals and pruned lines), a second one,
/// residues of charges and credits, a grant, two accounts with a currency each, an evidence source, a rule that changes in mid-month.
/// Delivery 3 is the current one of scope 1 (bill, 2026-03); its row 1 is the first machine row of 2026-03-01.
/// </summary>
internal static class SoundBooks
{
    public static PolicyText Policy { get; } = PolicyText.Boring with
    {
        Rules = """
              - {id: machines, when: {ServiceName: Machines}, then: {component: compute}}
              - {id: disks-before, to: 2026-03-03, when: {ServiceName: Disks}, then: {component: storage}}
              - {id: disks-after, from: 2026-03-03, when: {ServiceName: Disks}, then: {component: support}}
            """,
    };

    public static async Task<BookFixture> OpenAsync()
    {
        var books = await BookFixture.OpenAsync(Policy);
        try
        {
            for (var delivery = 1; delivery <= 3; delivery++)
            {
                await books.DeliverAsync("bill", "2026-03", March($"{delivery}.0000000004"));
            }

            await books.DeliverAsync("bill", "2026-04", ALine().On("2026-04-01").Costing("7"));
            await books.DeliverAsync("estimate", "2026-03", ALine().Costing("3.0000000004"), ALine().Costing("3.0000000004"));
            return books;
        }
        catch
        {
            books.Dispose();
            throw;
        }
    }

    /// <summary>Machines change with every delivery, disks do not, and the service Gone is in the first delivery only.</summary>
    private static IEnumerable<BillLine> March(string machines)
    {
        for (var day = 1; day <= 4; day++)
        {
            var line = ALine().On($"2026-03-0{day}");
            yield return line.Costing(machines).Billed("0.5").Listed("4");
            yield return line.Costing(machines);
            yield return line.For("Disks").Costing("0.25");
            yield return line.From("acct-2").In("EUR").Costing("2");
        }

        if (machines.StartsWith('1'))
        {
            yield return ALine().For("Gone").Costing("1");
        }

        yield return ACredit("gift").Costing("-0.1000000004");
        yield return ACredit("gift").Costing("-0.1000000004");
    }
}
