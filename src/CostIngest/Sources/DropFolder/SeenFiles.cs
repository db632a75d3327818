using System.Text.Json;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>How a file looked, since when, and its hash once it was read.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">The time of its last change, in ticks of UTC.</param>
/// <param name="Since">When it was first seen like this.</param>
/// <param name="Sha256">Of its bytes; null until it was read.</param>
internal sealed record SeenFile(long Size, long Modified, DateTimeOffset Since, string? Sha256);

/// <summary>
/// Remembers how files looked. A time of change may lie in the past while a file is still being written (copies keep times), so only what
/// was seen twice the same counts as settled. Losing this means waiting once more, and reading files again.
/// </summary>
internal sealed class SeenFiles(string path)
{
    /// <summary>What was seen, by path.</summary>
    public Dictionary<string, SeenFile> Load()
    {
        if (!File.Exists(path))
        {
            return new(StringComparer.Ordinal);
        }

        try
        {
            return new(JsonSerializer.Deserialize<Dictionary<string, SeenFile>>(File.ReadAllBytes(path)) ?? [], StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            // Damaged: everything counts as new.
            return new(StringComparer.Ordinal);
        }
    }

    /// <summary>Keeps what was seen.</summary>
    public void Save(IReadOnlyDictionary<string, SeenFile> files)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(files));
        File.Move(path + ".new", path, overwrite: true);
    }
}
