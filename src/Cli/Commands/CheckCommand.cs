using System.CommandLine;
using System.Globalization;
using CiCost.Accounting.Checks;
using CiCost.Accounting.Presentation;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Checks;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost check</c>: runs the catalogue; exit code 0 when no check fails.</summary>
internal static class CheckCommand
{
    public static Command Create(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "Only the deliveries of this billing period.");
        var deep = new Option<bool>("--deep")
        {
            Description = "Also read every raw file again and prove the whole books from them: every line, every past answer, rules and records.",
        };
        var command = new Command("check", "Run every check on the books; exit code 0 when none fails.") { month, deep };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var isDeep = parse.GetValue(deep);
            var checks = new RunChecks(session.Books, session.Policies);
            var asked = MonthOption.ValueOrNull(parse, month);
            var started = session.Books.Time.GetTimestamp();
            var outcomes = isDeep ? checks.RunDeep(asked, session.ReplayBooks(cancellationToken)) : checks.Run(asked);
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(ChecksDocument.Of(outcomes, isDeep));
            }
            else
            {
                Print(outcomes);
                var elapsed = session.Books.Time.GetElapsedTime(started);
                Console.Out.WriteLine(isDeep
                    ? string.Create(CultureInfo.InvariantCulture, $"All raw files were read again, in {elapsed.TotalSeconds:0.0} s.")
                    : RunChecks.NotProved);
            }

            return outcomes.All(o => o.State != CheckState.Fails) ? ExitCode.Success : ExitCode.ChecksFailed;
        });
        return command;
    }

    private static void Print(IReadOnlyList<CheckOutcome> outcomes)
    {
        const int shownFailures = 10;
        foreach (var outcome in outcomes)
        {
            Console.Out.WriteLine(outcome.State switch
            {
                CheckState.Holds => $"holds  {outcome.Check}: {outcome.Claim}",
                CheckState.Fails => $"FAILS  {outcome.Check}: {outcome.Claim}",
                _ => $"-      {outcome.Check}: nothing to compare. {outcome.Claim}",
            });
            foreach (var failure in outcome.Failures.Take(shownFailures))
            {
                var values = (failure.Expected.Length == 0 ? "" : $" Expected: {failure.Expected}.")
                    + (failure.Actual.Length == 0 ? "" : $" Actual: {failure.Actual}.");
                Console.Out.WriteLine($"       {failure.Where}: {failure.Message}{values}");
            }

            foreach (var notice in outcome.Notices)
            {
                Console.Out.WriteLine($"       note: {notice}");
            }

            if (outcome.Failures.Count > shownFailures)
            {
                Console.Out.WriteLine($"       and {outcome.Failures.Count - shownFailures} more; --json lists all.");
            }
        }

        List<string> Names(CheckState state) => [.. outcomes.Where(o => o.State == state).Select(o => o.Check)];
        Console.Out.WriteLine(ReaderWords.Controls(Names(CheckState.Holds).Count, outcomes.Count, Names(CheckState.Fails),
            Names(CheckState.NothingToCompare)));
    }
}
