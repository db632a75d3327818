using System.Diagnostics;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Kills;

/// <summary>
/// A server that receives GitHub's events is killed with SIGKILL anywhere between the request and the end of the booking, and started
/// again. What was answered with 202 is never lost; what got no answer is sent again, as somebody does from GitHub's list, and counts
/// once; and the books then say exactly what those of a server that nothing happened to say.
/// </summary>
public sealed class HookKillTests
{
    private const string FirstDay = "2026-05-01";
    private const string SecondDay = "2026-05-02";

    /// <summary>Which of the sent events is on its way when the server dies.</summary>
    private const int Killed = 2;

    /// <summary>The first job ends before it is said to begin, and a second one comes between its events.</summary>
    private static readonly string[] Sent =
    [
        HookedBooks.EventsOf(1)[2],
        HookedBooks.EventsOf(2)[0],
        HookedBooks.EventsOf(1)[0],
        HookedBooks.EventsOf(2)[2],
        HookedBooks.EventsOf(3)[1],
    ];

    private HookedBooks _received = null!;
    private string _booked = "";
    private string _sentOnce = "";
    private string _sentTwice = "";
    private IReadOnlyList<string> _jobRuns = [];

    [OneTimeSetUp]
    public async Task BookUndisturbed()
    {
        (_sentOnce, _jobRuns) = await UndisturbedAsync(Sent);
        var (twice, jobRuns) = await UndisturbedAsync([.. Sent[..Killed], Sent[Killed], .. Sent[Killed..]]);
        Assert.That(jobRuns, Is.EqualTo(_jobRuns), "an event that comes twice counts once");
        _sentTwice = twice;

        // Two days wait: the older one was left by a server that went down before it booked.
        _received = new HookedBooks();
        await ReceiveAsync(_received, Sent[..3]);
        _received.NameDay(FirstDay);
        await ReceiveAsync(_received, Sent[3..]);
        _received.NameDay(SecondDay, except: FirstDay);
        using var undisturbed = _received.Copy();
        await undisturbed.BookAllAsync();
        _booked = await undisturbed.Cicost.DigestAsync();
        Assert.That(await undisturbed.JobRunsAsync(), Is.EqualTo(_jobRuns));
    }

    [OneTimeTearDown]
    public void RemoveBase() => _received.Dispose();

    [TestCase("hooks.received:3", 2)]
    [TestCase("hooks.written:3", 3)]
    [TestCase("hooks.kept:3", 3)]
    public async Task Receive_KilledAnywhere_LosesNothingThatWasAccepted_AndCountsTheRestOnce(string place, int kept)
    {
        using var books = new HookedBooks();
        await KillWhileReceivingAsync(books, place);
        var waiting = books.Waiting();
        await ReceiveAsync(books, Sent[Killed..]);
        books.NameDay(FirstDay);
        await books.BookAllAsync();
        var digest = await books.Cicost.DigestAsync();
        var jobRuns = await books.JobRunsAsync();
        Assert.Multiple(() =>
        {
            Assert.That(waiting, Has.Count.EqualTo(kept));
            Assert.That(digest, Is.EqualTo(kept > Killed ? _sentTwice : _sentOnce));
            Assert.That(jobRuns, Is.EqualTo(_jobRuns));
        });
    }

    [TestCase(1)]
    [TestCase(100)]
    public async Task Receive_CutOffByAPowerFailure_DropsWhatWasNotAccepted_AndConverges(int bytes)
    {
        using var books = new HookedBooks();
        await KillWhileReceivingAsync(books, "hooks.written:3");
        books.CutOff(bytes);
        string errors;
        await using (var again = books.Receive())
        {
            await HookedBooks.PostAllAsync(again, Sent[Killed..]);
            errors = await again.StopAsync(books.Folder);
        }

        books.NameDay(FirstDay);
        await books.BookAllAsync();
        var digest = await books.Cicost.DigestAsync();
        Assert.Multiple(() =>
        {
            Assert.That(errors, Does.Contain("cut off").And.Contain(".jsonl"));
            Assert.That(digest, Is.EqualTo(_sentOnce));
        });
    }

