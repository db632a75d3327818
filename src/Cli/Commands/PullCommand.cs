using System.CommandLine;
using System.Globalization;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost pull</c>: fetches what providers hold and books what is new.</summary>
internal static class PullCommand
{
    public static Command Create(GlobalOptions global)
    {
        var source = new Option<string[]>("--source")
        {
            Description = "The sources to pull; without it all of sources.yaml.",
            HelpName = "KEY",
            AllowMultipleArgumentsPerToken = true,
        };
        var from = MonthOption.Create("--from", "The first month to ask for; without it as many months back as the source says.");
        var to = MonthOption.Create("--to", "The last month to ask for; without it the current one.");
        var command = new Command("pull", "Fetch what providers hold, and book what is new or restated: each delivery whole, or not at all.")
        {
            source, from, to,
        };
        var accepts = new AcceptOptions();
        accepts.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenOrCreateAsync(parse, cancellationToken);
            await session.EnsurePolicyAsync(cancellationToken);
            var pull = session.PullSources(global.SourcesPath(parse));
            pull.Accepts = accepts.Of(parse);
            await pull.RegisterAsync(cancellationToken);
            var keys = parse.GetValue(source) is { Length: > 0 } named ? named : [.. pull.Entries.Select(e => e.Key)];
            var months = MonthsOf(MonthOption.ValueOrNull(parse, from), MonthOption.ValueOrNull(parse, to), session.Books.Time);
            List<PullResult> results = [];
            foreach (var key in keys)
            {
                results.Add(await pull.RunAsync(key, months, months is null ? PullCause.Command : PullCause.Backfill, cancellationToken));
            }

            Print(global.IsJson(parse), results);
            return results.All(r => r.IsSuccess) ? ExitCode.Success : ExitCode.Refused;
        });
        return command;
    }

    internal static MonthRange? MonthsOf(BillingMonth? from, BillingMonth? to, TimeProvider time)
    {
        if (from is null && to is null)
        {
            return null;
        }

        var last = to ?? BillingMonth.Of(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var first = from ?? last;
        return first <= last
            ? new MonthRange(first, last)
            : throw new Ledger.BooksException("range-backwards", $"The range {first} to {last} ends before it begins.");
    }

    internal static void Print(bool asJson, IReadOnlyList<PullResult> results)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(new { pulls = results.Select(PullDocument.Of) });
            return;
        }

        foreach (var result in results)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{result.SourceKey} {result.Months}: {result.Counts.Offers} offered, {result.Counts.Taken} taken, {result.Counts.Unchanged} unchanged, "
                + $"{result.Counts.Rows} rows{(result.IsSuccess ? "" : "; FAILED")}"));
            if (result is { IsSuccess: true, Counts.Offers: 0 })
            {
                Console.Out.WriteLine($"  The provider holds nothing whole for {result.Months}, so nothing was booked.");
            }

            foreach (var offer in result.Offers)
            {
                Console.Out.WriteLine($"  {offer.Month} {offer.Description}: "
                    + (offer.DeliveryId is { } id ? $"delivery {id}{(offer.IsUnchanged ? " (unchanged)" : "")}" : $"evidence {offer.EvidenceId}"));
            }

            foreach (var failure in result.Failures)
            {
                Console.Error.WriteLine($"{result.SourceKey}: {failure.Message} [{failure.Code}]");
            }

            foreach (var defect in result.Defects)
            {
                Console.Error.WriteLine(defect);
            }
        }
    }
}
