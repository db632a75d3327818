using System.Text;
using System.Text.Json;

namespace CiCost.Reports.Printing;

/// <summary>
/// One page of the browser, with the report's document in it. It answers the one request for the document and fails every other.
/// </summary>
internal sealed class PrintPage : IDisposable
{
    // RFC 2606 keeps .invalid free for ever: nothing can ever answer there.
    private const string Address = "https://report.invalid/";
    private const int ReadBytes = 1 << 20;
    private const int MostPdfBytes = 64 * 1024 * 1024;

    private readonly CdpPipe _pipe;
    private readonly string _session;
    private readonly string _html;
    private readonly CancellationToken _token;
    private readonly List<string> _problems = [];
    private readonly TaskCompletionSource<bool> _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PrintPage(CdpPipe pipe, string session, string html, CancellationToken token)
    {
        (_pipe, _session, _html, _token) = (pipe, session, html, token);
        _pipe.Event += OnEvent;
    }

    /// <summary>Opens a page of the width of the paper's content, so that charts are drawn at the size in which they are printed.</summary>
    public static async Task<PrintPage> OpenAsync(CdpPipe pipe, string html, Paper paper, CancellationToken token)
    {
        var context = await pipe.SendAsync("Target.createBrowserContext", new { disposeOnDetach = true }, null, token)
            .ConfigureAwait(false);
        var browserContextId = context.GetProperty("browserContextId").GetString();
        var target = await pipe.SendAsync("Target.createTarget", new { url = "about:blank", browserContextId }, null,
            token).ConfigureAwait(false);
        var targetId = target.GetProperty("targetId").GetString();
        var attached = await pipe.SendAsync("Target.attachToTarget", new { targetId, flatten = true }, null, token).ConfigureAwait(false);
        var page = new PrintPage(pipe, attached.GetProperty("sessionId").GetString()!, html, token);
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Audits", "Inspector", "DOM", "CSS" })
        {
            await page.SendAsync($"{domain}.enable").ConfigureAwait(false);
        }

        await page.SendAsync("Fetch.enable", new { patterns = new[] { new { urlPattern = "*" } } }).ConfigureAwait(false);
        await page.SendAsync("Emulation.setEmulatedMedia", new { media = "print" }).ConfigureAwait(false);
        await page.SendAsync("Emulation.setTimezoneOverride", new { timezoneId = "UTC" }).ConfigureAwait(false);
        await page.SendAsync("Emulation.setLocaleOverride", new { locale = "en-US" }).ConfigureAwait(false);
        var width = paper == Paper.A4 ? 673 : 695;
        await page.SendAsync("Emulation.setDeviceMetricsOverride", new { width, height = 980, deviceScaleFactor = 1, mobile = false })
            .ConfigureAwait(false);
        return page;
    }

    /// <summary>Loads the document and waits for its fonts.</summary>
    /// <exception cref="PrintException">The page is not clean: it wanted something from outside, or used another font.</exception>
    public async Task LoadAsync()
    {
        await SendAsync("Page.navigate", new { url = Address }).ConfigureAwait(false);
        await OrCrashAsync(_loaded.Task).ConfigureAwait(false);
        var ready = await SendAsync(
            "Runtime.evaluate",
            new
            {
                expression = "document.fonts.ready.then(f => [...f].filter(x => x.status === 'error').map(x => x.family).join(', '))",
                awaitPromise = true,
                returnByValue = true,
            }).ConfigureAwait(false);
        if (ready.TryGetProperty("exceptionDetails", out var exception))
        {
            throw NotClean(exception.GetRawText());
        }

        if (ready.GetProperty("result").GetProperty("value").GetString() is { Length: > 0 } broken)
        {
            throw NotClean($"fonts that cannot be read: {broken}");
        }

        await CheckFontsAsync().ConfigureAwait(false);
        lock (_problems)
        {
            if (_problems.Count > 0)
            {
                throw NotClean(string.Join("; ", _problems.Distinct()));
            }
        }
    }

    /// <summary>Prints the page.</summary>
    public async Task<byte[]> PrintAsync()
    {
        var printed = await SendAsync(
            "Page.printToPDF",
            new
            {
                printBackground = true,
                preferCSSPageSize = true,
                generateTaggedPDF = true,
                generateDocumentOutline = true,
                displayHeaderFooter = false,
                transferMode = "ReturnAsStream",
            }).ConfigureAwait(false);
        var handle = printed.GetProperty("stream").GetString();
        using var pdf = new MemoryStream();
        var isEnd = false;
        while (!isEnd)
        {
            var chunk = await SendAsync("IO.read", new { handle, size = ReadBytes }).ConfigureAwait(false);
            var data = chunk.GetProperty("data").GetString()!;
            var isBase64 = chunk.TryGetProperty("base64Encoded", out var encoded) && encoded.GetBoolean();
            pdf.Write(isBase64 ? Convert.FromBase64String(data) : Encoding.Latin1.GetBytes(data));
            isEnd = chunk.GetProperty("eof").GetBoolean();
            if (pdf.Length > MostPdfBytes)
            {
                throw new PrintException(PrintFailure.Protocol, $"The PDF is larger than {MostPdfBytes} bytes.");
            }
        }

        await SendAsync("IO.close", new { handle }).ConfigureAwait(false);
        return pdf.ToArray();
    }

