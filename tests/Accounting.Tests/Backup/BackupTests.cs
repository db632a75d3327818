using CiCost.Accounting.Backup;
using CiCost.Accounting.Tests.Checks;
using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.Ledger.BookVersions;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using static CiCost.TestKit.Bookkeeping.BillLine;

namespace CiCost.Accounting.Tests.Backup;

/// <summary>A backup of books in use says the same as the books, version by version, and one that is not whole is refused.</summary>
public sealed class BackupTests
{
    [Test]
    public async Task Restore_OfABackup_SaysTheSameInEveryVersion_AndHoldsTheSameChecks()
    {
        using var folder = new TempFolder();
        using var books = await SoundBooks.OpenAsync();
        var manifest = await BackUpAsync(books, folder);
        var before = new BooksDigest(books.Books).OfNow();
        var restored = await RestoreBooks.RunAsync(folder.File("backup"), folder.File("new", "books.db"), books.Time, CancellationToken.None);
        using var again = await Books.OpenAsync(restored.Path, TimeSpan.FromSeconds(5), books.Time, CancellationToken.None);
        var checks = new Accounting.Checks.RunChecks(again, new Accounting.Policies.PolicyShelf(again)).Run(null);
        Assert.Multiple(() =>
        {
            Assert.That(new BooksDigest(again).OfNow(), Is.EqualTo(before));
            Assert.That(manifest.Versions, Has.Count.EqualTo(6), "the policy and five deliveries");
            Assert.That(manifest.Versions.Select(v => v.Digest).Distinct().Count(), Is.EqualTo(6), "each version says something else");
            Assert.That(new BookVersionDirectory(again).List().Select(v => new BooksDigest(again).OfVersion(v)),
                Is.EqualTo(manifest.Versions.Select(v => v.Digest)));
            Assert.That(checks.SelectMany(c => c.Failures), Is.Empty);
            Assert.That(Directory.GetFiles(folder.File("backup", "policy"), "*.yaml", SearchOption.AllDirectories), Is.Not.Empty);
        });
    }

    [Test]
    public async Task Backup_WhileABookingIsOpen_HoldsTheVersionBefore()
    {
        using var folder = new TempFolder();
        using var books = await SoundBooks.OpenAsync();
        var before = new BooksDigest(books.Books).OfNow();
        using (var other = books.OpenRaw())
        {
            // Another process in the middle of a transaction: what it wrote is not committed.
            using var command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE; UPDATE delivery SET row_count = row_count + 1";
            command.ExecuteNonQuery();
            Assert.That((await BackUpAsync(books, folder)).Digest, Is.EqualTo(before));
            command.CommandText = "ROLLBACK";
            command.ExecuteNonQuery();
        }
    }

    [Test]
    public async Task Digest_OfTheSameContentInAnotherOrder_IsTheSame_AndOfANanoMoreIsNot()
    {
        using var first = await BookFixture.OpenAsync();
        using var second = await BookFixture.OpenAsync();
        using var third = await BookFixture.OpenAsync();
        await first.DeliverAsync("a", "2026-03", ALine().Costing("1"));
        await first.DeliverAsync("b", "2026-03", ALine().For("Disks").Costing("2"));
        await second.DeliverAsync("b", "2026-03", ALine().For("Disks").Costing("9"));
        await second.DeliverAsync("b", "2026-03", ALine().For("Disks").Costing("2"));
        await second.DeliverAsync("a", "2026-03", ALine().Costing("1"));
        await third.DeliverAsync("a", "2026-03", ALine().Costing("1"));
        await third.DeliverAsync("b", "2026-03", ALine().For("Disks").Costing("2.000000001"));
        Assert.Multiple(() =>
        {
            Assert.That(WithoutNames(second), Is.EqualTo(WithoutNames(first)), "order, a restatement in between");
            Assert.That(WithoutNames(third), Is.Not.EqualTo(WithoutNames(first)), "one nano");
        });

        // The fixture numbers its files; their names are evidence, and here they are made the same.
        static string WithoutNames(BookFixture books)
        {
            books.Execute("UPDATE delivery_object SET object_name = 'file'");
            return new BooksDigest(books.Books).OfNow();
        }
    }

    [TestCase("manifest.json", null, "backup-incomplete")]
    [TestCase("books.db", null, "backup-incomplete")]
    [TestCase("books.db", "x", "backup-incomplete")]
    [TestCase("policy/accounts.yaml", "x", "backup-incomplete")]
    public async Task Restore_OfADamagedBackup_IsRefused_AndLeavesNothing(string file, string? appended, string code)
    {
        using var folder = new TempFolder();
        using var books = await SoundBooks.OpenAsync();
        await BackUpAsync(books, folder);
        var path = folder.File(["backup", .. file.Split('/')]);
        if (appended is null)
        {
            System.IO.File.Delete(path);
        }
        else
        {
            await System.IO.File.AppendAllTextAsync(path, appended);
        }

        var refusal = Assert.ThrowsAsync<BooksException>(() =>
            RestoreBooks.RunAsync(folder.File("backup"), folder.File("new", "books.db"), books.Time, CancellationToken.None))!;
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Code, Is.EqualTo(code));
            Assert.That(System.IO.File.Exists(folder.File("new", "books.db")), Is.False);
        });
    }

    [Test]
    public async Task Restore_OverBooks_AndBackup_OverAFolder_AreRefused()
    {
        using var folder = new TempFolder();
        using var books = await SoundBooks.OpenAsync();
        await BackUpAsync(books, folder);
        Assert.Multiple(() =>
        {
            Assert.That(Assert.ThrowsAsync<BooksException>(() => BackUpAsync(books, folder))!.Code, Is.EqualTo("backup-exists"));
            Assert.That(Assert.ThrowsAsync<BooksException>(() => RestoreBooks.RunAsync(folder.File("backup"), books.Books.Path, books.Time,
                CancellationToken.None))!.Code, Is.EqualTo("restore-exists"));
        });
    }

    private static Task<BackupManifest> BackUpAsync(BookFixture books, TempFolder folder)
    {
        folder.Write(Path.Combine("policy", "accounts.yaml"), "accounts: []\n");
        return new BackUpBooks(books.Books).RunAsync(
            new BackupRequest(folder.File("backup"), folder.File("policy"), null, "test"), CancellationToken.None);
    }
}
