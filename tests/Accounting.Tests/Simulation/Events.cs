using System.Globalization;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Simulation;

/// <summary>What can happen to books.</summary>
internal enum SimulatedEvent
{
    Deliver,
    Restate,
    Repeat,
    Append,
    ChangePolicy,
    Refuse,
}

/// <summary>Makes random lines with hard values: negatives, zeros, ties of the rounding, 18 fractional digits, large amounts.</summary>
internal sealed class EventMaker(Random random)
{
    public static readonly ModelScope[] Replacing =
        [new("bill", "2026-03", "*"), new("bill", "2026-04", "*"), new("estimate", "2026-03", "*")];

    public static readonly ModelScope[] Appending = [new("parts", "2026-03", "a"), new("parts", "2026-03", "b"),
        new("parts", "2026-04", "a")];

    public SimulatedEvent Kind() => random.Next(100) switch
    {
        < 30 => SimulatedEvent.Deliver,
        < 50 => SimulatedEvent.Restate,
        < 63 => SimulatedEvent.Repeat,
        < 76 => SimulatedEvent.Append,
        < 90 => SimulatedEvent.ChangePolicy,
        _ => SimulatedEvent.Refuse,
    };

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public IReadOnlyList<BillLine> Lines(ModelScope scope) => [.. Enumerable.Range(0, 1 + random.Next(5)).Select(_ => Line(scope))];

    /// <summary>The same delivery with one line changed, added or gone.</summary>
    public IReadOnlyList<BillLine> Restated(ModelScope scope, IReadOnlyList<BillLine> lines)
    {
        List<BillLine> changed = [.. lines];
        switch (random.Next(3))
        {
            case 0:
                changed.Add(Line(scope));
                break;
            case 1 when changed.Count > 1:
                changed.RemoveAt(random.Next(changed.Count));
                break;
            default:
                changed[random.Next(changed.Count)] = Line(scope);
                break;
        }

        return changed;
    }

    /// <summary>Days are far apart, so that the check on gaps has no opinion; a bill of April may charge for March.</summary>
    private BillLine Line(ModelScope scope)
    {
        string[] days = scope.Month == "2026-03" ? ["2026-03-01", "2026-03-16", "2026-03-31"]
            : ["2026-03-16", "2026-04-01", "2026-04-16", "2026-04-30"];
        var account = Pick(["acct-1", "acct-1", "acct-2", "acct-9"]);
        var amount = Amount();
        var line = (random.Next(10) switch
        {
            0 => BillLine.ACredit("gift"),
            1 => BillLine.ACredit("discount"),
            2 => BillLine.ACredit("gift").AsCorrection(),
            3 => BillLine.ALine().AsCorrection(),
            _ => BillLine.ALine(),
        }).On(Pick(days)).BilledIn(scope.Month).From(account).In(account == "acct-2" ? "EUR"
            : "USD").For(Pick(["Machines", "Disks", "Odd"])).Costing(amount);
        return random.Next(3) == 0 ? line.Billed(Amount()) : line;
    }

    private string Amount()
    {
        var sign = random.Next(3) == 0 ? "-" : "";
        var units = random.Next(8) == 0 ? random.NextInt64(1_000_000) : random.NextInt64(100);
        return random.Next(6) switch
        {
            0 => "0",
            1 => sign + "0.0000000005",
            2 => sign + units.ToString(CultureInfo.InvariantCulture) + ".0000000015",
            3 => sign + units.ToString(CultureInfo.InvariantCulture) + "."
                + random.NextInt64(1_000_000_000_000_000_000).ToString("000000000000000000", CultureInfo.InvariantCulture),
            _ => sign + units.ToString(CultureInfo.InvariantCulture) + "." + random.Next(100).ToString("00", CultureInfo.InvariantCulture),
        };
    }
}
