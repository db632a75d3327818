using System.Collections.Concurrent;
using System.Data;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Sqlite;

/// <summary>
/// A reading connection that goes back to its pool when it is disposed: a new connection parses the whole schema before its first
/// answer, which costs more than most questions. Only readers are kept; they are never inside a transaction when they come back.
/// </summary>
internal sealed class PooledReader(string connectionString, ConcurrentBag<PooledReader> pool) : SqliteConnection(connectionString)
{
    private const int MostKept = 8;
    private bool _isRetired;

    /// <summary>Closes it for good.</summary>
    public void Retire()
    {
        _isRetired = true;
        Dispose();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isRetired && State == ConnectionState.Open && pool.Count < MostKept)
        {
            pool.Add(this);
            return;
        }

        base.Dispose(disposing);
    }
}
