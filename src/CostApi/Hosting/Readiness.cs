using System.Globalization;
using CiCost.Ledger;

namespace CiCost.CostApi.Hosting;

/// <summary>What keeps a server that is up from doing its work.</summary>
internal static class Readiness
{
    /// <summary>How long one writer may take: five million rows take a minute and a half.</summary>
    private static readonly TimeSpan LongestWriting = TimeSpan.FromMinutes(10);

    /// <summary>Nothing may be written for too long by one writer of this process.</summary>
    /// <exception cref="BooksException"><c>books-held</c>.</exception>
    public static void Require(Books books)
    {
        if (books.Writer is { } writer && books.Time.GetUtcNow() - writer.Since > LongestWriting)
        {
            var since = writer.Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            throw new BooksException("books-held",
                $"The books are written since {since} ({writer.Work}), longer than {LongestWriting.TotalMinutes:0} minutes, and nothing else can be "
                + "booked. Look at the disk and at the log; when it does not end, start the server again: what was not committed is not in the "
                + "books.");
        }
    }
}
