using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CiCost.Accounting.Jobs;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Objects;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi.Webhooks;

/// <summary>A part of a day's events that takes no more.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Day and hash of the content: the same events have the same name, other events another one.</param>
/// <param name="Month">The month of the day.</param>
internal sealed record HookPiece(string Path, string Name, BillingMonth Month);

/// <summary>
/// Received events in files beside the books, one JSON value per line: a file per day that grows, and pieces that are booked and removed.
/// An event is on disk before its sender is told so. Nothing is ever in two of these files.
/// </summary>
internal sealed partial class HookInbox(string folder, TimeProvider time, ILogger logger) : IDisposable
{
    private const string DayPattern = "yyyy-MM-dd";
    private const string DayEnding = ".jsonl";
    private const string PieceEnding = ".piece";

    /// <summary>What is looked at of the end of a file: several of the largest events.</summary>
    private const int TailBytes = 4 * GitHubHook.MaxBodyBytes;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private FileStream? _open;

    /// <summary>A piece takes no more than this and one event: it is booked in one transaction.</summary>
    public long MaxPieceBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>With so many files waiting, nothing is booked any more and somebody must look: no more is accepted.</summary>
    public int MaxFiles { get; init; } = 256;

    /// <summary>The folder of GitHub's events of some books.</summary>
    public static string FolderOf(string booksPath) => EventsAside.InboxOf(booksPath);

    /// <summary>Puts an event on disk.</summary>
    /// <param name="json">One JSON value; line breaks in it become blanks, which JSON allows only where they mean nothing.</param>
    /// <param name="cancellationToken">Ends the wait for others, not the writing.</param>
    /// <exception cref="BooksException">The disk refuses; nothing of the event is kept.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var line = new byte[json.Length + 1];
        json.Span.CopyTo(line);
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line[^1] = (byte)'\n';
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        FailPoint.Reach("hooks.received");
        try
        {
            Append(line);
            FailPoint.Reach("hooks.kept");
            if (_open!.Length >= MaxPieceBytes)
            {
                var full = _open.Name;
                Close();
                Seal(full);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BooksException("hook-not-kept",
                $"The event could not be written to {folder}: {exception.Message} Mend that, and have GitHub deliver it again.");
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes what grew until now, and returns every piece that is not removed, oldest day first.</summary>
    public async Task<IReadOnlyList<HookPiece>> SealAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Close();
            if (!Directory.Exists(folder))
            {
                return [];
            }

            foreach (var day in Directory.GetFiles(folder, "*" + DayEnding))
            {
                Seal(day);
            }

            return [.. Directory.GetFiles(folder, "*" + PieceEnding).Order(StringComparer.Ordinal).Select(PieceOf)];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Removes a piece that is in the books.</summary>
    public void Remove(HookPiece piece)
    {
        File.Delete(piece.Path);
        DirectorySync.Flush(folder);
    }

    /// <summary>Puts a piece of other lines in the place of one: what a crash leaves between is both, of which the rest is booked once.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="lines">What stays of it, whole lines; none removes it.</param>
    /// <returns>The new piece; null when nothing stays.</returns>
    public HookPiece? Replace(HookPiece piece, ReadOnlySpan<byte> lines)
    {
        HookPiece? rest = null;
        if (lines.Length > 0)
        {
            var name = $"{piece.Name[..DayPattern.Length]}.{Convert.ToHexStringLower(SHA256.HashData(lines))[..16]}";
            var path = Path.Combine(folder, name + PieceEnding);
            using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(lines);
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".new", path, overwrite: true);
            rest = PieceOf(path);
        }

        Remove(piece);
        return rest;
    }

    public void Dispose()
    {
        Close();
        _gate.Dispose();
    }

    private void Append(byte[] line)
    {
        var path = Path.Combine(folder, time.GetUtcNow().ToString(DayPattern, CultureInfo.InvariantCulture) + DayEnding);
        if (_open?.Name != path)
        {
            Close();
            _open = Open(path);
        }

        var before = _open.Length;
        try
        {
            _open.Position = before;
            _open.Write(line);
            FailPoint.Reach("hooks.written");
            _open.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // Half a line must not stay in front of the next one; when even that fails, opening the file again mends it.
            var file = _open;
            _open = null;
            using (file)
            {
                file.SetLength(before);
            }

            throw;
        }
    }

    private FileStream Open(string path)
    {
        Directory.CreateDirectory(folder);
        if (!File.Exists(path) && Directory.EnumerateFiles(folder).Count() >= MaxFiles)
        {
            throw new IOException($"{MaxFiles} files of events wait there to be booked; the log says why they are not.");
        }

        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            Mend(file);
            DirectorySync.Flush(folder);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Seal(string day)
    {
        string hash;
        using (var file = Open(day))
        {
            if (file.Length == 0)
            {
                File.Delete(day);
                return;
            }

            file.Position = 0;
            hash = Convert.ToHexStringLower(SHA256.HashData(file))[..16];
        }

        FailPoint.Reach("hooks.before-seal");
        File.Move(day, Path.ChangeExtension(day, $".{hash}{PieceEnding}"), overwrite: true);
        DirectorySync.Flush(folder);
    }

    /// <summary>Drops lines at the end that a crash left half written. None of their senders was told that they are kept.</summary>
    private void Mend(FileStream file)
    {
        var (before, end) = (file.Length, file.Length);
        while (end > 0)
        {
            var tail = new byte[Math.Min(end, TailBytes)];
            file.Position = end - tail.Length;
            file.ReadExactly(tail);
            var whole = WholeLines(tail);
            end += whole - tail.Length;
            if (whole > 0)
            {
                break;
            }
        }

        if (end < before)
        {
            file.SetLength(end);
            file.Flush(flushToDisk: true);
            Mended(file.Name, before - end);
        }
    }

    /// <summary>Up to where bytes end in a whole line; 0 when they hold none.</summary>
    private static int WholeLines(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.Length;
        while (end > 0 && !IsWhole(bytes[..end]))
        {
            end = bytes[..(end - 1)].LastIndexOf((byte)'\n') + 1;
        }

        return end;
    }

    private static bool IsWhole(ReadOnlySpan<byte> lines)
    {
        if (lines[^1] != (byte)'\n')
        {
            return false;
        }

        var reader = new Utf8JsonReader(lines[(lines[..^1].LastIndexOf((byte)'\n') + 1)..]);
        try
        {
            return reader.Read() && reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static HookPiece PieceOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return new HookPiece(path, name, BillingMonth.Parse(name[..7]));
    }

    private void Close()
    {
        _open?.Dispose();
        _open = null;
    }

    [LoggerMessage(EventId = 3201, EventName = "HookFileMended", Level = LogLevel.Warning,
        Message = "{File} ended in {Bytes} bytes of an event that a crash cut off; they were dropped. GitHub was not told that it is kept: "
            + "deliver it again from the webhook's list of deliveries.")]
    private partial void Mended(string file, long bytes);
}
