using System.Net.Sockets;
using Amazon.Runtime;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>A body that is being read, and the length that its headers announce.</summary>
/// <param name="Stream">The bytes; disposed with the answer.</param>
/// <param name="Length">Content-Length; null when there is none.</param>
/// <param name="Owner">What to dispose afterwards.</param>
internal readonly record struct OpenBody(Stream Stream, long? Length, IDisposable Owner);

/// <summary>
/// Reads a body into a file, whole or not at all. One that breaks off or stands still is begun again, by a request that must pin the
/// version (If-Match): parts of two versions can never meet in one file.
/// </summary>
internal static class FileDownload
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Downloads; returns the number of bytes.</summary>
    /// <param name="subject">For errors: what is read, without secrets.</param>
    /// <param name="open">Sends the request; refusals are its errors.</param>
    /// <param name="path">The file to make; removed again when the download fails.</param>
    public static async Task<long> ReadAsync(
        string subject,
        Func<CancellationToken, Task<OpenBody>> open,
        string path,
        DownloadLimits limits,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        for (var restarts = 0; ; restarts++)
        {
            var body = await open(cancellationToken).ConfigureAwait(false);
            using var owner = body.Owner;
            RefuseLength(subject, body.Length, limits);
            try
            {
                var bytes = await CopyAsync(subject, body, path, limits, time, cancellationToken).ConfigureAwait(false);
                RefuseLength(subject, bytes, limits);
                return bytes;
            }
            catch (Exception exception) when (IsBroken(exception) && restarts < limits.MostRestarts)
            {
                File.Delete(path);
            }
            catch (Exception exception) when (IsBroken(exception))
            {
                File.Delete(path);
                throw exception is TimeoutException
                    ? new SourceException(
                        "download-stalled",
                        $"{subject} sent nothing for {limits.IdleTime.TotalSeconds:0} seconds, {restarts + 1} times. Run it later.",
                        exception)
                    : new SourceException(
                        "download-cut-off",
                        $"{subject} did not arrive whole, {restarts + 1} times ({exception.Message.TrimEnd('.')}). Run it later.",
                        exception);
            }
            catch
            {
                File.Delete(path);
                throw;
            }
        }
    }

    private static async Task<long> CopyAsync(
        string subject, OpenBody body, string path, DownloadLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await using var disposing = file.ConfigureAwait(false);
        using var idle = new CancellationTokenSource(limits.IdleTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        var buffer = new byte[BufferBytes];
        var bytes = 0L;
        while (true)
        {
            int read;
            try
            {
                read = await body.Stream.ReadAsync(buffer, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException("no byte in time", exception);
            }

            if (read == 0)
            {
                return body.Length is { } announced && bytes != announced
                    ? throw new EndOfStreamException($"{bytes} of {announced} bytes came.")
                    : bytes;
            }

            bytes += read;
            RefuseTooLong(subject, bytes, limits);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            idle.CancelAfter(limits.IdleTime);
        }
    }

    // AmazonClientException: the AWS library compares a checksum, where S3 sends one, at the end of the body.
    private static bool IsBroken(Exception exception) => exception is HttpIOException or EndOfStreamException or TimeoutException
        or HttpRequestException or IOException { InnerException: SocketException } or AmazonClientException;

    private static void RefuseLength(string subject, long? length, DownloadLimits limits)
    {
        RefuseTooLong(subject, length ?? 0, limits);
        if (limits.ExpectedBytes is { } expected && length is { } actual && actual != expected)
        {
            throw new SourceException(
                "size-differs",
                $"{subject} has {actual} bytes where the provider's list says {expected}. It may be rewritten just now; run it again, and "
                + "if it stays so, have the provider deliver it again.");
        }
    }

    private static void RefuseTooLong(string subject, long bytes, DownloadLimits limits)
    {
        if (bytes > limits.MostBytes)
        {
            throw new SourceException(
                "download-too-large",
                $"{subject} has more than {limits.MostBytes} bytes. Divide the export into smaller files.");
        }
    }
}
