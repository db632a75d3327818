using System.CommandLine;
using System.Globalization;
using CiCost.Accounting.Jobs;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Attribution;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Jobs;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost jobs</c>: hours that job runs held runners, and jobs whose end was never told.</summary>
internal static class JobsCommand
{
    public static Command Create(GlobalOptions global)
    {
        var month = MonthOption.Create("--month", "The charge month; with --unfinished the month of creation, and without it all.");
        var by = new Option<string>("--group-by")
        {
            Description = "An attribute (architecture, project, operator, domain...), label or repository.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "architecture",
        };
        var unfinished = new Option<bool>("--unfinished")
        {
            Description = "List the jobs that are queued, waiting or running more than a day after they were created.",
        };
        var exact = new Option<bool>("--exact") { Description = "Print hours with all digits, without separators." };
        var command = new Command("jobs", "Hours that job runs held runners, by what the rules say of them.") { month, by, unfinished, exact };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(unfinished) && result.GetResult(month) is null)
            {
                result.AddError("Option '--month' is required, unless --unfinished is given.");
            }
        });
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var asked = MonthOption.ValueOrNull(parse, month);
            if (parse.GetValue(unfinished))
            {
                PrintUnfinished(session, asked, global.IsJson(parse));
            }
            else
            {
                PrintHours(session, asked!.Value, parse.GetValue(by)!, global.IsJson(parse),
                    parse.GetValue(exact) ? HoursText.Exact : HoursText.Shown);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void PrintHours(Session session, BillingMonth month, string name, bool isJson, Func<long, string> text)
    {
        var value = ValueOf(name);
        var hours = new ReadJobHours(session.Books, session.Policies).Run(month);
        var copies = new JobRunReader(session.Books).Copies(month);
        var groups = hours.GroupBy(value, StringComparer.Ordinal)
            .Select(g => (Key: g.Key, Seconds: g.Sum(h => h.Seconds), Runs: g.Sum(h => h.RunCount)))
            .OrderByDescending(g => g.Seconds).ThenBy(g => g.Key, StringComparer.Ordinal).ToList();
        var total = groups.Sum(g => g.Seconds);
        if (isJson)
        {
            JsonDocumentWriter.Write(new
            {
                month = month.ToString(),
                bookVersion = BookVersionDocument.Of(new BookVersionDirectory(session.Books).AsOf(null)),
                groupBy = name,
                rows = groups.Select(g => new { key = g.Key, hours = HoursText.Exact(g.Seconds), seconds = g.Seconds, runs = g.Runs }),
                totalHours = HoursText.Exact(total),
                totalSeconds = total,
                copies = new { runs = copies.Runs, hours = HoursText.Exact(copies.Seconds), seconds = copies.Seconds },
            });
            return;
        }

        var table = new Table((name, false), ("hours", true), ("run days", true));
        groups.ForEach(g => table.Add(g.Key, text(g.Seconds), Amounts.Count(g.Runs)));
        table.Add("total", text(total), Amounts.Count(groups.Sum(g => g.Runs)));
        Console.Out.Write(table);
        if (copies.Runs > 0)
        {
            Console.Out.WriteLine($"Not counted: copies of runs that a re-run of failed jobs lists again, {Amounts.Count(copies.Runs)} of "
                + $"{text(copies.Seconds)} hours.");
        }
    }

    private static void PrintUnfinished(Session session, BillingMonth? month, bool isJson)
    {
        var jobs = new ListUnfinishedJobs(session.Books).Run(month);
        if (isJson)
        {
            JsonDocumentWriter.Write(new
            {
                month = month?.ToString(),
                olderThanHours = ListUnfinishedJobs.Patience.Days * 24,
                count = jobs.Count,
                rows = jobs.Select(j => new
                {
                    system = j.System,
                    host = j.Host,
                    repository = j.Repository,
                    runId = j.RunId,
                    jobId = j.JobId,
                    nativeId = j.NativeId,
                    attempt = j.Attempt,
                    workflow = j.Workflow,
                    name = j.Name,
                    status = UnfinishedJob.Text(j.Status),
                    createdAt = At(j),
                    runner = j.RunnerName,
                    labels = j.Labels.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                    delivery = j.DeliveryId,
                    row = j.RowNumber,
                }),
            });
            return;
        }

        var table = new Table(("created", false), ("status", false), ("repository", false), ("run", true), ("job", true), ("attempt", true),
            ("labels", false));
        foreach (var job in jobs)
        {
            table.Add(At(job) ?? "not told", UnfinishedJob.Text(job.Status), job.Repository, job.RunId.ToString(CultureInfo.InvariantCulture),
                job.NativeId ?? job.JobId.ToString(CultureInfo.InvariantCulture), job.Attempt.ToString(CultureInfo.InvariantCulture),
                job.Labels.Replace("\n", ", ", StringComparison.Ordinal));
        }

        if (jobs.Count > 0)
        {
            Console.Out.Write(table);
        }

        Console.Out.WriteLine($"Unfinished more than a day after they were created{(month is { } m ? $" in {m}" : "")}: "
            + $"{Amounts.Count(jobs.Count)}.");
    }

    private static string? At(UnfinishedJob job) => job.CreatedSeconds == 0
        ? null
        : DateTimeOffset.FromUnixTimeSeconds(job.CreatedSeconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Func<JobHours, string> ValueOf(string name) => name switch
    {
        "label" => static h => h.Label,
        "repository" => static h => h.Repository,
        _ when AttributeNames.TryParse(name, out var attribute) => h => h.Attribution[attribute] ?? AttributionResult.Unattributed,
        _ => throw new BooksException("dimension-unknown",
            $"Jobs cannot be grouped by '{name}'. Known: {string.Join(", ", AttributeNames.All)}, label, repository."),
    };
}
