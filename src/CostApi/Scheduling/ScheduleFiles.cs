using CiCost.Ledger;

namespace CiCost.CostApi.Scheduling;

/// <summary>The files of a schedule beside the books.</summary>
public static class ScheduleFiles
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The scheduler's database.</summary>
    public static string Database(string booksPath) => Path.GetFullPath(booksPath) + ".schedule.db";

    /// <summary>Does a server run this schedule now?</summary>
    public static bool IsServed(string booksPath)
    {
        try
        {
            Lock(booksPath).Dispose();
            return false;
        }
        catch (BooksException)
        {
            return true;
        }
    }

    /// <summary>Takes the schedule for one server: two would start every run twice. A command that only looks holds it for an
    /// instant.</summary>
    /// <exception cref="BooksException">Another process has it.</exception>
    internal static async Task<FileStream> LockAsync(string booksPath, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Lock(booksPath);
            }
            catch (BooksException) when (attempt < MostAttempts)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes it at once or not at all.</summary>
    /// <exception cref="BooksException">Another process has it.</exception>
    internal static FileStream Lock(string booksPath)
    {
        var path = Path.GetFullPath(booksPath) + ".schedule.lock";
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new BooksException("schedule-busy",
                $"Another server runs the schedule of {booksPath} already (lock file {path}). Stop it first, or start this one without "
                    + "--sources and webhooks.");
        }
    }
}
