using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CiCost.Policy;

/// <summary>The version of a policy: the same on every machine, whatever its line ends.</summary>
internal static class PolicyHash
{
    /// <summary>The file with LF line ends and without a byte order mark.</summary>
    public static PolicyFile Normalised(PolicyFile file) => file with
    {
        Text = file.Text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'),
    };

    /// <summary>Lengths go before the texts, so that no text can move from one file to another unseen.</summary>
    public static string Of(IEnumerable<PolicyFile> sorted)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in sorted)
        {
            Append(sha, file.Name);
            Append(sha, file.Text);
        }

        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private static void Append(IncrementalHash sha, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        sha.AppendData(length);
        sha.AppendData(utf8);
    }
}
