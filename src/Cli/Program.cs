using CiCost.Cli.Commands;

namespace CiCost.Cli;

internal static class Program
{
    private static Task<int> Main(string[] arguments) => CommandLineApplication.RunAsync(arguments);
}
