using CiCost.Ledger;

namespace CiCost.CostApi.Hosting;

/// <summary>Opens the books when they are there: a server may be started before the first booking.</summary>
internal sealed class BooksAccess(ApiHostOptions options) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private OpenBooks? _open;

    /// <summary>The books.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="create">Make them when they are not there: for who writes into them.</param>
    /// <exception cref="BooksException">They are not there yet.</exception>
    public async Task<OpenBooks> OpenAsync(CancellationToken cancellationToken, bool create = false)
    {
        if (Volatile.Read(ref _open) is { } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_open is null)
            {
                // Opening would make an empty file, which nobody who mistyped a path wants.
                if (!create && !File.Exists(options.Database))
                {
                    throw new BooksException("books-missing",
                        $"{options.Database} is not there. Book a first delivery with 'cicost ingest', or start 'cicost serve' with the "
                            + "right --db.");
                }

                var books = await Books.OpenAsync(options.Database, options.BusyTimeout, options.Time, cancellationToken)
                    .ConfigureAwait(false);
                Volatile.Write(ref _open, new OpenBooks(books, options.BookingOptions, options.CheckPatience));
            }

            return _open;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _open?.Dispose();
        _gate.Dispose();
    }
}
