using System.CommandLine;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Presentation;
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
        var exact = ShownAmount.CreateOption();
        var sort = new Option<string>("--sort")
        {
            Description = "The order of rows: auto (by time where months or days are grouped by, else by amount), amount or keys.",
            DefaultValueFactory = _ => "auto",
        };
        sort.AcceptOnlyFromAmong("auto", "amount", "keys");
        options.AddTo(command);
        command.Options.Add(exact);
        command.Options.Add(sort);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            session.WarnWhenPolicyDiffers();
            var answer = Sorted(session.Costs.Run(options.Query(parse)), parse.GetValue(sort)!);
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(CostsDocument.Of(answer, session.Condition()));
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

    private static CostAnswer Sorted(CostAnswer answer, string order) => order switch
    {
        "amount" => answer with
        {
            Rows = [.. answer.Rows.OrderBy(r => r.Currency, StringComparer.Ordinal).ThenByDescending(r => r.Nanos)],
        },
        "keys" => answer with
        {
            Rows =
            [
                .. answer.Rows.OrderBy(r => r.Currency, StringComparer.Ordinal)
                    .ThenBy(r => string.Join('\u001f', r.Keys), StringComparer.Ordinal),
            ],
        },
        _ => answer,
    };

    private static void Print(CostAnswer answer, ShownAmount shown)
    {
        var query = answer.Query;
        var range = query.From == query.To ? query.From.ToString() : $"{query.From} to {query.To}";
        Console.Out.WriteLine($"{CostsDocument.Name(query.Metric)} by {CostsDocument.Name(query.Axis)} month, {range} (book version "
            + $"{answer.BookVersion.Id})");
        var table = new Table([.. query.GroupBy.Select(d => (d, false)), ("currency", false), ("amount", true), ("lines", true)]);
        foreach (var row in answer.Rows)
        {
            table.Add([.. row.Keys.Select(k => k.Length == 0 ? ReaderWords.Nothing : k), row.Currency, shown.Text(row.Nanos, row.Cents),
                Amounts.Count(row.LineCount)]);
        }

        Console.Out.Write(table);
        foreach (var proof in answer.Proofs)
        {
            var cents = proof.Cents;
            var basis = string.Join(", ", proof.BasisNanos.Select(b =>
                $"{CostCube.BasisText(b.Key)} {shown.Text(b.Value, cents.Basis.GetValueOrDefault(b.Key))}"));
            Console.Out.WriteLine($"total {shown.Text(proof.TotalNanos, cents.Total)} {proof.Currency} = attributed "
                + $"{shown.Text(proof.AttributedNanos, cents.Attributed)} + unattributed {shown.Text(proof.UnattributedNanos, cents.Unattributed)}; "
                + $"exactly {Amounts.Exact(proof.TotalNanos)}");
            Console.Out.WriteLine($"basis: {(basis.Length == 0 ? ReaderWords.Nothing : basis)}" + (proof.EvidenceNanos == 0 ? ""
                : $"; beside it, evidence that is not summed: {shown.Text(proof.EvidenceNanos, cents.Evidence)}"));
        }

        if (answer.Proofs.Count == 0)
        {
            Console.Out.WriteLine("Nothing is booked for this question.");
        }
    }
}
