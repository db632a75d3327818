using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace CiCost.CostIngest.Sources.Http;

/// <summary>
/// Repeats a request while its answer, or the want of one, may pass. The wait that the server asks for is kept; one that would outlast
/// the total time is not begun, so that the caller gets the refusal at once. Bodies are read inside the attempt, so that a connection
/// that breaks in the middle of one counts as a failed attempt; downloads are left to <see cref="FileDownload"/>.
/// </summary>
internal sealed class RetryHandler : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<Attempts> Tried = new("cicost.attempts");

    private readonly HttpChainOptions _options;
    private readonly Predicate<HttpRequestMessage> _isDownload;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public RetryHandler(HttpChainOptions options, Predicate<HttpRequestMessage> isDownload, HttpMessageHandler inner)
        : base(inner)
    {
        _options = options;
        _isDownload = isDownload;
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = options.Time }
            .AddTimeout(options.TotalTime)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MostAttempts - 1,
                ShouldHandle = a => Decide(a.Outcome, a.Context, a.AttemptNumber),
                DelayGenerator = a => ValueTask.FromResult<TimeSpan?>(a.Context.Properties.GetValue(Tried, null!).NextWait),
                OnRetry = a =>
                {
                    a.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .AddTimeout(options.AttemptTime)
            .Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var attempts = new Attempts(_options.Time.GetTimestamp());
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Tried, attempts);
        try
        {
            return await _pipeline.ExecuteAsync(c => AttemptAsync(request, attempts, c), context).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new TimeoutException(
                $"there was no whole answer after {attempts.Count} attempts in "
                + $"{_options.Time.GetElapsedTime(attempts.Start).TotalSeconds:0} seconds; the last thing seen was {attempts.LastSeen}",
                exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, Attempts attempts, ResilienceContext context)
    {
        attempts.Count++;
        var response = await base.SendAsync(request, context.CancellationToken).ConfigureAwait(false);
        attempts.LastSeen = $"status {(int)response.StatusCode}";
        try
        {
            if (!response.IsSuccessStatusCode || !_isDownload(request))
            {
                await response.Content.LoadIntoBufferAsync(_options.MostBodyBytes, context.CancellationToken).ConfigureAwait(false);
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async ValueTask<bool> Decide(Outcome<HttpResponseMessage> outcome, ResilienceContext context, int attemptNumber)
    {
        var attempts = context.Properties.GetValue(Tried, null!);
        TimeSpan? asked = null;
        if (outcome.Result is { } response)
        {
            if (response.IsSuccessStatusCode)
            {
                return false;
            }

            var body = await response.Content.ReadAsByteArrayAsync(CancellationToken.None).ConfigureAwait(false);
            var verdict = _options.Rule.Judge(response, body, _options.Time.GetUtcNow());
            if (!verdict.IsRepeatable)
            {
                return false;
            }

            asked = verdict.Wait;
        }
        else if (outcome.Exception is { } exception && IsPassing(exception))
        {
            attempts.LastSeen = exception is TimeoutRejectedException ? "no answer in time" : exception.Message;
        }
        else
        {
            return false;
        }

        attempts.NextWait = asked ?? Backoff(attemptNumber);
        return attempts.NextWait <= _options.TotalTime - _options.Time.GetElapsedTime(attempts.Start);
    }

    private static bool IsPassing(Exception exception) => exception switch
    {
        // A name that does not resolve, a certificate that is not trusted and a body that is too long stay so.
        HttpRequestException http => http.HttpRequestError is not (HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded),
        IOException or TimeoutRejectedException => true,
        _ => false,
    };

    private TimeSpan Backoff(int attemptNumber)
    {
        var wait = _options.FirstWait * Math.Pow(2, Math.Min(attemptNumber, 20));
        wait = wait < _options.LongestWait ? wait : _options.LongestWait;
        return wait * (1 - (_options.Jitter.NextDouble() / 2));
    }

    private sealed class Attempts(long start)
    {
        public long Start { get; } = start;

        public int Count { get; set; }

        public TimeSpan NextWait { get; set; }

        public string LastSeen { get; set; } = "nothing";
    }
}
