using System.CommandLine;
using CiCost.Accounting.Checks;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Checks;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost check</c>: runs the catalogue; exit code 0 only when every check holds.</summary>
internal static class CheckCommand
{
    public static Command Create(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "Only the deliveries of this billing period.");
        var command = new Command("check", "Run every check on the books; exit code 0 only when all hold.") { month };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var outcomes = new RunChecks(session.Books, session.Policies).Run(MonthOption.ValueOrNull(parse, month));
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(ChecksDocument.Of(outcomes));
            }
            else
            {
                Print(outcomes);
            }

            return outcomes.All(o => o.State == CheckState.Holds) ? ExitCode.Success : ExitCode.ChecksFailed;
        });
        return command;
    }

    private static void Print(IReadOnlyList<CheckOutcome> outcomes)
    {
        const int shownFailures = 10;
        foreach (var outcome in outcomes)
        {
            Console.Out.WriteLine($"{(outcome.State == CheckState.Holds ? "holds" : "FAILS")}  {outcome.Check}: {outcome.Claim}");
            foreach (var failure in outcome.Failures.Take(shownFailures))
            {
                var values = failure.Expected.Length + failure.Actual.Length == 0 ? ""
                    : $" Expected: {failure.Expected}. Actual: {failure.Actual}.";
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

        Console.Out.WriteLine($"{outcomes.Count(o => o.State == CheckState.Holds)} of {outcomes.Count} checks hold.");
    }
}
