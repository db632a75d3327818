using System.CommandLine;
using CiCost.Accounting.Costs;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Attribution;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost bridge</c>: from list usage to payable, step by step, per source.</summary>
internal static class BridgeCommand
{
    private static readonly (string Key, string Label)[] Labels =
    [
        ("listUsage", "list usage"),
        ("discounts", "+ discounts"),
        ("unpricedUsage", "+ usage without a list price"),
        ("corrections", "+ corrections"),
        ("otherCharges", "+ other charges (purchases, support, tax, rounding)"),
        ("consumption", "= consumption"),
        ("credits", "+ credits"),
        ("freeTerms", "+ free terms"),
        ("borneOutside", "+ borne outside these books"),
        ("accrued", "+ accrued"),
        ("timing", "+ timing"),
        ("payable", "= payable"),
    ];

    public static Command Create(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "The month, or the first of a range.", required: true);
        var to = MonthOption.Create("--to", "The last month of a range, included.");
        var axis = new Option<string>("--axis")
        {
            Description = "By which month: charge, billing or posting.",
            DefaultValueFactory = _
            => "billing"
        };
        axis.AcceptOnlyFromAmong([.. Enum.GetNames<TimeAxis>().Select(n => n.ToLowerInvariant())]);
        var asOf = new Option<string?>("--as-of") { Description = "As the books stood at this instant.", HelpName = "INSTANT" };
        var command = new Command("bridge", "From list usage to payable, per source and currency.") { month, to, axis, asOf };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var from = MonthOption.Value(parse, month);
            var answer = new BuildBridge(session.Costs).Run(
                from,
                MonthOption.ValueOrNull(parse, to) ?? from,
                Enum.Parse<TimeAxis>(parse.GetValue(axis)!, ignoreCase: true),
                CostQueryOptions.Instant(parse.GetValue(asOf)));
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(BridgeDocument.Of(answer, session.Condition()));
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

    private static void Print(BridgeAnswer answer)
    {
        if (answer.Bridges.Count == 0)
        {
            Console.Out.WriteLine("Nothing is booked for this month.");
        }

        foreach (var (bridge, document) in answer.Bridges.Zip(SourceBridge.Of(answer)))
        {
            Console.Out.WriteLine($"{bridge.Source}, {bridge.Currency} ({BooksParts.Title(bridge.Part)})");
            var table = new Table(("step", false), ("amount", true));
            foreach (var (label, cents) in Steps(document))
            {
                table.Add(label, cents);
            }

            Console.Out.Write(table);
            if (bridge.UnpricedLines > 0)
            {
                Console.Out.WriteLine($"{Amounts.Count(bridge.UnpricedLines)} lines of usage have a cost and no list price: no discount is made from them.");
            }

            Console.Out.WriteLine();
        }

        PrintPayables(PayableDocument.Of(answer));
    }

    /// <summary>What each payer is asked for; payables of different payers are never added.</summary>
    private static void PrintPayables(IReadOnlyList<PayableDocument> payables)
    {
        if (payables.Count == 0)
        {
            return;
        }

        Console.Out.WriteLine("Payable, per payer");
        var table = new Table(("account", false), ("source", false), ("part", false), ("currency", false), ("amount", true));
        foreach (var payable in payables)
        {
            table.Add(payable.PayerAccount, payable.Source, payable.Part, payable.Currency, payable.Payable.Display);
        }

        Console.Out.Write(table);
    }

    private static IEnumerable<(string Label, string Cents)> Steps(SourceBridge document)
    {
        var steps = Labels.Where(l => l.Key is not ("unpricedUsage" or "corrections" or "freeTerms" or "borneOutside" or "accrued")
            || document.Steps[l.Key] != "0").Select(l => (l.Label, document.Display[l.Key]));
        return document.Invoice is null ? steps : [.. steps, ("invoice", document.Invoice.Display), ("invoice - payable", document.Difference!.Display)];
    }
}
