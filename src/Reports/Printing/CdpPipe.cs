using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CiCost.Reports.Printing;

/// <summary>
/// The Chrome DevTools Protocol over a pipe: JSON messages that end with a zero byte. Every wait ends when the browser ends: its helpers
/// keep the pipe open for a while, so an end of the pipe alone would come late.
/// </summary>
internal sealed class CdpPipe : IAsyncDisposable
{
    private const int MostMessageBytes = 128 * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly Stream _toBrowser;
    private readonly Stream _fromBrowser;
    private readonly Func<Task<PrintException>> _gone;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private int _lastId;

    public CdpPipe(Stream toBrowser, Stream fromBrowser, Task browserExit, Func<Task<PrintException>> gone)
    {
        (_toBrowser, _fromBrowser, _gone) = (toBrowser, fromBrowser, gone);
        _reading = ReadAsync(_stop.Token);
        _ = Task.WhenAny(_reading, browserExit).ContinueWith(_ => _ended.TrySetResult(), TaskScheduler.Default);
    }

    /// <summary>A message that is no answer: method, session, parameters. Raised on the reading task: handlers must not wait.</summary>
    public event Action<string, string?, JsonElement>? Event;

    /// <summary>Sends a command and waits for its answer.</summary>
    public async Task<JsonElement> SendAsync(string method, object? parameters, string? session, CancellationToken token)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        try
        {
            await WriteAsync(new { id, method, @params = parameters ?? new { }, sessionId = session }, token).ConfigureAwait(false);
            return await OrEndAsync(answer.Task, token).ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Waits for a task, at most as long as the browser lives.</summary>
    public async Task<T> OrEndAsync<T>(Task<T> task, CancellationToken token)
    {
        var first = await Task.WhenAny(task, _ended.Task).WaitAsync(token).ConfigureAwait(false);
        return first == task ? await task.ConfigureAwait(false) : throw await _gone().ConfigureAwait(false);
    }

    /// <summary>Closes the pipe, upon which the browser ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _toBrowser.DisposeAsync().ConfigureAwait(false);
        await _fromBrowser.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.TrySetResult();
        _writing.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAsync(object message, CancellationToken token)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, Json);
        await _writing.WaitAsync(token).ConfigureAwait(false);
        try
        {
            await _toBrowser.WriteAsync(bytes, token).ConfigureAwait(false);
            await _toBrowser.WriteAsync("\0"u8.ToArray(), token).ConfigureAwait(false);
            await _toBrowser.FlushAsync(token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw await _gone().ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync(CancellationToken token)
    {
        var buffer = new byte[1 << 16];
        var message = new ArrayBufferWriter<byte>(1 << 16);
        try
        {
            while (await _fromBrowser.ReadAsync(buffer, token).ConfigureAwait(false) is > 0 and var count)
            {
                TakeIn(buffer.AsSpan(0, count), message);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pipe is closed: what waits for an answer learns it from the end of this task.
            _ended.TrySetResult();
        }
    }

    private void TakeIn(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> message)
    {
        while (bytes.IndexOf((byte)0) is >= 0 and var end)
        {
            message.Write(bytes[..end]);
            Handle(message.WrittenMemory);
            message.ResetWrittenCount();
            bytes = bytes[(end + 1)..];
        }

        message.Write(bytes);
        if (message.WrittenCount > MostMessageBytes)
        {
            throw new IOException($"The browser sent a message of more than {MostMessageBytes} bytes.");
        }
    }

    private void Handle(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement.Clone();
        if (!root.TryGetProperty("id", out var id))
        {
            var session = root.TryGetProperty("sessionId", out var s) ? s.GetString() : null;
            Event?.Invoke(root.GetProperty("method").GetString()!, session, root.GetProperty("params"));
        }
        else if (_waiting.TryGetValue(id.GetInt32(), out var answer))
        {
            if (root.TryGetProperty("error", out var error))
            {
                answer.TrySetException(new PrintException(PrintFailure.Protocol, $"The browser refused a command: {error.GetRawText()}"));
            }
            else
            {
                answer.TrySetResult(root.GetProperty("result"));
            }
        }
    }
}
