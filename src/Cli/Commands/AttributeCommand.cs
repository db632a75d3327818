using System.CommandLine;
using CiCost.Accounting.Attribution;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost attribute</c>: takes the policy on disk over into the books.</summary>
internal static class AttributeCommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("attribute",
            "Take the policy on disk over and attribute everything by it, without reading a line again.");
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenOrCreateAsync(parse, cancellationToken);
            var policy = session.LoadPolicy();
            var result = await new AttributeBooks(session.Books, session.Policies).RunAsync(policy, cancellationToken);
            await session.KeepUpAsync(cancellationToken);
            foreach (var notice in policy.Notices)
            {
                await Console.Error.WriteLineAsync($"note: {notice}");
            }

            if (global.IsJson(parse))
            {
                JsonDocumentWriter.Write(result);
                return ExitCode.Success;
            }

            Console.Out.WriteLine(result.IsNew
                ? $"Rule set {result.RuleSetId} is current: {result.DimensionSets} dimension sets attributed in {result.ElapsedMs} ms."
                : $"Unchanged: rule set {result.RuleSetId} has this policy already.");
            if (result.NeedsReread.Count > 0)
            {
                Console.Out.WriteLine($"New dimensions: {string.Join(", ", result.NeedsReread)}. Deliveries booked before do not have "
                    + "them; 'cicost reread' reads their raw objects again.");
            }

            return ExitCode.Success;
        });
        return command;
    }
}
