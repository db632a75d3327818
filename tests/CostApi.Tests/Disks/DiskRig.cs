using CiCost.Accounting.Attribution;
using CiCost.Accounting.Backup;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Checks;
using CiCost.Accounting.Jobs;
using CiCost.Accounting.Policies;
using CiCost.CostApi.Tests.Webhooks;
using CiCost.CostApi.Webhooks;
using CiCost.CostIngest.Formats;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.Domain.Checks;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.Jobs;
using CiCost.Ledger.Sources;
using CiCost.Policy.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Extensions.Logging.Abstractions;

namespace CiCost.CostApi.Tests.Disks;

/// <summary>Books in a folder that fails, and everything that writes there. One rig lives through the fault and the run after it.</summary>
internal sealed class DiskRig : IDisposable
{
    /// <summary>Everything that writes, by name.</summary>
    public static readonly string[] Works = ["ingest", "pull", "hooks", "attribute", "backup", "restore", "migrate"];

    private const int Rows = 400;
    private const int Events = 40;
    private const int OldSchema = 5;
    private static readonly BillingMonth Month = BillingMonth.Parse("2026-05");

    private readonly string _folder;
    private readonly string _work;
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 6, 10, 0, 0, 0, TimeSpan.Zero));
    private int _accepted;
    private Books? _books;
    private PolicyShelf? _policies;

    private DiskRig(string folder, string work) => (_folder, _work) = (folder, work);

    /// <summary>Makes what a work begins with.</summary>
    public static async Task PrepareAsync(string folder, string work)
    {
        Directory.CreateDirectory(folder);
        if (work == "migrate")
        {
            OldBooks.Make(Path.Combine(folder, "books.db"), OldSchema);
            return;
        }

        using var rig = await OpenAsync(folder, work);
        await new AttributeBooks(rig._books!, rig._policies!).RunAsync(PolicyText.Boring.Read(), CancellationToken.None);
        await rig.IngestAsync(1);
        switch (work)
        {
            case "pull":
                rig.Write("drop/2026-06/a.csv", BillLine.File(Lines(3, "2026-06")));
                rig.Write("drop/2026-05/b.csv", BillLine.File(Lines(4, "2026-05")));
                rig.Write("drop/2026-06/.done", "");
                rig.Write("drop/2026-05/.done", "");
                rig.Write("sources.yaml", $$"""
                    sources:
                      - key: dropped
                        connector: drop-folder
                        folder: {{Path.Combine(folder, "drop")}}
                        format: focus-csv
                        complete: marker
                    """);
                break;
            case "restore":
                await rig.BackUpAsync("backup");
                break;
            default:
                break;
        }
    }

    /// <summary>Opens the rig on what was prepared, or on a copy of it.</summary>
    public static async Task<DiskRig> OpenAsync(string folder, string work)
    {
        var rig = new DiskRig(folder, work);
        if (work != "migrate")
        {
            await rig.OpenBooksAsync();
        }

        return rig;
    }

    /// <summary>Who holds the books; null for nobody.</summary>
    public BooksWriter? Writer => _books?.Writer;

    private string BooksPath => Path.Combine(_folder, "books.db");

    /// <summary>Does the work once.</summary>
    /// <returns>The code of what failed and was told in the answer, or null.</returns>
    public async Task<string?> WorkAsync()
    {
        _time.Advance(TimeSpan.FromMinutes(10));
        switch (_work)
        {
            case "ingest":
                await IngestAsync(2);
                return null;
            case "pull":
                var pull = PullSources.Open(_books!, Path.Combine(_folder, "sources.yaml"), Booking());
                await pull.RegisterAsync(CancellationToken.None);
                var result = await pull.RunAsync("dropped", null, PullCause.Command, CancellationToken.None);
                Assert.That(result.Defects, Is.Empty);
                return result.ErrorCode;
            case "hooks":
                using (var inbox = new HookInbox(HookInbox.FolderOf(BooksPath), _time, NullLogger.Instance))
                {
                    while (_accepted < Events)
                    {
                        await inbox.AppendAsync(System.Text.Encoding.UTF8.GetBytes(JobEvents.Completed(_accepted + 1)), CancellationToken.None);
                        _accepted++;
                    }

                    await new BookHooks(inbox, new EventsAside(BooksPath), Booking(), new GitHubHookOptions(new SecretReference("env:UNREAD"), "github-jobs"))
                        .RunAsync(CancellationToken.None);
                }

                return null;
            case "attribute":
                await new AttributeBooks(_books!, _policies!).RunAsync(Changed(), CancellationToken.None);
                return null;
            case "backup":
                await BackUpAsync("backup");
                return null;
            case "restore":
                await RestoreBooks.RunAsync(Path.Combine(_folder, "backup"), Path.Combine(_folder, "restored.db"), _time, CancellationToken.None);
                return null;
            default:
                await OpenBooksAsync();
                return null;
        }
    }

    /// <summary>Says what a person does between a failed run and the next one; the process goes on.</summary>
    public void CleanUp()
    {
        // A backup that was interrupted is no backup, and the command says to give another folder.
        if (_work == "backup" && Directory.Exists(Path.Combine(_folder, "backup")))
        {
            Directory.Delete(Path.Combine(_folder, "backup"), recursive: true);
        }
    }

    /// <summary>What the books say: the newest version, its digest, and what does not hold.</summary>
    public async Task<string> StateAsync()
    {
        if (_work == "migrate" && _books is null)
        {
            return "closed";
        }

        var path = _work == "restore" ? Path.Combine(_folder, "restored.db") : BooksPath;
        if (!File.Exists(path))
        {
            return "none";
        }

        if (_work != "restore")
        {
            return StateOf(_books!, _policies!);
        }

        using var books = await Books.OpenAsync(path, TimeSpan.FromSeconds(60), _time, CancellationToken.None);
        return StateOf(books, new PolicyShelf(books));
    }

    /// <summary>Is it refused when it was done? A restore never replaces books.</summary>
    public bool IsDoneOnce => _work == "restore";

    /// <summary>Is this a whole state between the first and the last? Only a pull books more than once.</summary>
    public bool IsBetween(string state) => _work == "pull" && !state.Contains('\n', StringComparison.Ordinal);

    public void Dispose() => _books?.Dispose();

    private string StateOf(Books books, PolicyShelf policies)
    {
        if (policies.TryCurrent() is null)
        {
            return "empty";
        }

        // Events that come in two pieces are two deliveries with the same runs.
        var said = _work == "hooks" ? string.Join(' ', new JobRunReader(books).Overlapping(Month).Select(r => r.JobId)) : new BooksDigest(books).OfNow();
        var failing = new RunChecks(books, policies).Run(null).Where(o => o.State == CheckState.Fails)
            .Select(o => $"{o.Check}: {string.Join("; ", o.Failures.Select(f => f.ToString()))}").ToList();
        return said + string.Concat(failing.Select(f => "\n" + f));
    }

    private static IEnumerable<BillLine> Lines(int edition, string month) => Enumerable.Range(0, Rows).Select(i =>
        BillLine.ALine().On($"{month}-{(i % 28) + 1:00}").Costing($"{edition}.{i:0000}") with { Resource = $"machine-{edition}-{i}" });

    private static Policy.PolicySet Changed() => (PolicyText.Boring with
    {
        Rules = """
              - id: machines
                when: {ServiceName: Machines}
                then: {component: storage}
            """,
    }).Read();

    private async Task OpenBooksAsync()
    {
        _books?.Dispose();
        _books = null;
        _books = await Books.OpenAsync(BooksPath, TimeSpan.FromSeconds(60), _time, CancellationToken.None);
        _policies = new PolicyShelf(_books);
    }

    private BookDelivery Booking() => new(_books!, _policies!, LineFormats.All(), LineFormats.Jobs(), new BookDeliveryOptions());

    private async Task IngestAsync(int edition)
    {
        // The bill itself comes from elsewhere.
        using var elsewhere = new TempFolder();
        var bill = elsewhere.Write("bill.csv", BillLine.File(Lines(edition, "2026-05")));
        await Booking().RunAsync(new BookDeliveryRequest { SourceKey = "bill", Kind = "focus-csv", BillingMonth = Month, Files = [bill] }, null,
            CancellationToken.None);
    }

    private Task<BackupManifest> BackUpAsync(string name)
    {
        var policy = Directory.CreateDirectory(Path.Combine(_folder, "policy")).FullName;
        return new BackUpBooks(_books!).RunAsync(new BackupRequest(Path.Combine(_folder, name), policy, null, "test"), CancellationToken.None);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
