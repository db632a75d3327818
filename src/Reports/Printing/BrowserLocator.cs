namespace CiCost.Reports.Printing;

/// <summary>Finds the browser.</summary>
public static class BrowserLocator
{
    private const string Advice = "Install the Debian package chromium-headless-shell (or chromium), or set the browser's path";

    private static readonly string[] Names = ["chromium-headless-shell", "chromium"];

    /// <summary>The full path of the browser; for a health check, and before each print.</summary>
    /// <exception cref="PrintException">There is none.</exception>
    public static string Find(PrintSettings settings) => Find(settings, Environment.GetEnvironmentVariable("PATH") ?? "");

    internal static string Find(PrintSettings settings, string searchPath)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.BrowserPath is { } path)
        {
            return File.Exists(path)
                ? Path.GetFullPath(path)
                : throw new PrintException(PrintFailure.BrowserMissing, $"There is no browser at '{path}'. {Advice} to one that exists.");
        }

        var folders = searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new PrintException(
                PrintFailure.BrowserMissing,
                $"Neither {string.Join(" nor ", Names)} is on the PATH, so the report cannot be printed. {Advice}.");
    }
}
