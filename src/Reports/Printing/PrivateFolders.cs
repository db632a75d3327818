using System.Security.Cryptography;

namespace CiCost.Reports.Printing;

/// <summary>The browser's private folders: a fresh name for each run, and an end for those that a killed program left behind.</summary>
internal static class PrivateFolders
{
    // A print takes seconds; what is this old belongs to nobody who still runs.
    private static readonly TimeSpan OldAge = TimeSpan.FromHours(1);

    public static string NewName(string parent) =>
        Path.Combine(parent, BrowserCommand.ProfilePrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    public static void Sweep(string parent, DateTimeOffset now)
    {
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var folder in new DirectoryInfo(parent).EnumerateDirectories(BrowserCommand.ProfilePrefix + "*", options))
        {
            if (now - folder.LastWriteTimeUtc > OldAge)
            {
                TryDelete(folder.FullName);
            }
        }
    }

    /// <summary>Removes a folder; false when something in it is in use or belongs to another user, who then sweeps it.</summary>
    public static bool TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
