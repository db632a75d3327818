using System.CommandLine;
using System.Globalization;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.CostApi.Scheduling;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost schedule</c>: when sources are pulled, and how that went. It works beside a server that runs the schedule and
/// without one.</summary>
internal static class ScheduleCommand
{
    public static Command Create(GlobalOptions global) =>
        new("schedule", "When sources are pulled, how that went, and what may be changed of it.")
        {
            CreateList(global),
            CreateRun(global),
            CreateChange(global, "pause", "Keep a source from running by its schedule; it survives a restart.",
                (schedule, key, cancellationToken) => schedule.PauseAsync(key, cancellationToken)),
            CreateChange(global, "resume", "Let a source run by its schedule again; what it missed is made up for by one run.",
                (schedule, key, cancellationToken) => schedule.ResumeAsync(key, cancellationToken)),
            CreateHistory(global),
        };

    private static Command CreateList(GlobalOptions global)
    {
        var command = new Command("list", "Every source: when it runs next, whether it is paused, and how its last run ended.");
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            await using var schedule = await OpenAsync(global, parse, session, cancellationToken);
            var document = ScheduleDocument.Of(ScheduleFiles.IsServed(session.Books.Path), await schedule.ListAsync(cancellationToken),
                new SourceRunDirectory(session.Books));
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(document);
                return ExitCode.Success;
            }

            Print(document.Sources);
            if (!document.IsServed)
            {
                Console.Out.WriteLine("No server runs this schedule now: nothing is pulled by itself until 'cicost serve' does.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateRun(GlobalOptions global)
    {
        var source = Key();
        var from = MonthOption.Create("--from", "The first month of a backfill; without it as many months back as the source says.");
        var to = MonthOption.Create("--to", "The last month of a backfill; without it the current one.");
        var command = new Command("run", "Pull a source now: by the server that runs the schedule, or else in this process.")
        {
            source,
            from,
            to,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var pulls = session.PullSources(global.SourcesPath(parse));
            var months = PullCommand.MonthsOf(MonthOption.ValueOrNull(parse, from), MonthOption.ValueOrNull(parse, to), session.Books.Time);
            var (key, cause) = (parse.GetRequiredValue(source), months is null ? PullCause.Command : PullCause.Backfill);
            if (ScheduleFiles.IsServed(session.Books.Path))
            {
                await HandOverAsync(global.IsJson(parse), session, pulls, key, months, cause, cancellationToken);
                return ExitCode.Success;
            }

            await Console.Error.WriteLineAsync("No server runs this schedule: the source is pulled in this process.");
            await session.EnsurePolicyAsync(cancellationToken);
            await pulls.RegisterAsync(cancellationToken);
            var result = await pulls.RunAsync(key, months, cause, cancellationToken);
            PullCommand.Print(global.IsJson(parse), [result]);
            return result.IsSuccess ? ExitCode.Success : ExitCode.Refused;
        });
        return command;
    }

    private static async Task HandOverAsync(bool asJson, Session session, PullSources pulls, string key, MonthRange? months,
        PullCause cause, CancellationToken cancellationToken)
    {
        await using var schedule = await PullSchedules.OpenAsync(session.Books, new BookedPulls(pulls), cancellationToken);
        var last = new SourceRunDirectory(session.Books).List(key, 1) is [var run] ? run.RunId : 0;
        await schedule.RequestRunAsync(key, months, cause, cancellationToken);
        if (asJson)
        {
            JsonDocumentWriter.Write(new RunAcceptedDocument(key, HyphenWords.Of(cause), months?.First.ToString(), months?.Last.ToString(),
                string.Create(CultureInfo.InvariantCulture, $"/v1/schedule/{key}/runs?after={last}")));
            return;
        }

        await Console.Out.WriteLineAsync($"The server that runs the schedule pulls {key} within seconds; 'cicost schedule history {key}' "
            + "shows how it goes.");
    }

    private static Command CreateChange(GlobalOptions global, string name, string description,
        Func<IPullSchedule, string, CancellationToken, Task> change)
    {
        var source = Key();
        var command = new Command(name, description) { source };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            await using var schedule = await OpenAsync(global, parse, session, cancellationToken);
            var key = parse.GetRequiredValue(source);
            await change(schedule, key, cancellationToken);
            var changed = (await schedule.ListAsync(cancellationToken)).Single(s => s.Key == key);
            var runs = new SourceRunDirectory(session.Books).List(key, 1);
            var document = ScheduledSourceDocument.Of(changed, runs is [var run] ? run : null);
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(document);
            }
            else
            {
                Print([document]);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateHistory(GlobalOptions global)
    {
        var source = new Argument<string?>("source") { Description = "Only this source.", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit")
        {
            Description = "How many runs at most, newest first.",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--limit: a whole number from 1 to 1000 is expected.");
            }
        });
        var command = new Command("history", "The runs of sources, newest first, and how they ended.") { source, limit };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var document = RunsDocument.Of(new SourceRunDirectory(session.Books).List(parse.GetValue(source), parse.GetValue(limit)));
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(document);
            }
            else
            {
                Print(document.Runs);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Argument<string> Key() => new("source") { Description = "The source's key in sources.yaml." };

    private static Task<IPullSchedule> OpenAsync(GlobalOptions global, ParseResult parse, Session session,
        CancellationToken cancellationToken) =>
        PullSchedules.OpenAsync(session.Books, new BookedPulls(session.PullSources(global.SourcesPath(parse))), cancellationToken);

    private static void Print(IReadOnlyList<ScheduledSourceDocument> sources)
    {
        var table = new Table(("source", false), ("connector", false), ("cron, UTC", false), ("jitter min", true), ("next run", false),
            ("state", false), ("last run", false), ("outcome", false));
        foreach (var s in sources)
        {
            table.Add(s.Source, s.Connector, s.Cron ?? "on request", s.JitterMinutes.ToString(CultureInfo.InvariantCulture),
                Text(s.NextRunAt), s.IsRunning ? "running" : s.IsPaused ? "paused" : "", Text(s.LastRun?.StartedAt),
                s.LastRun?.Outcome ?? "");
        }

        Console.Out.Write(table);
    }

    private static void Print(IReadOnlyList<SourceRunDocument> runs)
    {
        var table = new Table(("run", true), ("source", false), ("cause", false), ("months", false), ("started", false), ("ended", false),
            ("outcome", false), ("taken", true), ("unchanged", true), ("rows", true), ("error", false));
        foreach (var r in runs)
        {
            table.Add(r.RunId.ToString(CultureInfo.InvariantCulture), r.Source, r.Cause,
                r.FirstMonth == r.LastMonth ? r.FirstMonth : $"{r.FirstMonth} to {r.LastMonth}", Text(r.StartedAt), Text(r.EndedAt),
                r.Outcome, r.Taken.ToString(CultureInfo.InvariantCulture), r.Unchanged.ToString(CultureInfo.InvariantCulture),
                Amounts.Count(r.RowCount), r.ErrorCode ?? "");
        }

        Console.Out.Write(table);
        foreach (var r in runs.Where(r => r.ErrorMessage is not null))
        {
            Console.Out.WriteLine($"{r.RunId.ToString(CultureInfo.InvariantCulture)}: {r.ErrorMessage}");
        }
    }

    private static string Text(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
