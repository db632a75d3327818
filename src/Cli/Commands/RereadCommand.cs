using System.CommandLine;
using CiCost.Accounting.Booking;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost reread</c>: books every current delivery again from its raw objects, after dimensions were added.</summary>
internal static class RereadCommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("reread",
            "Book every current delivery again from its raw objects, after policy/dimensions.yaml lists more.");
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            session.WarnWhenPolicyDiffers();
            await session.KeepUpAsync(cancellationToken);
            using var progress = new ProgressLine();
            var results = await new RereadDeliveries(session.Books, session.Policies, session.BookDelivery()).RunAsync(progress,
                cancellationToken);
            progress.Dispose();
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(new { deliveries = results.Select(IngestDocument.Of) });
                return ExitCode.Success;
            }

            foreach (var result in results)
            {
                Console.Out.WriteLine(result.IsUnchanged
                    ? $"unchanged: delivery {result.DeliveryId} of {result.SourceKey} for {result.BillingMonth}"
                    : $"booked: delivery {result.DeliveryId} of {result.SourceKey} for {result.BillingMonth} takes the place of "
                        + $"{result.Supersedes}");
            }

            return ExitCode.Success;
        });
        return command;
    }
}
