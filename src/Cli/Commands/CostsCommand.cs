using System.CommandLine;
using CiCost.Accounting.Costs;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost costs</c>: what it cost, by whom and what, with the proof beside the rows.</summary>
internal static class CostsCommand
{
    public static Command Create(GlobalOptions global)
    {
        var options = new CostQueryOptions(withGroupBy: true);
        var command = new Command("costs", "What was consumed, credited or payable, grouped and filtered, with its proof.");
        options.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            session.WarnWhenPolicyDiffers();
            var answer = session.Costs.Run(options.Query(parse));
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(CostsDocument.Of(answer, session.Condition()));
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

    private static void Print(CostAnswer answer)
    {
        var query = answer.Query;
        var range = query.From == query.To ? query.From.ToString() : $"{query.From} to {query.To}";
        Console.Out.WriteLine($"{CostsDocument.Name(query.Metric)} by {CostsDocument.Name(query.Axis)} month, {range} (book version "
            + $"{answer.BookVersion.Id})");
        var table = new Table([.. query.GroupBy.Select(d => (d, false)), ("currency", false), ("amount", true), ("lines", true)]);
        var document = CostsDocument.Of(answer, BooksCondition.Unknown);
        foreach (var (row, shown) in answer.Rows.Zip(document.Rows))
        {
            table.Add([.. row.Keys.Select(k => k.Length == 0 ? "(none)" : k), row.Currency, shown.Display, Amounts.Count(row.LineCount)]);
        }

        Console.Out.Write(table);
        foreach (var (currency, total) in document.Totals)
        {
            var basis = string.Join(", ", total.Display.Basis.Select(b => $"{b.Key} {b.Value}"));
            var evidence = answer.Proofs.First(p => p.Currency == currency).EvidenceNanos;
            Console.Out.WriteLine($"total {total.Display.Total} {currency} = attributed {total.Display.Attributed} + unattributed "
                + $"{total.Display.Unattributed}; exactly {total.Total}");
            Console.Out.WriteLine($"basis: {(basis.Length == 0 ? "none" : basis)}"
                + (evidence == 0 ? "" : $"; beside it, evidence that is not summed: {Amounts.Cents(evidence)}"));
        }

        if (answer.Proofs.Count == 0)
        {
            Console.Out.WriteLine("Nothing is booked for this question.");
        }
    }
}
