using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using CiCost.Reports.Printing;
using CiCost.TestKit;

namespace CiCost.Reports.Tests.Printing;

/// <summary>Each way in which printing can fail, provoked: a named error, in time, and nothing left behind.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrintFailureTests
{
    private const string Page = "<!DOCTYPE html><html lang=\"en\"><head><title>x</title></head><body><p></p></body></html>";

    private static readonly PrintSettings Settings = new();

    [Test]
    public void Browser_Missing_IsNamedWithItsPackage()
    {
        var bySetting = Assert.ThrowsAsync<PrintException>(() => PrintAsync(Page, Settings with { BrowserPath = "/no/such/browser" }))!;
        var byPath = Assert.Throws<PrintException>(() => BrowserLocator.Find(Settings, "/no/such/folder"))!;

        Assert.That(new[] { bySetting.Failure, byPath.Failure }, Has.All.EqualTo(PrintFailure.BrowserMissing));
        Assert.That(bySetting.Message, Does.Contain("'/no/such/browser'").And.Contain("chromium-headless-shell"));
        Assert.That(byPath.Message, Does.Contain("chromium-headless-shell").And.Not.Contain("\n"));
    }

    [Test]
    public void Browser_EndsAtOnce_GivesAllItSaid()
    {
        using var folder = new TempFolder();
        var file = folder.Write("browser", "#!/bin/sh\necho 'first line' >&2\necho 'the reason' >&2\nexit 1\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(folder.FullName, File.GetUnixFileMode(folder.FullName) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var clock = Stopwatch.StartNew();

        var error = Assert.ThrowsAsync<PrintException>(() => PrintAsync(Page, Settings with { BrowserPath = file }))!;

        Assert.That(error.Failure, Is.EqualTo(PrintFailure.BrowserDidNotStart));
        Assert.That(error.Message, Does.Contain("first line").And.Contain("the reason"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void Folder_ThatCannotBeMade_IsAStartFailure()
    {
        using var folder = new TempFolder();
        var settings = Settings with { TemporaryFolder = folder.FullName };
        File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var error = Assert.ThrowsAsync<PrintException>(() => PrintAsync(Page, settings))!;

        Assert.That(error.Failure, Is.EqualTo(PrintFailure.BrowserDidNotStart));
        Assert.That(error.Message, Does.Contain("ermission denied"));
    }

    [Test]
    public void User_UnknownOrRoot_IsRefused()
    {
        string[] passwd = ["root:x:0:0:::/bin/sh", "printer:x:77:78::/:/bin/false"];

        Assert.That(BrowserCommand.UserOf("printer", passwd), Is.EqualTo((77, 78)));
        Assert.That(() => BrowserCommand.UserOf("root", passwd),
            Throws.InstanceOf<PrintException>().With.Message.Contains("without rights"));
        Assert.That(() => BrowserCommand.UserOf("other", passwd), Throws.InstanceOf<PrintException>().With.Message.Contains("'other'"));
    }

    [Test]
    public async Task Browser_Running_HasNoRightsNoPortAndASandbox()
    {
        var (user, words) = ("", "");
        await PrintAsync(Page, Settings, async (stage, browser, _, _, token) =>
        {
            if (stage == PrintStage.Started)
            {
                var status = await File.ReadAllLinesAsync($"/proc/{browser.ProcessId}/status", token);
                user = status.Single(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
                words = (await File.ReadAllTextAsync($"/proc/{browser.ProcessId}/cmdline", token)).Replace('\0', ' ');
            }
        });

        Assert.That(user, Is.Not.EqualTo("0").And.Not.Empty);
        Assert.That(words, Does.Contain("--remote-debugging-pipe").And.Not.Contain("--no-sandbox").And.Not.Contain("debugging-port"));
    }

    [Test]
    public async Task Sandbox_TurnedOffBySetting_Prints()
    {
        var printed = await PrintAsync(Page, Settings with { IsSandboxed = false });

        Assert.That(printed.PageCount, Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Browser_Killed_IsAnErrorAtOnce(bool isWrapper)
    {
        var clock = new Stopwatch();

        var error = Assert.ThrowsAsync<PrintException>(() => PrintAsync(Page, Settings, (stage, browser, _, _, _) =>
        {
            if (stage == PrintStage.Loaded)
            {
                // Debian starts headless-shell from a script that waits for it.
                using var process = Process.GetProcessById(isWrapper ? browser.ProcessId : FirstChildOf(browser.ProcessId));
                clock.Start();
                process.Kill();
            }

            return Task.CompletedTask;
        }))!;

        Assert.That(error.Failure, Is.EqualTo(PrintFailure.BrowserEnded));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task Renderer_CrashesOnce_IsPrintedByANewBrowser()
    {
        var browsers = new List<int>();

        var printed = await PrintAsync(Page, Settings, (stage, browser, page, attempt, _) =>
        {
            browsers.Add(browser.ProcessId);
            return stage == PrintStage.Loaded && attempt == 1 ? page!.SendAsync("Page.crash") : Task.CompletedTask;
        });

        Assert.That(printed.PageCount, Is.EqualTo(1));
        Assert.That(browsers.Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void Renderer_CrashesTwice_Fails()
    {
        var attempts = 0;

        var error = Assert.ThrowsAsync<PrintException>(() => PrintAsync(Page, Settings, (stage, _, page, attempt, _) =>
        {
            attempts = attempt;
            return stage == PrintStage.Loaded ? page!.SendAsync("Page.crash") : Task.CompletedTask;
        }))!;

        Assert.That(error.Failure, Is.EqualTo(PrintFailure.RendererCrashed));
        Assert.That(attempts, Is.EqualTo(2));
    }

    [Test]
    public void Time_RunsOut_EndsTheBrowser()
    {
        var id = 0;

        var error = Assert.ThrowsAsync<PrintException>(() => PrintAsync(
            Page,
            Settings with { Timeout = TimeSpan.FromSeconds(1.5) },
            (stage, browser, _, _, token) =>
            {
                id = browser.ProcessId;
                return stage == PrintStage.Loaded ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
            }))!;

        Assert.That(error.Failure, Is.EqualTo(PrintFailure.TimedOut));
        Assert.That(error.Message, Does.Contain("1.5 seconds"));
        Assert.That(Directory.Exists($"/proc/{id}"), Is.False, "the browser is gone");
    }

    [Test]
    public void Caller_Cancels_IsACancellation()
    {
        using var cancel = new CancellationTokenSource();

        Assert.That(
            () => new ReportPrinter(Settings, TimeProvider.System) { Hook = (_, _, _, _, _) => cancel.CancelAsync() }
                .PrintAsync(Page, Paper.A4, default, cancel.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("<img src=\"https://example.org/x.png\" alt=\"\">", "https://example.org/x.png")]
    [TestCase("<link rel=\"stylesheet\" href=\"other.css\">", "https://report.invalid/other.css")]
    [TestCase("<meta http-equiv=\"Content-Security-Policy\" content=\"style-src 'none'\"><p style=\"color: red\">x</p>",
        "Content Security Policy")]
    [TestCase("<script>throw new Error('broken chart')</script>", "broken chart")]
    [TestCase("<p>\u6f22\u5b57</p>", "U+6F22")]
    [TestCase("<p>plain text in a font of the machine</p>", "characters that the report's fonts do not have")]
    public void Page_NotClean_IsNotPrinted(string part, string named)
    {
        var error = Assert.ThrowsAsync<PrintException>(() =>
            PrintAsync(Page.Replace("<p></p>", part, StringComparison.Ordinal), Settings))!;

        Assert.That(error.Failure, Is.EqualTo(PrintFailure.PageNotClean));
        Assert.That(error.Message, Does.Contain(named));
    }

    [Test]
    public async Task Pipe_Closed_EndsTheBrowser()
    {
        // As when this program is killed: nobody asks the browser to end, its pipe just closes.
        var (browser, version) = await Browser.StartAsync(Settings, TimeProvider.System, CancellationToken.None);
        using var process = Process.GetProcessById(browser.ProcessId);
        await browser.Pipe.DisposeAsync();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await process.WaitForExitAsync(limit.Token);
        PrivateFolders.TryDelete(browser.Profile);

        Assert.That(version, Does.Contain("Chrome"));
        Assert.That(process.HasExited, Is.True);
    }

    [Test]
    public async Task Folders_AfterAPrint_AreGone_AndOldOnesAreSwept()
    {
        var mine = "";
        var old = Directory.CreateDirectory(PrivateFolders.NewName(Path.GetTempPath()));
        var recent = Directory.CreateDirectory(PrivateFolders.NewName(Path.GetTempPath()));
        old.LastWriteTimeUtc = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2);

        await PrintAsync(Page, Settings, (_, browser, _, _, _) =>
        {
            mine = browser.Profile;
            return Task.CompletedTask;
        });

        Assert.That(Directory.Exists(mine), Is.False);
        Assert.That(Directory.Exists(old.FullName), Is.False);
        Assert.That(Directory.Exists(recent.FullName), Is.True);
        recent.Delete();
    }

    [Test]
    public void Normalise_DatesAndNodes_KeepTheLength()
    {
        var pdf = "%PDF-1.4 /CreationDate (D:20261121061900+00'00') (node00000239) (node00000007) (node00000239) %%EOF"u8.ToArray();

        var normal = System.Text.Encoding.Latin1.GetString(PdfFile.Normalise(
            pdf, new DateTimeOffset(2026, 8, 14, 12, 0, 0, TimeSpan.FromHours(2))));

        Assert.That(
            normal, Is.EqualTo("%PDF-1.4 /CreationDate (D:20260814100000+00'00') (node00000001) (node00000002) (node00000001) %%EOF"));
        Assert.That(() => PdfFile.PageCount(pdf), Throws.InstanceOf<PrintException>());
    }

    [TestCase(7, 239, Description = "painted in the order of the document")]
    [TestCase(239, 7, Description = "painted the other way round")]
    public void Normalise_ElementsNumberedInAnyOrder_SameBytes(int heading, int cell)
    {
        var names = new[] { (Id: heading, Object: 12), (Id: cell, Object: 13) }.OrderBy(n => n.Id)
            .Select(n => $"(node{n.Id:00000000}) {n.Object} 0 R").ToArray();
        var pdf = $"/ID (node{heading:00000000}) /ID (node{cell:00000000}) /Headers [(node{heading:00000000})]\n"
            + $"<</Limits [(node00000007) (node00000239)]\n/Names [{string.Join(' ', names)}]>>";

        var normal = System.Text.Encoding.Latin1.GetString(PdfFile.Normalise(System.Text.Encoding.Latin1.GetBytes(pdf), DateTimeOffset.UnixEpoch));

        Assert.That(normal, Is.EqualTo("/ID (node00000001) /ID (node00000002) /Headers [(node00000001)]\n"
            + "<</Limits [(node00000001) (node00000002)]\n/Names [(node00000001) 12 0 R (node00000002) 13 0 R]>>"));
    }

    private static int FirstChildOf(int process) => int.Parse(
        File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
        CultureInfo.InvariantCulture);

    private static Task<PrintedReport> PrintAsync(
        string html, PrintSettings settings, Func<PrintStage, Browser, PrintPage?, int, CancellationToken, Task>? hook = null) =>
        new ReportPrinter(settings, TimeProvider.System) { Hook = hook }
            .PrintAsync(html, Paper.A4, new DateTimeOffset(2026, 8, 14, 0, 0, 0, TimeSpan.Zero), CancellationToken.None);
}
