using System.CommandLine;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Funding;
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
        var command = new Command("funding", "Who paid for what was consumed, and with what.") { month, asOf };
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
                Print(answer);
                SourcesNote.Write(session.Condition().Sources);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static IEnumerable<(Funder Funder, string Currency, Domain.Attribution.CostBasis Basis, Int128 Nanos)> Rows(FundingAnswer answer) =>
        answer.Cells.GroupBy(c => (c.Funder, c.Currency, c.Basis))
            .Select(g => (g.Key.Funder, g.Key.Currency, g.Key.Basis, Nanos: g.Aggregate((Int128)0, (sum, c) => sum + c.Nanos)))
            .OrderBy(r => r.Currency, StringComparer.Ordinal).ThenByDescending(r => r.Nanos).ThenBy(r => r.Funder.Key, StringComparer.Ordinal);

    private static void Print(FundingAnswer answer)
    {
        var table = new Table(("organisation", false), ("kind", false), ("grant", false), ("basis", false), ("currency", false), ("amount", true));
        foreach (var row in Rows(answer))
        {
            table.Add(row.Funder.Organisation, row.Funder.Kind.ToText(), row.Funder.GrantId ?? "", CostCube.BasisText(row.Basis),
                row.Currency, Amounts.Cents(row.Nanos));
        }

        foreach (var currency in answer.Cells.GroupBy(c => c.Currency).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            table.Add("total", "", "", "", currency.Key, Amounts.Cents(currency.Aggregate((Int128)0, (sum, c) => sum + c.Nanos)));
        }

        Console.Out.Write(table);
        PrintPrepaid(answer.Prepaid);
        PrintEntries("paid ahead", answer.PaidAhead);
        PrintEntries("expired prepaid", answer.Expired);
        PrintEntries("unapplied credits", answer.UnappliedCredits);
        PrintExceptions(answer);
    }

    /// <summary>The roll-forward of what is paid ahead, commitment by commitment.</summary>
    private static void PrintPrepaid(IReadOnlyList<PrepaidRollForward> prepaid)
    {
        if (prepaid.Count == 0)
        {
            return;
        }

        var table = new Table(("prepaid", false), ("currency", false), ("opening", true), ("purchases", true), ("applied", true), ("refunded", true),
            ("expired", true), ("closing", true));
        foreach (var p in prepaid)
        {
            table.Add(p.Commitment, p.Currency, Amounts.Cents(p.OpeningNanos), Amounts.Cents(p.PurchasedNanos), Amounts.Cents(p.AppliedNanos),
                Amounts.Cents(p.RefundedNanos), Amounts.Cents(p.ExpiredNanos), Amounts.Cents(p.ClosingNanos));
        }

        Console.Out.WriteLine();
        Console.Out.Write(table);
    }

    /// <summary>What somebody must look at: balances below zero, changes of earlier months, credits of unknown origin.</summary>
    private static void PrintExceptions(FundingAnswer answer)
    {
        foreach (var (currency, commitment, nanos) in answer.NegativePrepaid)
        {
            Console.Out.WriteLine($"negative prepaid: {Amounts.Cents(nanos)} {currency} for {commitment}: its purchase or opening balance is missing; "
                + "until then the account's owner pays");
        }

        foreach (var s in answer.Settlements)
        {
            Console.Out.WriteLine($"change to {Domain.Periods.BillingMonth.FromIndex(s.UsedMonthIndex)}: {Amounts.Cents(s.Nanos)} {s.Currency} by "
                + $"{s.Funder.Organisation} with {s.Funder.Kind.ToText()}");
        }

        foreach (var u in answer.UnclassifiedCredits)
        {
            Console.Out.WriteLine($"credit of unknown origin: {Amounts.Cents(u.Nanos)} {u.Currency} of {u.Source}: {u.Description}");
        }
    }

    private static void PrintEntries(string what, IReadOnlyList<FundingEntry> entries)
    {
        foreach (var entry in entries)
        {
            Console.Out.WriteLine($"{what}: {Amounts.Cents(entry.Nanos)} {entry.Currency} by {entry.Funder.Organisation} for {entry.Subject}");
        }
    }
}
