using System.CommandLine;
using System.Globalization;
using CiCost.Accounting.Freshness;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.CostApi.Scheduling;
using CiCost.CostIngest.Sources.Pulling;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost sources</c>: how fresh and how complete each configured source and each ledger source is.</summary>
internal static class SourcesCommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("sources", "How fresh and how complete each configured source and each ledger source is.");
        command.SetAction(async (parse, cancellationToken) =>
        {
            var path = global.SourcesPath(parse);
            if (!global.AreBooksThere(parse))
            {
                return BeforeTheFirstPull(global, parse, path);
            }

            using var session = await global.OpenAsync(parse, cancellationToken);
            var configured = File.Exists(path) ? session.PullSources(path).Entries : [];
            var sources = new AssessSources(session.Books, session.Policies).Run();
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(SourcesDocument.Of(sources));
            }
            else
            {
                Print(sources, [.. configured.Select(e => e.Key).Except(sources.Select(s => s.SourceKey))], path);
            }

            return sources.Any(s => s.IsOverdue || s.State == FreshnessState.Failing) ? ExitCode.ChecksFailed : ExitCode.Success;
        });
        return command;
    }

    /// <summary>The file is read and its mistakes are said; books are not made by looking.</summary>
    private static int BeforeTheFirstPull(GlobalOptions global, ParseResult parse, string path)
    {
        var configured = File.Exists(path) ? PullSources.Read(path, Session.DatabaseOf(parse.GetValue(global.Database)), TimeProvider.System).Entries : [];
        CronSchedules.Require(configured);
        if (global.IsJson(parse))
        {
            JsonDocumentWriter.Write(SourcesDocument.Of([]));
        }
        else
        {
            Print([], [.. configured.Select(e => e.Key)], path);
        }

        return ExitCode.Success;
    }

    private static void Print(IReadOnlyList<SourceFreshness> sources, IReadOnlyList<string> notPulled, string path)
    {
        if (sources.Count > 0)
        {
            PrintTable(sources);
        }
        else if (notPulled.Count == 0)
        {
            Console.Out.WriteLine($"No source is configured yet: there is none in '{path}'. Write it (docs/sources), then 'cicost pull'.");
        }

        foreach (var key in notPulled)
        {
            Console.Out.WriteLine($"{key}: configured in {path}, never pulled yet. Run 'cicost pull --source {key}'.");
        }
    }

    private static void PrintTable(IReadOnlyList<SourceFreshness> sources)
    {
        var table = new Table(("source", false), ("connector", false), ("state", false), ("last success", false), ("last new", false),
            ("month", false), ("rows", true), ("% of usual", true), ("days missing", true));
        foreach (var s in sources)
        {
            table.Add(s.SourceKey, s.Feed?.Connector ?? "-", HyphenWords.Of(s.State), Text(s.LastSuccess), Text(s.LastDelivery),
                s.Newest?.Month.ToString() ?? "-", s.Newest is { } n ? Amounts.Count(n.Rows) : "-",
                s.Newest?.PercentOfUsual?.ToString(CultureInfo.InvariantCulture) ?? "-",
                s.Newest?.MissingDays.Count.ToString(CultureInfo.InvariantCulture) ?? "-");
        }

        Console.Out.Write(table);
        foreach (var s in sources.Where(s => s.State != FreshnessState.Fresh))
        {
            Console.Out.WriteLine($"{s.SourceKey}: {s.Message}");
        }
    }

    private static string Text(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";
}
