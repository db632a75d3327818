using System.CommandLine;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Statements;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost statements</c>: per organisation, what it gave, used, directed and shared.</summary>
internal static class StatementsCommand
{
    public static Command Create(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "The charge month.", required: true);
        var split = new Option<string?>("--split")
        {
            Description = "The split policy; without it the agreed one of the month, else its first proposal.",
            HelpName = "ID",
        };
        var asOf = new Option<string?>("--as-of") { Description = "As the books stood at this instant.", HelpName = "INSTANT" };
        var command = new Command("statements", "Per organisation: given, used, directed, shared, net.") { month, split, asOf };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var answer = new StateMonth(new FundConsumption(session.Costs)).Run(
                MonthOption.Value(parse, month), parse.GetValue(split), CostQueryOptions.Instant(parse.GetValue(asOf)));
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(StatementsDocument.Of(answer, session.Condition()));
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

    private static void Print(StatementAnswer answer)
    {
        var statement = answer.Point;
        Console.Out.WriteLine($"{answer.Month}, {statement.Policy.Name} ({(statement.Policy.IsAgreed ? "agreed" : "proposal")}), "
            + $"{statement.Policy.Currency}{(answer.IsIndicative ? ". Indicative: less than 80 % is billed." : "")}");
        var table = new Table(("organisation", false), ("given", true), ("paid ahead", true), ("used", true), ("excluded", true),
            ("directed", true), ("shared", true), ("net", true));
        foreach (var row in statement.Rows)
        {
            table.Add(row.Organisation, Amounts.Cents(row.TotalGivenNanos), Amounts.Cents(row.PaidAheadNanos), Amounts.Cents(row.UsedNanos),
                Amounts.Cents(row.ExcludedNanos), Amounts.Cents(row.DirectedNanos), Amounts.Cents(row.SharedNanos),
                Amounts.Cents(row.NetNanos));
        }

        Console.Out.Write(table);
        Console.Out.WriteLine($"common direct {Amounts.Cents(statement.CommonDirectNanos)} + common overhead "
            + $"{Amounts.Cents(statement.CommonOverheadNanos)} + directed {Amounts.Cents(statement.DirectedNanos)} + excluded "
            + $"{Amounts.Cents(statement.Excluded.Aggregate((Int128)0, (sum, e) => sum + e.Nanos))} = consumption "
            + Amounts.Cents(statement.ConsumptionNanos));
        foreach (var excluded in statement.Excluded)
        {
            Console.Out.WriteLine($"excluded {excluded.Id}: {Amounts.Cents(excluded.Nanos)} ({excluded.Reason})");
        }

        foreach (var note in statement.Notes)
        {
            Console.Out.WriteLine(note);
        }

        Console.Out.WriteLine(StateMonth.Disclaimer);
    }
}
