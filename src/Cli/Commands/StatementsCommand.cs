using System.CommandLine;
using CiCost.Accounting.Funding;
using CiCost.Accounting.Statements;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Funding;
using CiCost.Domain.Money;
using CiCost.Domain.Sharing;

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
            var answer = new StateMonth(new FundConsumption(session.Books, session.Costs)).Run(
                MonthOption.Value(parse, month), parse.GetValue(split), CostQueryOptions.Instant(parse.GetValue(asOf)));
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(Document(answer));
            }
            else
            {
                Print(answer);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static object Document(StatementAnswer answer) => new
    {
        month = answer.Month.ToString(),
        split = new { answer.Point.Policy.Id, answer.Point.Policy.Name, agreed = answer.Point.Policy.IsAgreed, answer.Point.Policy.Currency },
        indicative = answer.IsIndicative,
        disclaimer = StateMonth.Disclaimer,
        bookVersion = CostsDocument.Version(answer.Funding.BookVersion),
        rows = answer.Point.Rows.Select(r => new
        {
            r.Organisation,
            given = r.GivenNanos.ToDictionary(g => g.Key.ToText(), g => DecimalText.OfNanos(g.Value)),
            totalGiven = DecimalText.OfNanos(r.TotalGivenNanos),
            paidAhead = DecimalText.OfNanos(r.PaidAheadNanos),
            used = DecimalText.OfNanos(r.UsedNanos),
            excluded = DecimalText.OfNanos(r.ExcludedNanos),
            directed = DecimalText.OfNanos(r.DirectedNanos),
            shared = DecimalText.OfNanos(r.SharedNanos),
            priorPeriod = DecimalText.OfNanos(r.PriorPeriodNanos),
            net = DecimalText.OfNanos(r.NetNanos),
            netLow = DecimalText.OfNanos(NetOf(answer.Low, r.Organisation)),
            netHigh = DecimalText.OfNanos(NetOf(answer.High, r.Organisation)),
        }),
        commonDirect = DecimalText.OfNanos(answer.Point.CommonDirectNanos),
        commonOverhead = DecimalText.OfNanos(answer.Point.CommonOverheadNanos),
        directed = DecimalText.OfNanos(answer.Point.DirectedNanos),
        excluded = answer.Point.Excluded.Select(e => new { e.Id, e.Reason, amount = DecimalText.OfNanos(e.Nanos) }),
        consumption = DecimalText.OfNanos(answer.Point.ConsumptionNanos),
        notes = answer.Point.Notes,
        otherCurrencies = answer.OtherCurrencies,
    };

    private static Int128 NetOf(SplitStatement statement, string organisation) =>
        statement.Rows.FirstOrDefault(r => r.Organisation == organisation)?.NetNanos ?? 0;

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
