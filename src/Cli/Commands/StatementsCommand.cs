using System.CommandLine;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Presentation;
using CiCost.Accounting.Statements;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Funding;

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
        var exact = ShownAmount.CreateOption();
        var command = new Command("statements", "Per organisation: given, used, directed, shared, net.") { month, split, asOf, exact };
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
                Print(answer, ShownAmount.Of(parse, exact));
                SourcesNote.Write(session.Condition().Sources);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(StatementAnswer answer, ShownAmount shown)
    {
        var (statement, cents) = (answer.Point, new StatementCents(answer));
        if (!statement.IsAgreed)
        {
            Console.Out.WriteLine(ReaderWords.ProposalTitle);
        }

        Console.Out.WriteLine($"{answer.Month}, {statement.Name} ({(statement.IsAgreed ? "agreed" : "proposal")}), "
            + $"{statement.Policy.Currency}{(answer.IsIndicative ? $". {Indicative.Reason}" : "")}");
        var table = new Table(("organisation", false), ("given", true), ("paid ahead", true), ("used", true), ("excluded", true),
            ("directed", true), ("shared", true), ("net", true));
        foreach (var row in statement.Rows)
        {
            var name = row.Organisation;
            table.Add(name, shown.Text(row.TotalGivenNanos, cents.Given(name)), shown.Text(row.PaidAheadNanos, cents.PaidAhead(name)),
                cents.Used(name) is { } used ? shown.Text(row.UsedNanos, used) : ReaderWords.NotKnown,
                shown.Text(row.ExcludedNanos, cents.Excluded(name)),
                cents.KnowsDirected(name) ? shown.Text(row.DirectedNanos, cents.Directed(name)) : ReaderWords.NotKnown,
                shown.Text(row.SharedNanos, cents.Shared(name)), shown.Text(row.NetNanos, cents.Net(name)));
        }

        Console.Out.Write(table);
        Console.Out.WriteLine($"common direct {shown.Text(statement.CommonDirectNanos, cents.CommonDirect)} + common overhead "
            + $"{shown.Text(statement.CommonOverheadNanos, cents.CommonOverhead)} + unused reservations "
            + $"{shown.Text(statement.ReservedNanos, cents.Reserved)} + directed "
            + $"{shown.Text(statement.DirectedNanos, cents.DirectedTotal)} + excluded "
            + $"{shown.Text(statement.Excluded.Aggregate((Int128)0, (sum, e) => sum + e.Nanos), cents.ExcludedTotal)} + free terms "
            + $"{shown.Text(statement.FreeTermsNanos, cents.FreeTerms)} = consumption "
            + shown.Text(statement.ConsumptionNanos, cents.ConsumptionTotal));
        foreach (var excluded in statement.Excluded)
        {
            Console.Out.WriteLine($"excluded {excluded.Id}: {shown.Text(excluded.Nanos, cents.ExcludedBy(excluded.Id))} ({excluded.Reason})");
        }

        PrintOtherMoney(answer, shown);
        foreach (var note in statement.Notes)
        {
            Console.Out.WriteLine(note);
        }

        Console.Out.WriteLine(StateMonth.Disclaimer);
    }

    /// <summary>Money without a rate is in no row above, so it has rows of its own.</summary>
    private static void PrintOtherMoney(StatementAnswer answer, ShownAmount shown)
    {
        if (answer.OtherMoney.Count == 0)
        {
            return;
        }

        var table = new Table(("organisation", false), ("kind", false), ("currency", false), ("given", true), ("", false));
        foreach (var money in answer.OtherMoney)
        {
            foreach (var row in money.Rows)
            {
                table.Add(row.Organisation, row.Kind.ToText(), money.Currency, shown.Text(row.Nanos, row.Cents), OtherMoney.Reason);
            }

            table.Add("total", "", money.Currency, shown.Text(money.Nanos, money.Cents), OtherMoney.Reason);
        }

        Console.Out.Write(table);
        if (answer.Point.ConsumptionNanos == 0)
        {
            Console.Out.WriteLine(OtherMoney.NothingShared);
        }
    }
}
