using System.CommandLine;
using CiCost.Accounting.Backup;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost backup</c> and <c>cicost restore</c>.</summary>
internal static class BackupCommand
{
    public static Command Create(GlobalOptions global)
    {
        var to = new Option<string>("--to") { Description = "The folder to write; must not be there.", HelpName = "DIR", Required = true };
        var command = new Command("backup", "Write a consistent copy of books, objects, scheduler and policy while the service runs.") { to };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var session = await global.OpenAsync(parse, cancellationToken);
            var request = new BackupRequest(parse.GetRequiredValue(to), session.PolicyDirectory, global.SourcesPath(parse), session.ToolVersion);
            var manifest = await new BackUpBooks(session.Books).RunAsync(request, cancellationToken);
            Print(global.IsJson(parse), manifest, $"Backed up to {request.Folder}");
            return ExitCode.Success;
        });
        return command;
    }

    public static Command CreateRestore(GlobalOptions global)
    {
        var from = new Option<string>("--from") { Description = "The folder of the backup.", HelpName = "DIR", Required = true };
        var command = new Command("restore", "Make books from a backup at --db, and prove that every version says the same.") { from };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var result = await RestoreBooks.RunAsync(parse.GetRequiredValue(from), Session.DatabaseOf(parse.GetValue(global.Database)),
                TimeProvider.System, cancellationToken);
            Print(global.IsJson(parse), result.Manifest, $"Restored {result.Path}");
            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(bool asJson, BackupManifest manifest, string what)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(manifest);
            return;
        }

        Console.Out.WriteLine($"{what}: {manifest.Files.Count} files, {Amounts.Count(manifest.Files.Sum(f => f.Bytes))} bytes, "
            + $"{manifest.Versions.Count} book versions.");
        Console.Out.WriteLine($"digest of what the books say: {manifest.Digest}");
    }
}
