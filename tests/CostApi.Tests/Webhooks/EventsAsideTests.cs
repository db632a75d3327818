using System.Text;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;
using CiCost.CostApi.Webhooks;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Jobs;
using CiCost.Policy.Sources;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Extensions.Logging.Abstractions;

namespace CiCost.CostApi.Tests.Webhooks;

/// <summary>One event that cannot be booked keeps no other one out of the books; somebody is told, and decides.</summary>
public sealed class EventsAsideTests
{
    private const string Bad = "{\"workflow_job\": {\"id\": \"none\"}}";
    private BookFixture _books = null!;
    private HookInbox _inbox = null!;

    [SetUp]
    public async Task Open()
    {
        _books = await BookFixture.OpenAsync();
        _inbox = new HookInbox(HookInbox.FolderOf(_books.Books.Path), _books.Time, NullLogger.Instance);
    }

    [TearDown]
    public void Close()
    {
        _inbox.Dispose();
        _books.Dispose();
    }

    [TestCase(Bad)]
    [TestCase("not json")]
    [TestCase("\ufeff{}")]
    public async Task BadEvent_IsSetAside_AndTheOthersAreBooked(string bad)
    {
        await ReceiveAsync(JobEvents.Completed(1), bad, JobEvents.Completed(2));
        await Hooks().RunAsync(CancellationToken.None);
        var aside = new EventsAside(_books.Books.Path).List();
        Assert.Multiple(() =>
        {
            Assert.That(JobIds(), Is.EqualTo(new[] { 1L, 2 }));
            Assert.That(aside, Has.Count.EqualTo(1));
            Assert.That(aside[0].Reason, Is.Not.Empty);
            Assert.That(aside[0].Day, Is.EqualTo(new DateOnly(2026, 5, 1)));
            Assert.That(Directory.GetFiles(HookInbox.FolderOf(_books.Books.Path)), Is.Empty);
            Assert.That(_books.FailingChecks(), Does.Contain("EventsAreBooked"));
        });
    }

    [Test]
    public async Task Event_ThatIsReleased_IsTriedAgain_AndThatIsDroppedIsGone()
    {
        await ReceiveAsync(Bad);
        await Hooks().RunAsync(CancellationToken.None);
        var aside = new EventsAside(_books.Books.Path);
        var id = aside.List().Single().Id;

        // What an update of the program would do: it can be read now.
        var path = Directory.GetFiles(Path.Combine(HookInbox.FolderOf(_books.Books.Path), "aside"), "*.event").Single();
        await File.WriteAllTextAsync(path, JobEvents.Completed(7).ReplaceLineEndings(" ") + "\n");
        aside.Release(id);
        await Hooks().RunAsync(CancellationToken.None);
        Assert.That((JobIds().Single(), aside.List().Count), Is.EqualTo((7L, 0)));

        await ReceiveAsync(Bad);
        await Hooks().RunAsync(CancellationToken.None);
        aside.Drop(aside.List().Single().Id);
        Assert.Multiple(() =>
        {
            Assert.That(aside.List(), Is.Empty);
            Assert.That(_books.FailingChecks(), Does.Not.Contain("EventsAreBooked"));
            Assert.That(() => aside.Release("../../../etc/pass"), Throws.TypeOf<BooksException>().With.Property("Code").EqualTo("event-unknown"));
        });
    }

    /// <summary>A crash between setting aside and replacing leaves the old piece: the next run does the same again.</summary>
    [Test]
    public async Task Crash_WhileSettingAside_IsRepeatedWithTheSameEnd()
    {
        await ReceiveAsync(JobEvents.Completed(1), Bad);
        var piece = (await _inbox.SealAsync(CancellationToken.None)).Single();
        var old = await File.ReadAllBytesAsync(piece.Path);
        await Hooks().RunAsync(CancellationToken.None);
        await File.WriteAllBytesAsync(piece.Path, old);
        await Hooks().RunAsync(CancellationToken.None);
        Assert.That((JobIds().Single(), new EventsAside(_books.Books.Path).List().Count), Is.EqualTo((1L, 1)));
    }

    private BookHooks Hooks() => new(_inbox, new EventsAside(_books.Books.Path),
        new BookDelivery(_books.Books, _books.Policies, LineFormats.All(), LineFormats.Jobs(), new BookDeliveryOptions()),
        new GitHubHookOptions(new SecretReference("env:UNREAD"), "github-jobs"));

    private async Task ReceiveAsync(params string[] events)
    {
        foreach (var text in events)
        {
            await _inbox.AppendAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);
        }
    }

    private long[] JobIds() => [.. new JobRunReader(_books.Books).Overlapping(BillingMonth.Parse("2026-05")).Select(r => r.JobId)];
}
