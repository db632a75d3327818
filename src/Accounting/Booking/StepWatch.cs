namespace CiCost.Accounting.Booking;

/// <summary>Measures consecutive steps.</summary>
internal sealed class StepWatch(TimeProvider time)
{
    private long _last = time.GetTimestamp();

    /// <summary>Milliseconds since the last call, or since the start.</summary>
    public long NextMs()
    {
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_last, now);
        _last = now;
        return (long)elapsed.TotalMilliseconds;
    }
}