    [TestCase("hooks.before-seal:2")]
    [TestCase("hooks.sealed")]
    [TestCase("object.after-rename")]
    [TestCase("booking.begun")]
    [TestCase("booking.mid-rows")]
    [TestCase("booking.before-commit")]
    [TestCase("booking.after-commit")]
    [TestCase("hooks.booked")]
    [TestCase("hooks.removed")]
    [TestCase("hooks.booked:2")]
    public async Task Book_KilledAnywhere_IsRepeated_AndConverges(string place)
    {
        using var books = _received.Copy();
        await using (var server = books.Book(place))
        {
            await server.EndAsync(RunResult.Killed);
        }

        (await books.Cicost.RunAsync("check")).Expect(0);
        await books.BookAllAsync();
        Assert.That(await books.Cicost.DigestAsync(), Is.EqualTo(_booked));
    }

    [TestCase("hooks.sealed:1:stop")]
    [TestCase("booking.mid-rows:1:stop")]
    public async Task Book_StoppedAnywhere_EndsWell_AndConverges(string place)
    {
        using var books = _received.Copy();
        await using (var server = books.Book(place))
        {
            await server.EndAsync(0);
        }

        await books.BookAllAsync();
        Assert.That(await books.Cicost.DigestAsync(), Is.EqualTo(_booked));
    }

    [Test]
    public async Task Server_KilledAtRandomMoments_WhileItReceivesAndBooks_HasEveryJobRunOnce([Values(20260501)] int seed)
    {
        var events = Enumerable.Range(1, 30).SelectMany(HookedBooks.EventsOf).ToArray();
        var random = new Random(seed);
        random.Shuffle(events);
        using var undisturbed = new HookedBooks();
        await ReceiveAsync(undisturbed, events);
        await undisturbed.BookAllAsync();

        using var books = new HookedBooks();
        var left = new Queue<string>(events);
        var (kills, unanswered) = (0, 0);
        for (; kills < Counts.Of(8); kills++)
        {
            await using var server = books.Book();
            var client = await server.ClientAsync();
            var life = Stopwatch.StartNew();
            var moment = TimeSpan.FromMilliseconds(random.Next(100, 2500));
            for (var sent = 0; sent < 9; sent++)
            {
                Assert.That(await HookedBooks.PostAsync(client, left.Dequeue()), Is.True);
            }

            // One more is on its way when the server dies, with or without its answer.
            await server.UntilAsync("the moment", () => Task.FromResult(life.Elapsed >= moment));
            var last = HookedBooks.PostAsync(client, left.Peek());
            Thread.SpinWait(random.Next(100_000));
            server.Kill();
            if (await last)
            {
                left.Dequeue();
            }
            else
            {
                unanswered++;
            }

            await server.EndAsync(RunResult.Killed);
        }

        await ReceiveAsync(books, left);
        await books.BookAllAsync();
        (await books.Cicost.RunAsync("check")).Expect(0);
        var jobRuns = await books.JobRunsAsync();
        var expected = await undisturbed.JobRunsAsync();
        TestContext.Out.WriteLine($"{kills} kills, {unanswered} events without an answer, {left.Count} after the last kill");
        Assert.That(expected, Has.Count.EqualTo(30));
        Assert.That(jobRuns, Is.EqualTo(expected));
    }

    private static async Task KillWhileReceivingAsync(HookedBooks books, string place)
    {
        await using var server = books.Receive(place);
        await HookedBooks.PostAllAsync(server, Sent[..Killed]);
        Assert.That(await HookedBooks.PostAsync(await server.ClientAsync(), Sent[Killed]), Is.False, "answered before it died");
        await server.EndAsync(RunResult.Killed);
    }

    private static async Task ReceiveAsync(HookedBooks books, IEnumerable<string> events)
    {
        await using var server = books.Receive();
        await HookedBooks.PostAllAsync(server, events);
        await server.StopAsync(books.Folder);
    }

    private static async Task<(string Digest, IReadOnlyList<string> JobRuns)> UndisturbedAsync(IReadOnlyList<string> events)
    {
        using var books = new HookedBooks();
        await ReceiveAsync(books, events);
        books.NameDay(FirstDay);
        await books.BookAllAsync();
        return (await books.Cicost.DigestAsync(), await books.JobRunsAsync());
    }
}
