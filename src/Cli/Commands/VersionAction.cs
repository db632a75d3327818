using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using CiCost.Cli.Hosting;
using CiCost.Ledger.Sqlite;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost --version</c>: the program's version, and in brackets that of the SQLite it keeps its books with.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool Terminating => true;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Makes the version option of a root command say both.</summary>
    public static void Replace(RootCommand root) => root.Options.OfType<VersionOption>().Single().Action = new VersionAction();

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Console.Out.WriteLine($"{version} (SQLite {SqliteLibrary.Version})");
        return ExitCode.Success;
    }
}
