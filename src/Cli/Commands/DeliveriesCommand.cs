using System.CommandLine;
using System.Globalization;
using CiCost.Accounting.Booking;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Ledger.Deliveries;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost deliveries</c>: what was delivered when, and what a delivery changed by day and dimension.</summary>
internal static class DeliveriesCommand
{
    public static Command Create(GlobalOptions global)
    {
        var delivery = new Option<int?>("--delivery")
        {
            Description = "One delivery: its objects, totals, and what it changed.",
            HelpName = "ID"
        };
        var source = new Option<string?>("--source") { Description = "Only this source.", HelpName = "KEY" };
        var month = MonthOption.Create("--month", "Only this billing period.");
        var command = new Command("deliveries", "What was delivered when, what took whose place, and what it changed.") { delivery, source,
            month };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var directory = new DeliveryDirectory(session.Books);
            if (parse.GetValue(delivery) is { } id)
            {
                Show(global.IsJson(parse), directory, new DeliveryDifferences(session.Books), directory.Get(id));
                return ExitCode.Success;
            }

            var only = (Source: parse.GetValue(source), Month: MonthOption.ValueOrNull(parse, month));
            List(global.IsJson(parse), directory, [.. directory.List().Where(d =>
                (only.Source is null || d.SourceKey == only.Source) && (only.Month is null || d.BillingMonth == only.Month))]);
            return ExitCode.Success;
        });
        return command;
    }

    private static void List(bool asJson, DeliveryDirectory directory, IReadOnlyList<Delivery> deliveries)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(DeliveriesDocument.Of(deliveries, directory));
            return;
        }

        var table = new Table(("id", true), ("source", false), ("period", false), ("part", false), ("rows", true), ("set aside", true),
            ("booked at", false), ("book version", true), ("superseded by", true), ("billed", true));
        foreach (var d in deliveries)
        {
            table.Add(
                Text(d.Id), d.SourceKey, d.BillingMonth.ToString(), d.Part, Amounts.Count(d.RowCount), Text(d.QuarantinedCount),
                    Instant(d.BookedAt), Text(d.BookVersionId), Text(d.SupersededBy),
                string.Join(" ", DeliveryCosts.Of(directory.TotalsOf(d.Id)).Select(t => $"{t.Value.Billed} {t.Key}")));
        }

        Console.Out.Write(table);
    }

    private static void Show(bool asJson, DeliveryDirectory directory, DeliveryDifferences differences, Delivery delivery)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(OneDeliveryDocument.Of(delivery, directory, differences));
            return;
        }

        var changes = delivery.Supersedes is null ? [] : differences.Of(delivery.Id);
        var days = delivery.Supersedes is { } before ? differences.ChangedDays(before, delivery.Id) : [];
        List(false, directory, [delivery]);
        foreach (var item in directory.ObjectsOf(delivery.Id))
        {
            Console.Out.WriteLine($"object {item.Sha256}  {item.Name}  rows {item.FirstRow} to {item.FirstRow + item.RowCount - 1}");
        }

        PrintDifferences(delivery, changes, days);
    }

    private static void PrintDifferences(Delivery delivery, IReadOnlyList<DeliveryDifference> changes, IReadOnlyList<ChangedDay> days)
    {
        if (delivery.Supersedes is null)
        {
            Console.Out.WriteLine("It is the first delivery of its scope.");
            return;
        }

        Console.Out.WriteLine($"Against delivery {delivery.Supersedes}: {days.Count} days with other lines, {changes.Count} groups with "
            + "other sums.");
        var table = new Table(("day", false), ("service | description", false), ("currency", false), ("lines", true), ("billed", true),
            ("effective", true));
        foreach (var c in changes)
        {
            table.Add(ChargeDay.ToText(c.ChargeDay), c.Description, c.Currency, Text(c.Lines), DecimalText.OfNanos(c.BilledNanos),
                DecimalText.OfNanos(c.EffectiveNanos));
        }

        Console.Out.Write(table);
        foreach (var currency in changes.GroupBy(c => c.Currency))
        {
            var billed = currency.Aggregate((Int128)0, (s, c) => s + c.BilledNanos);
            Console.Out.WriteLine($"billed {DecimalText.OfNanos(billed)} {currency.Key} in all");
        }
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Instant(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
