using System.Security.Cryptography;
using System.Text;

namespace CiCost.CostIngest.Sources.DropFolder;

/// <summary>Files of a month that are complete.</summary>
internal sealed record DropOffer : Offer
{
    /// <summary>The folder of the month.</summary>
    public required string Folder { get; init; }

    /// <summary>Names and hashes, by name.</summary>
    public IReadOnlyList<(string Name, string Sha256)> Files { get; init; } = [];

    /// <summary>Why it cannot be taken.</summary>
    public SourceException? Refusal { get; init; }

    /// <summary>The same with a file before the others.</summary>
    public DropOffer WithFirst((string Name, string Sha256) first) =>
        this with { Files = [first, .. Files], Version = VersionOf([first, .. Files]) };

    /// <summary>Changes when a file comes, goes, is renamed or has other bytes.</summary>
    public static string VersionOf(IEnumerable<(string Name, string Sha256)> files)
    {
        var text = string.Join('\n', files.Select(f => $"{f.Sha256} {f.Name}"));
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
