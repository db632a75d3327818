namespace CiCost.CostIngest.Sources.Http;

/// <summary>Counts the requests of one run, repeats included, and refuses the one after its limit before it is sent.</summary>
/// <param name="most">How many may be sent.</param>
/// <param name="setting">The setting that holds the limit, for the error.</param>
public sealed class RequestCounter(int most, string setting)
{
    private int _count;

    /// <summary>Requests sent so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Counts one.</summary>
    /// <exception cref="SourceException">The limit is reached.</exception>
    public void Take()
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            throw new SourceException(
                "request-budget-spent",
                $"All {most} requests of this run are spent, so the next one was not sent. Ask for fewer months, or raise '{setting}'.");
        }
    }
}

/// <summary>Counts below repeats and credentials: what is really sent.</summary>
internal sealed class CountingHandler(RequestCounter counter, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        counter.Take();
        return base.SendAsync(request, cancellationToken);
    }
}
