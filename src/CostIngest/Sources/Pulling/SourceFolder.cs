using CiCost.Ledger;

namespace CiCost.CostIngest.Sources.Pulling;

/// <summary>The folders of sources beside the books: <c>&lt;books&gt;.sources/KEY</c>. All of it may be deleted while nothing runs.</summary>
public static class SourceFolder
{
    /// <summary>Where a source keeps what saves requests.</summary>
    public static string State(string booksPath, string sourceKey) => Path.Combine(Of(booksPath, sourceKey), "state");

    /// <summary>Where a run puts what it fetches, until it is booked.</summary>
    internal static string Spool(string booksPath, string sourceKey) => Path.Combine(Of(booksPath, sourceKey), "spool");

    /// <summary>Takes a source for one run, among all processes.</summary>
    /// <exception cref="BooksException">Another run has it.</exception>
    internal static FileStream Lock(string booksPath, string sourceKey)
    {
        var folder = Of(booksPath, sourceKey);
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new BooksException("source-busy", $"The source '{sourceKey}' is being pulled right now. Wait for that run to end.");
        }
    }

    /// <summary>Removes a folder and all in it, when it is there.</summary>
    internal static void Empty(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Of(string booksPath, string sourceKey) => Path.Combine(booksPath + ".sources", sourceKey);
}
