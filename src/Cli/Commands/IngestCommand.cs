using System.CommandLine;
using CiCost.Accounting.Booking;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Ledger.Sources;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost ingest</c>: books one delivery.</summary>
internal static class IngestCommand
{
    public static Command Create(GlobalOptions global)
    {
        var source = new Option<string>("--source") { Description = "The source's key.", HelpName = "KEY", Required = true };
        var kind = new Option<string?>("--kind")
        {
            Description = "The format, such as focus-csv; registers an unknown source.",
            HelpName = "KIND"
        };
        var profile = new Option<string?>("--profile") { Description = "The profile for the file's known defects.", HelpName = "NAME" };
        var month = MonthOption.Create("--month", "The billing period that the delivery is for.", required: true);
        var files = new Option<string[]>("--file")
        {
            Description = "The files of the delivery, in order.",
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore
        };
        var objects = new Option<string[]>("--object")
        {
            Description = "Objects that are in the store already, instead of files.",
            HelpName = "SHA256",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore
        };
        var append = new Option<bool>("--append") { Description = "Registering a source: its files add up, none replaces another." };
        var quarantine = new Option<bool>("--allow-quarantine")
        {
            Description = "Registering a source: set rows aside that cannot be "
            + "read, instead of refusing the delivery."
        };
        var accepts = new AcceptOptions();
        var endsMonth = new Option<bool>("--ends-month")
        {
            Description = "Nothing more comes for the month: it counts as complete from now on.",
        };
        var command = new Command("ingest", "Book a delivery: whole, or not at all.") { source, kind, profile, month, files, objects,
            append, quarantine, endsMonth };
        accepts.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenOrCreateAsync(parse, cancellationToken);
            await session.EnsurePolicyAsync(cancellationToken);
            var request = new BookDeliveryRequest
            {
                SourceKey = parse.GetRequiredValue(source),
                Kind = parse.GetValue(kind),
                Profile = parse.GetValue(profile),
                Mode = parse.GetValue(append) ? SourceMode.Append : SourceMode.Replace,
                AllowQuarantine = parse.GetValue(quarantine),
                AcceptsEmpty = accepts.Of(parse).Empty,
                AcceptsShorter = accepts.Of(parse).Shorter,
                AcceptsOtherMonth = accepts.Of(parse).OtherMonth,
                AcceptsRepeated = accepts.Of(parse).Repeated,
                EndsMonth = parse.GetValue(endsMonth),
                BillingMonth = MonthOption.Value(parse, month),
                Files = parse.GetValue(files) ?? [],
                ObjectAddresses = parse.GetValue(objects) ?? [],
            };
            using var progress = new ProgressLine();
            var result = await session.BookDelivery().RunAsync(request, progress, cancellationToken);
            progress.Dispose();
            Print(result, global.IsJson(parse));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(BookDeliveryResult result, bool asJson)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(IngestDocument.Of(result));
            return;
        }

        Console.Out.WriteLine(result.IsUnchanged
            ? $"Unchanged: delivery {result.DeliveryId} of {result.SourceKey} for {result.BillingMonth} holds these bytes already."
            : $"Booked delivery {result.DeliveryId} of {result.SourceKey} for {result.BillingMonth}: {result.Rows} rows, format "
                + $"{result.FormatVersion}.");
        if (result.Supersedes is { } superseded && !result.IsUnchanged)
        {
            Console.Out.WriteLine($"It takes the place of delivery {superseded}; 'cicost deliveries --delivery {result.DeliveryId}' "
                + "shows what changed.");
        }

        var table = new Table(("currency", false), ("billed", true), ("effective", true), ("list", true), ("contracted", true));
        foreach (var (currency, costs) in result.Totals)
        {
            table.Add(currency, costs.Billed, costs.Effective, costs.List, costs.Contracted);
        }

        Console.Out.Write(table);
        foreach (var tolerance in result.Tolerances)
        {
            Console.Out.WriteLine(tolerance.FirstRowNumber == 0
                ? $"tolerated {tolerance.Name}: {tolerance.Count} in the header ('{tolerance.Example}')"
                : $"tolerated {tolerance.Name}: {tolerance.Count} times, first in row {tolerance.FirstRowNumber} ('{tolerance.Example}')");
        }

        if (result.Quarantined > 0 || result.EmptyCosts > 0)
        {
            Console.Out.WriteLine($"{result.Quarantined} rows set aside, {result.EmptyCosts} empty costs counted as 0.");
        }
    }
}
