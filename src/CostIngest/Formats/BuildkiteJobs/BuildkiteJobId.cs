using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CiCost.CostIngest.Formats.BuildkiteJobs;

/// <summary>
/// Buildkite names jobs by UUIDs of 128 bits, job runs have a number of 64: the first 63 bits of the UUID's SHA-256. A part of the UUID
/// itself would not do, because its first half is mostly a time. Of ten million jobs, two share a number with a chance of 1 in 180,000.
/// </summary>
public static class BuildkiteJobId
{
    private const int UuidBytes = 16;

    /// <summary>The number of a job; never negative, the same for ever.</summary>
    public static long Of(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[UuidBytes];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash) & long.MaxValue;
    }
}
