using System.CommandLine;
using System.Globalization;
using CiCost.Accounting.Jobs;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost events</c>: received events that cannot be booked and were set aside.</summary>
internal static class EventsCommand
{
    public static Command Create(GlobalOptions global)
    {
        var list = new Command("list", "List events that were received, cannot be booked, and were set aside.");
        list.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            Print(new EventsAside(session.Books.Path).List(), global.IsJson(parse));
            return ExitCode.Success;
        });
        return new Command("events", "Events that webhooks received and that cannot be booked.")
        {
            list,
            Change(global, "release", "Give an event back to those that wait to be booked, as after an update of the program.", "released",
                (aside, id) => aside.Release(id)),
            Change(global, "drop", "Remove an event for good.", "dropped", (aside, id) => aside.Drop(id)),
        };
    }

    private static Command Change(GlobalOptions global, string name, string description, string done, Action<EventsAside, string> change)
    {
        var id = new Argument<string>("ID") { Description = "The id of the event, as 'cicost events list' shows it." };
        var command = new Command(name, description) { id };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var asked = parse.GetRequiredValue(id);
            change(new EventsAside(session.Books.Path), asked);
            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(new { id = asked, done });
            }
            else
            {
                Console.Out.WriteLine($"Event {asked} was {done}.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(IReadOnlyList<EventAside> events, bool asJson)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(new { events = events.Select(e => new { e.Id, day = e.Day, e.Bytes, e.Reason }) });
            return;
        }

        if (events.Count == 0)
        {
            Console.Out.WriteLine("No event is set aside.");
            return;
        }

        var table = new Table(("id", false), ("day", false), ("bytes", true), ("reason", false));
        foreach (var aside in events)
        {
            table.Add(aside.Id, aside.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), aside.Bytes.ToString(CultureInfo.InvariantCulture),
                aside.Reason);
        }

        Console.Out.Write(table);
    }
}
