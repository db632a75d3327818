using System.CommandLine;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Funding;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost funding</c>: who paid for what was consumed, and with what.</summary>
internal static class FundingCommand
{
    public static Command Create(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "The charge month.", required: true);
        var asOf = new Option<string?>("--as-of") { Description = "As the books stood at this instant.", HelpName = "INSTANT" };
        var exact = ShownAmount.CreateOption();
        var command = new Command("funding", "Who paid for what was consumed, and with what.") { month, asOf, exact };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var asked = MonthOption.Value(parse, month);
            var answer = new FundConsumption(session.Costs)
                .Run(asked, asked, CostQueryOptions.Instant(parse.GetValue(asOf)));
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(FundingDocument.Of(asked, answer, session.Condition()));
            }
            else
            {
                Print(answer, ShownAmount.Of(parse, exact));
                SourcesNote.Write(session.Condition().Sources);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(FundingAnswer answer, ShownAmount shown)
    {
        var cube = PresentationCube.Of(answer.Cells);
        var table = new Table(("organisation", false), ("kind", false), ("grant", false), ("basis", false), ("currency", false), ("amount", true));
        foreach (var row in cube.GroupBy(c => (c.Currency, c.Organisation, c.Kind, c.Grant, c.Basis))
            .Select(g => (g.Key, Nanos: Nanos(g), Cents: g.Sum(c => c.Cents)))
            .OrderBy(r => r.Key.Currency, StringComparer.Ordinal).ThenByDescending(r => r.Nanos)
            .ThenBy(r => r.Key.Organisation, StringComparer.Ordinal).ThenBy(r => r.Key.Kind))
        {
            table.Add(row.Key.Organisation, row.Key.Kind.ToText(), row.Key.Grant ?? "", CostCube.BasisText(row.Key.Basis), row.Key.Currency,
                shown.Text(row.Nanos, row.Cents));
        }

        foreach (var currency in cube.GroupBy(c => c.Currency).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            table.Add("total", "", "", "", currency.Key, shown.Text(Nanos(currency), currency.Sum(c => c.Cents)));
        }

        Console.Out.Write(table);
        PrintPrepaid(answer.Prepaid, shown);
        PrintEntries("paid ahead", answer.PaidAhead, shown);
        PrintEntries("expired prepaid", answer.Expired, shown);
        PrintEntries("unapplied credits", answer.UnappliedCredits, shown);
        PrintExceptions(answer, shown);
    }

    /// <summary>The roll-forward of what is paid ahead, commitment by commitment.</summary>
    private static void PrintPrepaid(IReadOnlyList<PrepaidRollForward> prepaid, ShownAmount shown)
    {
        if (prepaid.Count == 0)
        {
            return;
        }

        var table = new Table(("prepaid", false), ("currency", false), ("opening", true), ("purchases", true), ("applied", true), ("refunded", true),
            ("expired", true), ("closing", true));
        foreach (var p in prepaid)
        {
            var cents = RollForwardCents.Of(p);
            table.Add(p.Commitment, p.Currency, shown.Text(p.OpeningNanos, cents.Opening), shown.Text(p.PurchasedNanos, cents.Purchases),
                shown.Text(p.AppliedNanos, cents.Applied), shown.Text(p.RefundedNanos, cents.Refunded),
                shown.Text(p.ExpiredNanos, cents.Expired), shown.Text(p.ClosingNanos, cents.Closing));
        }

        Console.Out.WriteLine();
        Console.Out.Write(table);
    }

    /// <summary>What somebody must look at: balances below zero, changes of earlier months, credits of unknown origin.</summary>
    private static void PrintExceptions(FundingAnswer answer, ShownAmount shown)
    {
        foreach (var (currency, commitment, nanos) in answer.NegativePrepaid)
        {
            Console.Out.WriteLine($"negative prepaid: {Text(shown, nanos)} {currency} for {commitment}: its purchase or opening balance is missing; "
                + "until then the account's owner pays");
        }

        foreach (var s in answer.Settlements)
        {
            Console.Out.WriteLine($"change to {Domain.Periods.BillingMonth.FromIndex(s.UsedMonthIndex)}: {Text(shown, s.Nanos)} {s.Currency} by "
                + $"{s.Funder.Organisation} with {s.Funder.Kind.ToText()}");
        }

        foreach (var u in answer.UnclassifiedCredits)
        {
            Console.Out.WriteLine($"credit of unknown origin: {Text(shown, u.Nanos)} {u.Currency} of {u.Source}: {u.Description}");
        }
    }

    private static string Text(ShownAmount shown, Int128 nanos) => shown.Text(nanos, PresentationCube.RoundHalfEven(nanos));

    private static Int128 Nanos(IEnumerable<PresentationCell> cells) => cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos);

    private static void PrintEntries(string what, IReadOnlyList<FundingEntry> entries, ShownAmount shown)
    {
        foreach (var entry in entries)
        {
            Console.Out.WriteLine($"{what}: {Text(shown, entry.Nanos)} {entry.Currency} by "
                + $"{entry.Funder.Organisation} for {entry.Subject}");
        }
    }
}
