using System.Security.Cryptography;

namespace CiCost.Ledger.Objects;

/// <summary>Hashes what goes through to another stream.</summary>
internal sealed class HashingWriteStream(Stream target) : PassThroughStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        target.Write(buffer);
    }

    public override void Flush() => target.Flush();

    public string HashSoFar() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Writes to another stream and does not close it.</summary>
internal sealed class LeaveOpenStream(Stream target) : PassThroughStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => target.Write(buffer);

    public override void Flush() => target.Flush();
}
