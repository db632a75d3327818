using System.Diagnostics;

namespace CiCost.TestKit.Disks;

/// <summary>A file system of its own in memory, of a few megabytes, that a test fills to the last page. Needs the right to mount.</summary>
public sealed class SmallDisk : IDisposable
{
    private const int PageBytes = 4096;
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("cicost-disk-");

    /// <summary>Mounts one.</summary>
    /// <param name="mebibytes">Its size.</param>
    public SmallDisk(int mebibytes) => Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "cicost-test", _place.FullName);

    /// <summary>Where it is mounted.</summary>
    public string FullName => _place.FullName;

    /// <summary>What is free, in bytes.</summary>
    public long FreeBytes => new DriveInfo(FullName).AvailableFreeSpace;

    private string Ballast => Path.Combine(FullName, "ballast");

    /// <summary>Leaves only so many bytes free, in whole pages.</summary>
    public void LeaveFree(long bytes)
    {
        MakeRoom();
        var fill = (FreeBytes - bytes) / PageBytes * PageBytes;
        if (fill > 0)
        {
            using var ballast = new FileStream(Ballast, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                PreallocationSize = fill,
            });
        }
    }

    /// <summary>Gives the space back.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    /// <summary>Nothing can be written there any more.</summary>
    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", FullName);

    /// <summary>It can be written again.</summary>
    public void MakeWritable() => Run("mount", "-o", "remount,rw", FullName);

    /// <summary>Removes all that is on it.</summary>
    public void Clear()
    {
        foreach (var entry in new DirectoryInfo(FullName).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", FullName);
        _place.Delete();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error} Run the tests as root.");
        }
    }
}
