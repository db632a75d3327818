using System.CommandLine;
using System.Data.Common;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Domain.Lines;
using CiCost.Ledger;
using CiCost.Ledger.Objects;
using CiCost.Policy;

namespace CiCost.Cli.Commands;

/// <summary>The command line: parses, runs one command, and turns refusals into one clear message and an exit code.</summary>
internal static class CommandLineApplication
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (output, errors) = (Console.Out, Console.Error);
        try
        {
            Console.SetOut(new PlainWriter(output));
            Console.SetError(new PlainWriter(errors));
            return await ParseAndRunAsync(arguments);
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }

    private static async Task<int> ParseAndRunAsync(string[] arguments)
    {
        var global = new GlobalOptions();
        var root = new RootCommand("CiCost keeps the books of a CI system that many organisations pay for.")
        {
            IngestCommand.Create(global),
            CostsCommand.Create(global),
            BridgeCommand.Create(global),
            FundingCommand.Create(global),
            StatementsCommand.Create(global),
            JobsCommand.Create(global),
            ValueCommand.Create(global),
            DemoCommand.Create(global),
            ReportCommand.Create(global),
            ExplainCommand.Create(global),
            DeliveriesCommand.Create(global),
            PullCommand.Create(global),
            ScheduleCommand.Create(global),
            EventsCommand.Create(global),
            SourcesCommand.Create(global),
            ReconcileCommand.Create(global),
            CheckCommand.Create(global),
            AttributeCommand.Create(global),
            RereadCommand.Create(global),
            BackupCommand.Create(global),
            BackupCommand.CreateRestore(global),
            ServeCommand.Create(global),
        };
        global.AddTo(root);
        VersionAction.Replace(root);
        if (arguments.Length == 0)
        {
            await root.Parse("--help").InvokeAsync();
            return ExitCode.Usage;
        }

        var parse = root.Parse(arguments);
        if (parse.Errors.Count > 0)
        {
            return UsageErrors.Refuse(parse, arguments.Contains(global.Json.Name));
        }

        if (parse.GetValue(global.GroupReadable))
        {
            FileModes.LetGroupRead();
        }

        return await GuardAsync(() => parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }),
            global.IsJson(parse));
    }

    private static async Task<int> GuardAsync(Func<Task<int>> run, bool asJson)
    {
        try
        {
            return await run();
        }
        catch (DeliveryRejectedException exception)
        {
            return Refuse(exception.Message, "delivery-rejected", asJson, exception.Errors);
        }
        catch (PolicyException exception)
        {
            return Refuse(exception.Message, "policy", asJson, exception.Errors);
        }
        catch (LineLimitException exception)
        {
            return Refuse(exception.Message, "limit", asJson, []);
        }
        catch (BooksException exception)
        {
            var refused = Refuse(exception.Message, exception.Code, asJson, []);
            return StorageFault.IsOne(exception) ? ExitCode.Failure : exception.Code == "configuration" ? ExitCode.Usage : refused;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. What was not committed is not in the books.");
            return ExitCode.Cancelled;
        }
        catch (Exception exception) when (StorageFault.Of(exception) is { } fault)
        {
            _ = Refuse(exception is IOException ? $"{fault.Message} ({exception.Message})" : fault.Message, fault.Code, asJson, []);
            return ExitCode.Failure;
        }
        catch (DbException exception)
        {
            _ = Refuse($"The database cannot be used: {exception.Message} What was not committed is not in the books. Run 'cicost check', and "
                + "restore the books from a backup if it fails.", "books-unusable", asJson, []);
            return ExitCode.Failure;
        }
        catch (InvariantException exception)
        {
            await Console.Error.WriteLineAsync($"The books contradict themselves, and nothing was changed: {exception.Message} Run "
                + "'cicost check'; restore a backup if it fails.");
            return ExitCode.Failure;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCode.Failure;
        }
    }

    private static int Refuse(string message, string code, bool asJson, IReadOnlyList<object> errors)
    {
        Console.Error.WriteLine(message);
        if (asJson)
        {
            JsonDocumentWriter.Write(new { error = new { code, message, errors } });
        }

        return ExitCode.Refused;
    }
}
