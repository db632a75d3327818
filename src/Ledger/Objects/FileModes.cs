using System.Runtime.InteropServices;

namespace CiCost.Ledger.Objects;

/// <summary>Who may read the files that this process makes. Bills and books are their owner's, whatever the shell's umask is.</summary>
public static partial class FileModes
{
    /// <summary>Read and write for the owner alone: also for files that the group may never hold, such as locks.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const uint NobodyElse = 0b000_111_111;
    private const uint GroupReads = 0b000_010_111;

    /// <summary>From now on files are made 0600 and folders 0700.</summary>
    public static void LetOwnerOnly() => Set(NobodyElse);

    /// <summary>From now on files are made 0640 and folders 0750: an API of another user of the same group may read the books.</summary>
    public static void LetGroupRead() => Set(GroupReads);

    /// <summary>Takes everybody else's rights from a file, when it is this user's.</summary>
    internal static void TakeFromOthers(string path)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~OwnerOnly) == 0)
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user made it, who may have given it to this one on purpose.
        }
    }

    private static void Set(uint mask)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Umask(mask);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);
}
