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
        PrintEntries("paid ahead", answer.PaidAhead);
        PrintEntries("unapplied credits", answer.UnappliedCredits);
    }

    private static void PrintEntries(string what, IReadOnlyList<FundingEntry> entries)
    {
        foreach (var entry in entries)
        {
            Console.Out.WriteLine($"{what}: {Amounts.Cents(entry.Nanos)} {entry.Currency} by {entry.Funder.Organisation} for {entry.Subject}");
        }
    }
}