    /// <summary>Sends a command to this page.</summary>
    public Task<JsonElement> SendAsync(string method, object? parameters = null) =>
        OrCrashAsync(_pipe.SendAsync(method, parameters, _session, _token));

    public void Dispose() => _pipe.Event -= OnEvent;

    private static PrintException NotClean(string what) =>
        new(PrintFailure.PageNotClean, $"The page is not as a report must be, so it was not printed: {what}.");

    private async Task<T> OrCrashAsync<T>(Task<T> task)
    {
        var first = await _pipe.OrEndAsync(Task.WhenAny(task, _crashed.Task), _token).ConfigureAwait(false);
        return first == task
            ? await task.ConfigureAwait(false)
            : throw new PrintException(PrintFailure.RendererCrashed, "The browser's page crashed while the report was printed, twice.");
    }

    /// <summary>A character that the report's fonts lack would bring in whatever font the machine has.</summary>
    private async Task CheckFontsAsync()
    {
        var document = await SendAsync("DOM.getDocument", new { depth = 0 }).ConfigureAwait(false);
        var root = document.GetProperty("root").GetProperty("nodeId").GetInt32();
        var body = await SendAsync("DOM.querySelector", new { nodeId = root, selector = "body" }).ConfigureAwait(false);
        var used = await SendAsync("CSS.getPlatformFontsForNode", new { nodeId = body.GetProperty("nodeId").GetInt32() })
            .ConfigureAwait(false);
        var foreign = used.GetProperty("fonts").EnumerateArray()
            .Where(f => !f.GetProperty("isCustomFont").GetBoolean())
            .Select(f => f.GetProperty("familyName").GetString()).Distinct().ToArray();
        if (foreign.Length > 0)
        {
            Note($"it has characters that the report's fonts do not have ({ForeignCharacters.In(_html)}); "
                + $"the browser took them from {string.Join(", ", foreign)}");
        }
    }

    private void OnEvent(string method, string? session, JsonElement parameters)
    {
        if (session != _session)
        {
            return;
        }

        switch (method)
        {
            case "Fetch.requestPaused":
                Answer(parameters.GetProperty("request").GetProperty("url").GetString()!, parameters.GetProperty("requestId").GetString()!);
                break;
            case "Log.entryAdded" when parameters.GetProperty("entry").GetProperty("level").GetString() is "error":
                Note(parameters.GetProperty("entry").GetProperty("text").GetString()!);
                break;
            case "Audits.issueAdded":
                Note(parameters.GetProperty("issue").GetRawText());
                break;
            case "Runtime.exceptionThrown":
                Note(parameters.GetProperty("exceptionDetails").GetRawText());
                break;
            case "Page.loadEventFired":
                _loaded.TrySetResult(true);
                break;
            case "Inspector.targetCrashed":
                _crashed.TrySetResult(true);
                break;
        }
    }

    private void Answer(string url, string requestId)
    {
        if (url == Address)
        {
            Post("Fetch.fulfillRequest", new
            {
                requestId,
                responseCode = 200,
                responseHeaders = new[] { new { name = "Content-Type", value = "text/html; charset=utf-8" } },
                body = Convert.ToBase64String(Encoding.UTF8.GetBytes(_html)),
            });
        }
        else if (url == Address + "favicon.ico")
        {
            // Asked for in some runs only.
            Post("Fetch.fulfillRequest", new { requestId, responseCode = 404 });
        }
        else
        {
            Note($"it asked for {url}");
            Post("Fetch.failRequest", new { requestId, errorReason = "BlockedByClient" });
        }
    }

    /// <summary>
    /// Sends from the reading task, which must not wait. A failure shows: the page then never loads, or the browser has ended.
    /// </summary>
    private void Post(string method, object parameters) =>
        _ = _pipe.SendAsync(method, parameters, _session, _token).ContinueWith(
            t => Note($"{method}: {t.Exception!.InnerException!.Message}"),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);

    private void Note(string problem)
    {
        lock (_problems)
        {
            _problems.Add(problem);
        }
    }
}
