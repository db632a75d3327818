using CiCost.Cli.Commands;
using CiCost.Ledger.Objects;

namespace CiCost.Cli;

internal static class Program
{
    private static Task<int> Main(string[] arguments)
    {
        FileModes.LetOwnerOnly();
        return CommandLineApplication.RunAsync(arguments);
    }
}
