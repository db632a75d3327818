using System.Globalization;
using CiCost.Ledger.Objects;

namespace CiCost.Ledger.Sqlite;

/// <summary>One writer at a time: a gate inside the process and a lock file between processes. Both waits have a bound.</summary>
internal sealed class WriteGate : IDisposable
{
    /// <summary>The longest wait for a writer of this process: far longer than any booking takes, far shorter than for ever.</summary>
    public static readonly TimeSpan OwnTimeout = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _lockPath;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private volatile BooksWriter? _writer;

    public WriteGate(string databasePath, TimeSpan timeout, TimeProvider time)
    {
        _lockPath = databasePath + ".lock";
        _timeout = timeout;
        _time = time;
    }

    /// <summary>Who has it in this process; null for nobody.</summary>
    public BooksWriter? Writer => _writer;

    /// <summary>Waits for the right to write.</summary>
    /// <param name="work">What it is wanted for; who waits in vain for it is told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BooksException"><c>books-locked</c>: somebody else holds it for longer than the bound.</exception>
    public async Task<IDisposable> EnterAsync(string work, CancellationToken cancellationToken)
    {
        await EnterOwnAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var file = await LockAsync(cancellationToken).ConfigureAwait(false);
            _writer = new BooksWriter(work, _time.GetUtcNow());
            return new Held(this, file);
        }
        catch
        {
            _gate.Release();
            throw;
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task EnterOwnAsync(CancellationToken cancellationToken)
    {
        if (_gate.Wait(0, cancellationToken))
        {
            return;
        }

        using var patience = new CancellationTokenSource(OwnTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _gate.WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var writer = Writer is { } w
                ? string.Create(CultureInfo.InvariantCulture, $" ({w.Work}, since {w.Since:yyyy-MM-dd HH:mm:ss} UTC)")
                : "";
            throw new BooksException("books-locked",
                $"This process has been writing to these books for more than {OwnTimeout.TotalMinutes:0} minutes{writer}. Wait for it to end; "
                    + "when it does not, stop it and start it again: what it did not commit is not in the books.");
        }
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            if (TryLock() is { } file)
            {
                return file;
            }

            if (_time.GetElapsedTime(started) > _timeout)
            {
                var seconds = ((long)_timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                throw new BooksException("books-locked",
                    $"Another cicost process has been writing to these books for more than {seconds} s (lock file {_lockPath}). "
                        + "Wait for it to end, then try again.");
            }

            await Task.Delay(RetryInterval, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private FileStream? TryLock()
    {
        try
        {
            // Whoever can open it can hold it, and keep all others from writing: it is the owner's alone.
            FileStreamOptions options = new()
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 1,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = FileModes.OwnerOnly;
            }

            var file = new FileStream(_lockPath, options);
            FileModes.TakeFromOthers(_lockPath);
            return file;
        }
        catch (IOException exception) when (File.Exists(_lockPath) && StorageFault.Of(exception, _lockPath) is null)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new BooksException("books-read-only", $"The books cannot be written: their lock {_lockPath} is another user's, or its folder is. Nothing "
                + "was changed. Run the command as the user who books, or give this one the books (chown).");
        }
    }

    private sealed class Held(WriteGate gate, FileStream file) : IDisposable
    {
        private bool _isGivenBack;

        public void Dispose()
        {
            if (_isGivenBack)
            {
                return;
            }

            _isGivenBack = true;
            try
            {
                file.Dispose();
            }
            finally
            {
                gate._writer = null;
                gate._gate.Release();
            }
        }
    }
}
