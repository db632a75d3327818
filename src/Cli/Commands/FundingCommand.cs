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
            var answer = new FundConsumption(session.Books, session.Costs)
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
        PrintEntries("paid ahead", answer.PaidAhead, shown);
        PrintEntries("unapplied credits", answer.UnappliedCredits, shown);
    }

    private static Int128 Nanos(IEnumerable<PresentationCell> cells) => cells.Aggregate((Int128)0, (sum, c) => sum + c.Nanos);

    private static void PrintEntries(string what, IReadOnlyList<FundingEntry> entries, ShownAmount shown)
    {
        foreach (var entry in entries)
        {
            Console.Out.WriteLine($"{what}: {shown.Text(entry.Nanos, PresentationCube.RoundHalfEven(entry.Nanos))} {entry.Currency} by "
                + $"{entry.Funder.Organisation} for {entry.Subject}");
        }
    }
}
