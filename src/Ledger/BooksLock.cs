using CiCost.Ledger.Sqlite;

namespace CiCost.Ledger;

/// <summary>The right to write to books that need not be there yet: the lock that every writer of them takes.</summary>
public static class BooksLock
{
    /// <summary>Waits for it; disposing gives it back. The lock file stays.</summary>
    /// <param name="booksPath">The database file; its folder must exist.</param>
    /// <param name="work">What it is wanted for.</param>
    /// <param name="timeout">How long to wait for another writer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BooksException">Another process holds it for longer.</exception>
    public static Task<IDisposable> EnterAsync(string booksPath, string work, TimeSpan timeout, TimeProvider time,
        CancellationToken cancellationToken) =>
        new WriteGate(Path.GetFullPath(booksPath), timeout, time).EnterAsync(work, cancellationToken);
}
