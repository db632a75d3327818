using System.Globalization;
using System.Security.Cryptography;
using CiCost.Ledger;
using CiCost.Ledger.Objects;

namespace CiCost.Accounting.Jobs;

/// <summary>An event that was received and cannot be booked.</summary>
/// <param name="Id">The first 16 hex digits of the hash of its bytes.</param>
/// <param name="Day">The day on which it was received, UTC.</param>
/// <param name="Bytes">How many bytes it has.</param>
/// <param name="Reason">Why it was set aside.</param>
public sealed record EventAside(string Id, DateOnly Day, long Bytes, string Reason);

/// <summary>
/// Received events that cannot be booked, beside those that wait to be: one file an event, so that none keeps the others out of the books, and
/// one with the reason. They stay until somebody releases or drops them; a check names them.
/// </summary>
public sealed class EventsAside
{
    private const string DayPattern = "yyyy-MM-dd";
    private const string EventEnding = ".event";
    private const string ReasonEnding = ".reason";
    private const int IdDigits = 16;
    private readonly string _inbox;
    private readonly string _folder;

    /// <summary>Those of some books.</summary>
    /// <param name="booksPath">The database file.</param>
    public EventsAside(string booksPath)
    {
        _inbox = InboxOf(booksPath);
        _folder = Path.Combine(_inbox, "aside");
    }

    /// <summary>Where GitHub's events of some books wait to be booked.</summary>
    public static string InboxOf(string booksPath) => Path.Combine(Path.GetFullPath(booksPath) + ".hooks", "github");

    /// <summary>All of them, oldest day first.</summary>
    public IReadOnlyList<EventAside> List() => !Directory.Exists(_folder) ? []
        : [.. Directory.EnumerateFiles(_folder, "*" + EventEnding).Order(StringComparer.Ordinal).Select(path =>
        {
            var (day, id) = NameOf(path);
            var reason = Path.ChangeExtension(path, ReasonEnding);
            return new EventAside(id, day, new FileInfo(path).Length, File.Exists(reason) ? File.ReadAllText(reason) : "");
        })];

    /// <summary>Sets an event aside; the same one again changes nothing. It is on disk when this returns.</summary>
    /// <param name="day">The day on which it was received.</param>
    /// <param name="json">Its bytes.</param>
    /// <param name="reason">Why it cannot be booked.</param>
    public void Add(DateOnly day, ReadOnlySpan<byte> json, string reason)
    {
        Directory.CreateDirectory(_folder);
        var name = $"{day.ToString(DayPattern, CultureInfo.InvariantCulture)}.{Convert.ToHexStringLower(SHA256.HashData(json))[..IdDigits]}";
        Write(Path.Combine(_folder, name + ReasonEnding), System.Text.Encoding.UTF8.GetBytes(reason));
        Write(Path.Combine(_folder, name + EventEnding), json);
        DirectorySync.Flush(_folder);
    }

    /// <summary>Gives an event back to those that wait to be booked: after an update of the program, or to see the reason again.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="BooksException"><c>event-unknown</c>: there is none of this id.</exception>
    public void Release(string id)
    {
        var path = PathOf(id);
        var bytes = File.ReadAllBytes(path);
        var (day, _) = NameOf(path);
        var piece = Path.Combine(_inbox,
            $"{day.ToString(DayPattern, CultureInfo.InvariantCulture)}.{Convert.ToHexStringLower(SHA256.HashData(bytes))[..IdDigits]}.piece");
        Write(piece, bytes);
        DirectorySync.Flush(_inbox);
        Remove(path);
    }

    /// <summary>Removes an event for good.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="BooksException"><c>event-unknown</c>: there is none of this id.</exception>
    public void Drop(string id) => Remove(PathOf(id));

    private static (DateOnly Day, string Id) NameOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return (DateOnly.ParseExact(name[..DayPattern.Length], DayPattern, CultureInfo.InvariantCulture), name[(DayPattern.Length + 1)..]);
    }

    private string PathOf(string id) => id.Length == IdDigits && id.All(char.IsAsciiHexDigitLower) && Directory.Exists(_folder)
        && Directory.EnumerateFiles(_folder, $"*.{id}{EventEnding}").FirstOrDefault() is { } path
            ? path
            : throw new BooksException("event-unknown", $"No event '{id}' is set aside. 'cicost events list' has those that are.");

    private void Remove(string path)
    {
        File.Delete(Path.ChangeExtension(path, ReasonEnding));
        File.Delete(path);
        DirectorySync.Flush(_folder);
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
