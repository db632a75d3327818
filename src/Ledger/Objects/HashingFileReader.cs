using System.Security.Cryptography;

namespace CiCost.Ledger.Objects;

/// <summary>Reads a file from start to end, hashing it, and then a suffix that does not count in the hash.</summary>
internal sealed class HashingFileReader : ReadThroughStream
{
    private readonly FileStream _file;
    private readonly byte[] _suffix;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _suffixPosition;
    private bool _fileEnded;

    public HashingFileReader(string path, byte[] suffix)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        _suffix = suffix;
    }

    public bool IsAtEnd => _fileEnded && _suffixPosition == _suffix.Length;

    public string HashOfFile() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override int Read(Span<byte> buffer)
    {
        if (!_fileEnded)
        {
            var read = _file.Read(buffer);
            _hash.AppendData(buffer[..read]);
            if (read > 0)
            {
                return read;
            }

            _fileEnded = true;
        }

        var count = Math.Min(buffer.Length, _suffix.Length - _suffixPosition);
        _suffix.AsSpan(_suffixPosition, count).CopyTo(buffer);
        _suffixPosition += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
