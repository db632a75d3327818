using System.Text.Json;
using System.Text.Json.Serialization;

namespace CiCost.Accounting.Backup;

/// <summary>What a backup holds: <c>manifest.json</c>, written last. A folder without it is no backup.</summary>
public sealed record BackupManifest
{
    /// <summary>The manifest's name in the folder.</summary>
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The layout of the folder; 1.</summary>
    public required int Layout { get; init; }

    /// <summary>The program that wrote it.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>When the copy was begun, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Every file with its size and SHA-256, by path inside the folder.</summary>
    public required IReadOnlyList<BackupFile> Files { get; init; }

    /// <summary>The digest of every book version: what the restored books must say again.</summary>
    public required IReadOnlyList<BackupVersion> Versions { get; init; }

    /// <summary>The digest of the whole: newest version, job runs and evidence.</summary>
    public required string Digest { get; init; }

    /// <summary>Reads the manifest of a folder.</summary>
    /// <exception cref="Ledger.BooksException">There is none, or it is not one.</exception>
    public static BackupManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new Ledger.BooksException("backup-incomplete",
                $"{folder} has no {FileName}: it is no backup, or one that was interrupted. Give another folder after --from.");
        }

        CopiedFile.RequireFile(path);
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllText(path), Json);
            return manifest is { Layout: 1 }
                ? manifest
                : throw new Ledger.BooksException("backup-incomplete", $"{path} has a layout that this program does not know. Use a newer cicost.");
        }
        catch (JsonException exception)
        {
            throw new Ledger.BooksException("backup-incomplete", $"{path} is not a manifest: {exception.Message}");
        }
    }

    /// <summary>The manifest as it is written.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";
}

/// <summary>A file of a backup.</summary>
/// <param name="Path">Inside the folder, with forward slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">64 hex digits.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256);

/// <summary>A book version and what it says.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Digest">64 hex digits.</param>
public sealed record BackupVersion(long Id, string Digest);
