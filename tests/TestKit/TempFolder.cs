namespace CiCost.TestKit;

/// <summary>A folder of its own for a test, removed with all its content at the end.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cicost-test-");

    /// <summary>The full path.</summary>
    public string FullName => _folder.FullName;

    /// <summary>The full path of something inside.</summary>
    public string File(params ReadOnlySpan<string> parts) => Path.Combine([FullName, .. parts]);

    /// <summary>Writes a text file, with the folders that it needs, and returns its full path.</summary>
    public string Write(string name, string text)
    {
        var path = File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Another folder with a copy of all that is in this one.</summary>
    public TempFolder Copy()
    {
        var copy = new TempFolder();
        foreach (var file in Directory.EnumerateFiles(FullName, "*", SearchOption.AllDirectories))
        {
            var target = copy.File(Path.GetRelativePath(FullName, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            System.IO.File.Copy(file, target);
        }

        return copy;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
