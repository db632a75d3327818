using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Policy.Sources;

namespace CiCost.CostApi.Scheduling;

/// <summary>
/// How much later a run starts, and when a failed one is repeated. Both depend on the source and the instant alone, so that a restart in
/// between decides the same.
/// </summary>
internal static class PullTiming
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(2);

    /// <summary>How much later than its cron time a run starts: whole seconds from 0 to the source's jitter.</summary>
    public static TimeSpan Jitter(SourceEntry entry, DateTimeOffset occurrence) =>
        TimeSpan.FromSeconds(Draw(entry.Key, occurrence, 0, ((long)entry.JitterMinutes * 60) + 1));

    /// <summary>
    /// The pause before a failed run is repeated: 5, 10, 20... minutes up to two hours, each up to a fifth shorter or longer; null when it
    /// is not: the failure is final, or it was repeated often enough.
    /// </summary>
    /// <param name="entry">The source.</param>
    /// <param name="result">How the run ended; null when the source was busy with another run.</param>
    /// <param name="attempt">How often it was repeated already.</param>
    /// <param name="now">When it ended.</param>
    public static TimeSpan? RetryPause(SourceEntry entry, PullResult? result, int attempt, DateTimeOffset now)
    {
        if (result is { IsSuccess: true } or { IsRetriable: false } || attempt >= entry.Retries)
        {
            return null;
        }

        // A long has more room than 20 doublings of five minutes need.
        var seconds = Math.Min((long)FirstPause.TotalSeconds << attempt, (long)LongestPause.TotalSeconds);
        var spread = seconds / 5;
        return TimeSpan.FromSeconds(seconds - spread + Draw(entry.Key, now, attempt + 1, (2 * spread) + 1));
    }

    private static long Draw(string key, DateTimeOffset instant, int number, long below)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{key}\n{instant.UtcTicks}\n{number}");
        return (long)(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) % (ulong)below);
    }
}
