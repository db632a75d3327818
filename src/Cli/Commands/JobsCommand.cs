using System.CommandLine;
using CiCost.Accounting.Jobs;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Attribution;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Jobs;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost jobs</c>: hours that job runs held runners.</summary>
internal static class JobsCommand
{
    public static Command Create(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "The charge month.", required: true);
        var by = new Option<string>("--group-by")
        {
            Description = "An attribute (architecture, project, operator, domain...), label or repository.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "architecture",
        };
        var command = new Command("jobs", "Hours that job runs held runners, by what the rules say of them.") { month, by };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var name = parse.GetValue(by)!;
            var value = ValueOf(name);
            var charged = MonthOption.Value(parse, month);
            var hours = new ReadJobHours(session.Books, session.Policies).Run(charged);
            var copies = new JobRunReader(session.Books).Copies(charged);
            var groups = hours.GroupBy(value, StringComparer.Ordinal)
                .Select(g => (Key: g.Key, Seconds: g.Sum(h => h.Seconds), Runs: g.Sum(h => h.RunCount)))
                .OrderByDescending(g => g.Seconds).ThenBy(g => g.Key, StringComparer.Ordinal).ToList();
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(new
                {
                    month = MonthOption.Value(parse, month).ToString(),
                    bookVersion = BookVersionDocument.Of(new BookVersionDirectory(session.Books).AsOf(null)),
                    groupBy = name,
                    rows = groups.Select(g => new { key = g.Key, hours = ValueCommand.Hours(g.Seconds), seconds = g.Seconds, runs = g.Runs }),
                    totalSeconds = groups.Sum(g => g.Seconds),
                    copies = new { runs = copies.Runs, hours = ValueCommand.Hours(copies.Seconds), seconds = copies.Seconds },
                });
                return ExitCode.Success;
            }

            var table = new Table((name, false), ("hours", true), ("run days", true));
            groups.ForEach(g => table.Add(g.Key, ValueCommand.Hours(g.Seconds), Amounts.Count(g.Runs)));
            table.Add("total", ValueCommand.Hours(groups.Sum(g => g.Seconds)), Amounts.Count(groups.Sum(g => g.Runs)));
            Console.Out.Write(table);
            if (copies.Runs > 0)
            {
                Console.Out.WriteLine($"{Amounts.Count(copies.Runs)} runs of {ValueCommand.Hours(copies.Seconds)} hours are copies: a re-run of failed "
                    + "jobs lists the others again. Each machine counts once.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Func<JobHours, string> ValueOf(string name) => name switch
    {
        "label" => static h => h.Label,
        "repository" => static h => h.Repository,
        _ when AttributeNames.TryParse(name, out var attribute) => h => h.Attribution[attribute] ?? AttributionResult.Unattributed,
        _ => throw new BooksException("dimension-unknown",
            $"Jobs cannot be grouped by '{name}'. Known: {string.Join(", ", AttributeNames.All)}, label, repository."),
    };
}
