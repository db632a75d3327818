using System.CommandLine;
using CiCost.Accounting.Attribution;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;
using CiCost.Cli.Demo;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.Policy;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost demo</c>: writes the demonstration books' files and books them through the same path as real ones.</summary>
internal static class DemoCommand
{
    public static Command Create(GlobalOptions global)
    {
        var output = new Option<string>("--out") { Description = "An empty or new folder for the files.", HelpName = "DIR", Required = true };
        var seed = new Option<int>("--seed") { Description = "Decides names and mixes, never a calibrated sum.", DefaultValueFactory = _ => 1 };
        var scale = new Option<int>("--scale") { Description = "Multiplies the rows; the amounts stay.", DefaultValueFactory = _ => 1 };
        var from = MonthOption.Create("--from", "The first month; 2025-08 without it.");
        var to = MonthOption.Create("--to", "The last month; 2026-07 without it.");
        var filesOnly = new Option<bool>("--files-only") { Description = "Write the files and book nothing." };
        var command = new Command("demo", "Write demonstration bills and job files in the providers' layouts, and book them.")
        {
            output, seed, scale, from, to, filesOnly,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var folder = parse.GetRequiredValue(output);
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            {
                throw new BooksException("folder-not-empty",
                    $"{Path.GetFullPath(folder)} is not empty. Demonstration files go to a folder of their own: name a new one.");
            }

            var options = new DemoOptions
            {
                OutputDirectory = folder,
                FactsDirectory = Shipped("demo/facts"),
                Seed = parse.GetValue(seed),
                Scale = parse.GetValue(scale),
                FirstMonth = Month(MonthOption.ValueOrNull(parse, from)) ?? new DemoMonth(2025, 8),
                LastMonth = Month(MonthOption.ValueOrNull(parse, to)) ?? new DemoMonth(2026, 7),
            };
            var plan = Write(options);
            if (!parse.GetValue(filesOnly))
            {
                using var session = await global.OpenOrCreateAsync(parse, cancellationToken);
                await BookAsync(session, folder, plan, cancellationToken);
            }

            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(plan);
            }
            else
            {
                Console.Out.WriteLine($"{plan.Deliveries.Count} deliveries of {plan.FirstMonth} to {plan.LastMonth} in {folder}. {plan.Notice}");
                Console.Out.WriteLine($"{Path.Combine(folder, "DERIVATION.txt")} says how every figure follows from public facts.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static DemoPlan Write(DemoOptions options)
    {
        try
        {
            var plan = DemoBooks.Write(options, new MonthLine());
            DemoPolicy.Write(Shipped("policy"), Shipped("demo/policy"), Path.Combine(options.OutputDirectory, "policy"));
            DemoInvoices.WriteSources(options.OutputDirectory);
            return plan;
        }
        catch (ArgumentException exception)
        {
            throw new BooksException("demo-options", exception.Message);
        }
    }

    /// <summary>Everything through the ordinary path: one delivery after the other, then the hours of fleets without a bill.</summary>
    private static async Task BookAsync(Session session, string folder, DemoPlan plan, CancellationToken cancellationToken)
    {
        await new AttributeBooks(session.Books, session.Policies)
            .RunAsync(PolicyLoader.Load(Path.Combine(folder, "policy")), cancellationToken);
        var book = session.BookDelivery();
        foreach (var delivery in plan.Deliveries.OrderBy(d => d.Order))
        {
            await Console.Error.WriteLineAsync($"{delivery.Order}/{plan.Deliveries.Count} {delivery.Source} {delivery.Month}: {delivery.Note}");
            var request = new BookDeliveryRequest
            {
                SourceKey = delivery.Source,
                Kind = delivery.Kind,
                Profile = delivery.Profile,
                Mode = delivery.Mode == "append" ? SourceMode.Append : SourceMode.Replace,
                BillingMonth = BillingMonth.Parse(delivery.Month),
                Part = delivery.Part,
                Files = [.. delivery.Files.Select(f => Path.Combine(folder, f))],
            };
            await book.RunAsync(request, null, cancellationToken);
        }

        await PullInvoicesAsync(session, folder, plan, cancellationToken);
        var value = new ValueJobs(session.Books, session.Policies, book);
        for (var month = BillingMonth.Parse(plan.FirstMonth); month <= BillingMonth.Parse(plan.LastMonth); month = month.Next)
        {
            await value.RunAsync(month, cancellationToken);
        }
    }

    /// <summary>The invoices come by a drop folder, like those that somebody types from a PDF.</summary>
    private static async Task PullInvoicesAsync(Session session, string folder, DemoPlan plan, CancellationToken cancellationToken)
    {
        var pull = session.PullSources(Path.Combine(folder, DemoInvoices.SourcesFile));
        await pull.RegisterAsync(cancellationToken);
        var months = new MonthRange(BillingMonth.Parse(plan.FirstMonth), BillingMonth.Parse(plan.LastMonth));
        var result = await pull.RunAsync(DemoInvoices.Source, months, PullCause.Command, cancellationToken);
        if (!result.IsSuccess)
        {
            throw new BooksException(result.Failures[0].Code, result.Failures[0].Message);
        }
    }

    private static DemoMonth? Month(BillingMonth? month) => month is { } m ? new DemoMonth(m.Year, m.Month) : null;

    private static string Shipped(string path) => Path.Combine(AppContext.BaseDirectory, path);

    private sealed class MonthLine : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine($"writing {value}");
    }
}
