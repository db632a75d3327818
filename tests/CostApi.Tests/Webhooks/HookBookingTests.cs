using System.Globalization;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;
using CiCost.CostApi.Tests.Scheduling;
using CiCost.CostApi.Webhooks;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Deliveries;
using CiCost.Ledger.Jobs;
using CiCost.Policy.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Extensions.Logging;

namespace CiCost.CostApi.Tests.Webhooks;

/// <summary>From the day file into the books: nothing twice, nothing lost, whenever the program dies.</summary>
public sealed class HookBookingTests
{
    private readonly List<string> _log = [];
    private BookFixture _books = null!;
    private HookInbox _inbox = null!;

    [SetUp]
    public async Task Open()
    {
        _log.Clear();
        _books = await BookFixture.OpenAsync();
        _inbox = Inbox();
    }

    [TearDown]
    public void Close()
    {
        _inbox.Dispose();
        _books.Dispose();
    }

    [Test]
    public async Task Run_BooksWhatCameAndRemovesIt()
    {
        await AppendAsync(JobEvents.Queued(1), JobEvents.Completed(1), JobEvents.Completed(2));
        await BookAsync();
        var booked = Deliveries();
        await AppendAsync(JobEvents.Completed(3));
        await BookAsync();
        await BookAsync();
        Assert.Multiple(() =>
        {
            Assert.That(booked.Select(d => (d.SourceKey, d.Kind, d.RowCount)), Is.EqualTo(new[] { ("github-jobs", BookHooks.Kind, 3L) }));
            Assert.That(booked[0].Part, Does.StartWith("2026-05-01."));
            Assert.That(JobIds(), Is.EqualTo(new[] { 1L, 2, 3 }));
            Assert.That(Deliveries(), Has.Count.EqualTo(2));
            Assert.That(Directory.GetFiles(Folder), Is.Empty);
        });
    }

