using System.Globalization;

namespace CiCost.Ledger.Sqlite;

/// <summary>One writer at a time: a gate inside the process and a lock file between processes.</summary>
internal sealed class WriteGate : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _lockPath;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public WriteGate(string databasePath, TimeSpan timeout, TimeProvider time)
    {
        _lockPath = databasePath + ".lock";
        _timeout = timeout;
        _time = time;
    }

    /// <summary>Waits for the right to write.</summary>
    /// <exception cref="BooksException">Another process holds it for longer than the timeout.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var started = _time.GetTimestamp();
            while (true)
            {
                if (TryLock() is { } file)
                {
                    return new Held(this, file);
                }

                if (_time.GetElapsedTime(started) > _timeout)
                {
                    var seconds = ((long)_timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                    throw new BooksException(
                        "books-locked",
                        $"Another cicost process has been writing to these books for more than {seconds} s (lock file {_lockPath}). "
                            + "Wait for it to end, then try again.");
                }

                await Task.Delay(RetryInterval, _time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _gate.Release();
            throw;
        }
    }

    public void Dispose() => _gate.Dispose();

    private FileStream? TryLock()
    {
        try
        {
            return new FileStream(_lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException) when (File.Exists(_lockPath))
        {
            return null;
        }
    }

    private sealed class Held(WriteGate gate, FileStream file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            gate._gate.Release();
        }
    }
}
