using System.Security.Cryptography;
using System.Text;
using CiCost.Ledger.Objects;

namespace CiCost.Accounting.Booking;

/// <summary>What identifies a delivery: everything that decides what its lines are.</summary>
internal static class DeliveryFingerprint
{
    /// <summary>The delivered bytes name an object here, not the stored ones: how well the store compresses decides nothing.</summary>
    public static string Of(
        string kind,
        int mappingVersion,
        string? profile,
        Domain.Lines.DimensionOptions dimensions,
        IReadOnlyList<(string Name, StoredObject Object)> objects)
    {
        var text = new StringBuilder();
        text.Append(kind).Append('\n').Append(mappingVersion).Append('\n').Append(profile ?? "-").Append('\n');
        text.AppendJoin('\u001f', dimensions.CustomColumns.Order(StringComparer.Ordinal)).Append('\n');
        text.AppendJoin('\u001f', dimensions.TagKeys.Order(StringComparer.Ordinal)).Append('\n');
        text.AppendJoin('\n', objects.Select(o => o.Object.DeliveredSha256));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
