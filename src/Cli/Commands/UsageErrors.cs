using System.CommandLine;
using System.CommandLine.Parsing;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.Policy.Reading;

namespace CiCost.Cli.Commands;

/// <summary>Says what is wrong with a command line, what was probably meant, and where to read on.</summary>
internal static class UsageErrors
{
    /// <summary>Prints the errors.</summary>
    /// <param name="parse">A command line with errors.</param>
    /// <param name="asJson">Was <c>--json</c> asked for? Then the errors are a document, too.</param>
    /// <returns>The exit code.</returns>
    public static int Refuse(ParseResult parse, bool asJson)
    {
        var messages = parse.Errors.Select(e => e.Message + Hint(parse, e.Message)).ToList();
        var advice = $"'{PathOf(parse.CommandResult)} --help' shows the {(parse.CommandResult.Command is RootCommand ? "commands" : "options")}.";
        foreach (var message in messages.Append(advice))
        {
            Console.Error.WriteLine(message);
        }

        if (asJson)
        {
            JsonDocumentWriter.Write(new { error = new { code = "usage", message = string.Join(' ', messages.Append(advice)), errors = messages } });
        }

        return ExitCode.Usage;
    }

    /// <summary>The command with those that it belongs to, as it is typed.</summary>
    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "cicost";

    private static string Hint(ParseResult parse, string message)
    {
        var token = parse.UnmatchedTokens.FirstOrDefault(t => message.Contains($"'{t}'", StringComparison.Ordinal));
        return token is null ? "" : Words.DidYouMean(token, token.StartsWith('-') ? OptionsOf(parse.CommandResult, isOwn: true)
            : parse.CommandResult.Command.Subcommands.Select(c => c.Name));
    }

    private static IEnumerable<string> OptionsOf(CommandResult result, bool isOwn) =>
    [
        .. result.Command.Options.Where(o => isOwn || o.Recursive).Select(o => o.Name),
        .. result.Parent is CommandResult parent ? OptionsOf(parent, isOwn: false) : [],
    ];
}
