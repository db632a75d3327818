using System.CommandLine;
using System.Globalization;
using CiCost.Accounting.Jobs;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost value</c>: books the hours of fleets that have no bill at their rates.</summary>
internal static class ValueCommand
{
    public static Command Create(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "The charge month.", required: true);
        var command = new Command("value", "Book the job hours of fleets without a bill: hours x rate, one delivery per source.") { month };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            await session.EnsurePolicyAsync(cancellationToken);
            var value = new ValueJobs(session.Books, session.Policies, session.BookDelivery());
            var valuation = await value.RunAsync(MonthOption.Value(parse, month), cancellationToken);
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(new
                {
                    booked = valuation.Booked.Select(IngestDocument.Of),
                    unvalued = valuation.Unvalued.Select(u => new { u.Label, u.Reason, hours = HoursText.Exact(u.Seconds), runs = u.RunCount }),
                    evidenceHours = HoursText.Exact(valuation.EvidenceSeconds),
                });
            }
            else
            {
                Print(valuation);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(JobValuation valuation)
    {
        var table = new Table(("source", false), ("delivery", true), ("rows", true), ("value", true));
        foreach (var booked in valuation.Booked)
        {
            var values = booked.Totals.Select(t => $"{t.Value.Effective} {t.Key}");
            table.Add(booked.SourceKey, booked.DeliveryId.ToString(CultureInfo.InvariantCulture), Amounts.Count(booked.Rows),
                string.Join(", ", values));
        }

        Console.Out.Write(table);
        Console.Out.WriteLine($"{HoursText.Shown(valuation.EvidenceSeconds)} hours are of fleets with a bill: evidence, not booked beside it.");
        foreach (var unvalued in valuation.Unvalued)
        {
            Console.Out.WriteLine($"no value: {unvalued.Label}, {HoursText.Shown(unvalued.Seconds)} hours, {Amounts.Count(unvalued.RunCount)} runs ({unvalued.Reason})");
        }
    }
}
