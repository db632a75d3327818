using System.CommandLine;
using CiCost.Accounting.Freshness;
using CiCost.Accounting.Reconciliation;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Reconciliation;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost reconcile</c>: does the ledger tie to what providers state?</summary>
internal static class ReconcileCommand
{
    public static Command Create(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "The billing period.", required: true);
        var asOf = new Option<string?>("--as-of") { Description = "As the books stood at this instant.", HelpName = "INSTANT" };
        var command = new Command("reconcile", "Tie a billing period to invoices, usage interfaces and estimates; what differs, and why.")
        {
            month, asOf,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var answer = new ReconcileMonth(session.Books, session.Costs)
                .Run(MonthOption.Value(parse, month), CostQueryOptions.Instant(parse.GetValue(asOf)));
            var sources = new AssessSources(session.Books, session.Policies).Run();
            var document = ReconciliationDocument.Of(answer, sources, ChecksInShort.NotRun);
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(document);
            }
            else
            {
                Print(document);
            }

            return answer.TieOuts.Any(t => t is { State: TieState.Differs, IsEstimated: false }) ? ExitCode.ChecksFailed : ExitCode.Success;
        });
        return command;
    }

    private static void Print(ReconciliationDocument document)
    {
        if (document.TieOuts.Count == 0)
        {
            Console.Out.WriteLine($"Nothing is booked and nothing is stated for {document.Month}.");
        }
        else
        {
            var table = new Table(("account", false), ("measure", false), ("against", false), ("currency", false), ("ledger", true),
                ("control", true), ("difference", true), ("%", true), ("tolerance", true), ("state", false));
            foreach (var t in document.TieOuts)
            {
                table.Add(t.InvoiceIssuer is null ? t.PayerAccount : $"{t.PayerAccount} ({t.InvoiceIssuer})", t.Measure, t.ControlSource ?? "-",
                    t.Currency, t.Ledger.Display, t.Control?.Display ?? "-", t.Difference?.Display ?? "-", t.DifferencePercent ?? "-",
                    t.Tolerance.Display, t.IsEstimated ? t.State + " (not final)" : t.State);
            }

            Console.Out.Write(table);
            foreach (var reason in document.TieOuts.Where(t => t.Reason.Length > 0).GroupBy(t => t.Reason))
            {
                Console.Out.WriteLine($"{reason.First().State}: {reason.Key} ({string.Join(", ", reason.Select(t => t.PayerAccount).Distinct())})");
            }
        }

        PrintCauses(document);
        foreach (var spend in document.RequestSpend)
        {
            Console.Out.WriteLine($"asking {spend.Source} cost {spend.Amount.Display} {spend.Currency}");
        }

        foreach (var source in document.Sources.Where(s => s.State != "fresh"))
        {
            Console.Out.WriteLine($"{source.State}: {source.Source}: {source.Message}");
        }
    }

    private static void PrintCauses(ReconciliationDocument document)
    {
        if (document.Causes.Count == 0)
        {
            return;
        }

        Console.Out.WriteLine();
        var table = new Table(("account", false), ("against", false), ("cause", false), ("currency", false), ("ledger", true), ("control", true),
            ("difference", true));
        foreach (var c in document.Causes)
        {
            table.Add(c.PayerAccount, c.ControlSource, c.Cause, c.Currency, c.Ledger.Display, c.Control.Display, c.Difference.Display);
        }

        Console.Out.Write(table);
    }
}
