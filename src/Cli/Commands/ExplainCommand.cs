using System.CommandLine;
using CiCost.Accounting.Explain;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost explain</c>: a figure down to bill row and rule, or a bill row up to its figures.</summary>
internal static class ExplainCommand
{
    public static Command Create(GlobalOptions global)
    {
        var options = new CostQueryOptions(withGroupBy: false);
        var rows = new Option<int>("--rows") { Description = "How many of the largest bill rows to list.", DefaultValueFactory = _ => 20 };
        var delivery = new Option<int?>("--delivery") { Description = "Explain a row of this delivery, with --row.", HelpName = "ID" };
        var row = new Option<uint?>("--row") { Description = "The row in the delivery, from 1.", HelpName = "N" };
        var command = new Command("explain",
            "A figure of 'costs' down to raw object, row and rule; or, with --delivery and --row, a raw row up to the figures it is in.");
        options.AddTo(command, instead: delivery);
        command.Validators.Add(result =>
        {
            if (result.GetResult(delivery) is not null && result.GetResult(row) is null)
            {
                result.AddError("Give the row with --row N beside --delivery.");
            }
        });
        command.Options.Add(rows);
        command.Options.Add(delivery);
        command.Options.Add(row);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var asJson = global.IsJson(parse);
            if (parse.GetValue(delivery) is { } id)
            {
                var number = parse.GetRequiredValue(row)!.Value;
                var explainRow = new ExplainRow(session.Books, session.Policies, session.Formats, session.RereadLines(),
                    session.BookingOptions);
                ExplainOutput.Write(explainRow.Run(id, number, options.AsOfOf(parse), cancellationToken), asJson);
                return ExitCode.Success;
            }

            session.WarnWhenPolicyDiffers();
            var figure = new ExplainFigure(session.Books, session.Costs, session.RereadLines()).Run(options.Query(parse),
                parse.GetValue(rows), cancellationToken);
            ExplainOutput.Write(figure, asJson);
            return ExitCode.Success;
        });
        return command;
    }
}
