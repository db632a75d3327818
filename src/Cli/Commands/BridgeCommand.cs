using System.CommandLine;
using CiCost.Accounting.Costs;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost bridge</c>: from list usage to payable, step by step, per source.</summary>
internal static class BridgeCommand
{
    private static readonly (string Key, string Label)[] Labels =
    [
        ("listUsage", "list usage"),
        ("discounts", "+ discounts"),
        ("otherCharges", "+ other charges (purchases, support, tax, rounding)"),
        ("consumption", "= consumption"),
        ("credits", "+ credits"),
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
            var (version, bridges) = new BuildBridge(session.Costs).Run(
                from,
                MonthOption.ValueOrNull(parse, to) ?? from,
                Enum.Parse<TimeAxis>(parse.GetValue(axis)!, ignoreCase: true),
                CostQueryOptions.Instant(parse.GetValue(asOf)));
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(BridgeDocument.Of(version, bridges, session.Condition()));
            }
            else
            {
                Print(bridges);
                SourcesNote.Write(session.Condition().Sources);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(IReadOnlyList<CostBridge> bridges)
    {
        if (bridges.Count == 0)
        {
            Console.Out.WriteLine("Nothing is booked for this month.");
        }

        foreach (var bridge in bridges)
        {
            Console.Out.WriteLine($"{bridge.Source}, {bridge.Currency}");
            var table = new Table(("step", false), ("amount", true));
            foreach (var (label, cents) in Steps(bridge))
            {
                table.Add(label, cents);
            }

            Console.Out.Write(table);
            Console.Out.WriteLine();
        }
    }

    private static IEnumerable<(string Label, string Cents)> Steps(CostBridge bridge)
    {
        var document = SourceBridge.Of(bridge);
        var steps = Labels.Select(l => (l.Label, document.Display[l.Key]));
        return document.Invoice is null ? steps : [.. steps, ("invoice", document.Invoice.Display), ("invoice - payable", document.Difference!.Display)];
    }
}