    [Test]
    public async Task Run_OfTheSameDeliveredTwice_GivesTheSameRows()
    {
        await AppendAsync(JobEvents.Completed(1), JobEvents.Completed(1));
        await BookAsync();
        await AppendAsync(JobEvents.Completed(1), JobEvents.Queued(1));
        await BookAsync();
        Assert.That(JobIds(), Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public async Task Kill_WhileALineIsWritten_DropsThatLineAndNamesIt()
    {
        await AppendAsync(JobEvents.Completed(1), JobEvents.Completed(2));
        Kill();
        var half = JobEvents.Completed(3).ReplaceLineEndings(" ")[..200];
        await File.AppendAllTextAsync(DayFile, half);
        _inbox = Inbox();
        await AppendAsync(JobEvents.Completed(4));
        await BookAsync();
        Assert.Multiple(() =>
        {
            Assert.That(JobIds(), Is.EqualTo(new[] { 1L, 2, 4 }));
            Assert.That(_log, Has.Exactly(1).Contains("2026-05-01.jsonl").And.Contains("200 bytes"));
        });
    }

    [Test]
    public async Task Kill_ThatLeavesZerosAtTheEnd_DropsThem([Values(1, 700, 9_000_000)] int zeros)
    {
        await AppendAsync(JobEvents.Completed(1));
        Kill();
        await File.AppendAllTextAsync(DayFile, new string('\0', zeros) + "\n");
        _inbox = Inbox();
        await BookAsync();
        Assert.Multiple(() =>
        {
            Assert.That(JobIds(), Is.EqualTo(new[] { 1L }));
            Assert.That(_log, Has.Exactly(1).Contains("dropped"));
        });
    }

    [Test]
    public async Task Kill_BeforeAnythingWasWhole_LeavesNothing()
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(DayFile, "{\"workflow_job\": {\"id\"");
        await BookAsync();
        Assert.That((Deliveries().Count, Directory.GetFiles(Folder).Length), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Kill_AfterThePieceIsClosed_BooksItNextTime()
    {
        await AppendAsync(JobEvents.Completed(1));
        await _inbox.SealAsync(CancellationToken.None);
        Kill();
        _inbox = Inbox();
        await AppendAsync(JobEvents.Completed(2));
        await BookAsync();
        Assert.That((JobIds(), Deliveries().Count), Is.EqualTo((new[] { 1L, 2 }, 2)).Using<(long[], int), (long[], int)>(Same));
    }

    [Test]
    public async Task Kill_AfterTheBookingBeforeTheRemoval_BooksNothingTwice()
    {
        await AppendAsync(JobEvents.Completed(1));
        var piece = (await _inbox.SealAsync(CancellationToken.None)).Single();
        var left = await File.ReadAllBytesAsync(piece.Path);
        await BookAsync();
        Kill();
        await File.WriteAllBytesAsync(piece.Path, left);
        _inbox = Inbox();
        await BookAsync();
        Assert.Multiple(() =>
        {
            Assert.That(JobIds(), Is.EqualTo(new[] { 1L }));
            Assert.That(Deliveries(), Has.Count.EqualTo(1));
            Assert.That(Directory.GetFiles(Folder), Is.Empty);
        });
    }

    [Test]
    public async Task Append_ToAFullPiece_BeginsAnother()
    {
        _inbox.Dispose();
        _inbox = new HookInbox(Folder, _books.Time, new Lines(_log)) { MaxPieceBytes = JobEvents.Completed(1).Length * 2 };
        await AppendAsync([.. Enumerable.Range(1, 5).Select(id => JobEvents.Completed(id))]);
        var files = Directory.GetFiles(Folder).Select(Path.GetExtension);
        await BookAsync();
        Assert.Multiple(() =>
        {
            Assert.That(files, Is.EquivalentTo(new[] { ".piece", ".piece", ".jsonl" }));
            Assert.That(JobIds(), Is.EqualTo(new[] { 1L, 2, 3, 4, 5 }));
            Assert.That(Deliveries(), Has.Count.EqualTo(3));
        });
    }

    [Test]
    public async Task Append_WhenNothingIsBookedForLong_IsRefusedAndKeepsWhatIsThere()
    {
        _inbox.Dispose();
        _inbox = new HookInbox(Folder, _books.Time, new Lines(_log)) { MaxPieceBytes = 1, MaxFiles = 2 };
        await AppendAsync(JobEvents.Completed(1), JobEvents.Completed(2));
        Assert.That(() => AppendAsync(JobEvents.Completed(3)),
            Throws.TypeOf<BooksException>().With.Property(nameof(BooksException.Code)).EqualTo("hook-not-kept"));
        await BookAsync();
        await AppendAsync(JobEvents.Completed(4));
        await BookAsync();
        Assert.That(JobIds(), Is.EqualTo(new[] { 1L, 2, 4 }));
    }

    [Test]
    public async Task Run_OverMidnight_GivesEachDayItsOwn()
    {
        _books.Time.Advance(new DateTimeOffset(2026, 5, 31, 23, 59, 0, TimeSpan.Zero) - _books.Time.GetUtcNow());
        await AppendAsync(JobEvents.Completed(1));
        _books.Time.Advance(TimeSpan.FromMinutes(2));
        await AppendAsync(JobEvents.Completed(2));
        await BookAsync();
        Assert.That(Deliveries().Select(d => (d.BillingMonth.ToString(), d.Part[..10])),
            Is.EqualTo(new[] { ("2026-05", "2026-05-31"), ("2026-06", "2026-06-01") }));
    }

    [Test]
    public async Task Schedule_BooksSoonAfterItsStart_WhatWaitedForIt()
    {
        using var folder = new TempFolder();
        await AppendAsync(JobEvents.Completed(1));
        var task = Hooks();
        await using var timed = await TimedSchedule.OpenAsync(folder, new FakePulls(_books.Time), _books.Time, true, task);
        await timed.AdvanceAsync(task.Pause / 10);
        Assert.That(JobIds(), Is.EqualTo(new[] { 1L }), "a server that is started more often than it books would never book");
    }

    [Test]
    public async Task Schedule_BooksEveryFewMinutes()
    {
        using var folder = new TempFolder();
        var task = Hooks();
        await using var timed = await TimedSchedule.OpenAsync(folder, new FakePulls(_books.Time), _books.Time, true, task);
        await AppendAsync(JobEvents.Completed(1));
        await timed.AdvanceAsync(task.Pause);
        var first = JobIds();
        await AppendAsync(JobEvents.Completed(2));
        await timed.AdvanceAsync(task.Pause);
        Assert.That((first, JobIds()), Is.EqualTo((new[] { 1L }, new[] { 1L, 2 })).Using<(long[], long[]), (long[], long[])>(
            (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2)));
    }

    private string Folder => HookInbox.FolderOf(_books.Books.Path);

    private string DayFile => Path.Combine(Folder,
        _books.Time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ".jsonl");

    private HookInbox Inbox() => new(Folder, _books.Time, new Lines(_log));

    /// <summary>What a killed process leaves: its file is closed by the system, and nothing else happens.</summary>
    private void Kill() => _inbox.Dispose();

    private async Task AppendAsync(params string[] events)
    {
        foreach (var text in events)
        {
            await _inbox.AppendAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);
        }
    }

    private BookHooks Hooks() => new(_inbox, new EventsAside(_books.Books.Path),
        new BookDelivery(_books.Books, _books.Policies, LineFormats.All(), LineFormats.Jobs(), new BookDeliveryOptions()),
        new GitHubHookOptions(new SecretReference("env:UNREAD"), "github-jobs"));

    private Task BookAsync() => Hooks().RunAsync(CancellationToken.None);

    private IReadOnlyList<Delivery> Deliveries() => new DeliveryDirectory(_books.Books).List();

    private long[] JobIds() => [.. new JobRunReader(_books.Books).Overlapping(BillingMonth.Parse("2026-05")).Select(r => r.JobId)];

    private static bool Same((long[] Ids, int Count) a, (long[] Ids, int Count) b) => a.Ids.SequenceEqual(b.Ids) && a.Count == b.Count;

    private sealed class Lines(List<string> log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => log.Add(formatter(state, exception));
    }
}
