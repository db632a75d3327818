using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CiCost.Accounting.Backup;
using CiCost.Accounting.Tests.Checks;
using CiCost.Ledger;
using CiCost.Ledger.Audit;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Backup;

/// <summary>A restore writes where a backup may write and nowhere else, and removes what it made and nothing else. Kills: Cli.Tests.</summary>
public sealed class RestoreTests
{
    private TempFolder _folder = null!;
    private BookFixture _books = null!;

    [SetUp]
    public async Task BackUpBooks()
    {
        _folder = new TempFolder();
        _books = await SoundBooks.OpenAsync();
        _folder.Write(Path.Combine("policy", "accounts.yaml"), "accounts: []\n");
        await new BackUpBooks(_books.Books).RunAsync(
            new BackupRequest(_folder.File("backup"), _folder.File("policy"), null, "test"), CancellationToken.None);
        _folder.Write("victim/important.txt", "important");
        _folder.Write("victim/new.db2", "other books");
    }

    [TearDown]
    public void RemoveBooks()
    {
        _books.Dispose();
        _folder.Dispose();
    }

    [TestCase("books.db./../important.txt")]
    [TestCase("books.db.hooks/../important.txt")]
    [TestCase("books.db.hooks/github/../../important.txt")]
    [TestCase("books.db.hooks/./a.jsonl")]
    [TestCase("books.db.hooks/github\\..\\..\\important.txt")]
    [TestCase("books.db.hooks/1/2/3/4/5.jsonl")]
    [TestCase("books.db.objects/../important.txt")]
    [TestCase("books.db.objects/aa/important.gz")]
    [TestCase("books.db.lock")]
    [TestCase("books.db-wal")]
    [TestCase("books.db2")]
    [TestCase("/books.db")]
    [TestCase("../victim/important.txt")]
    [TestCase("policy/../../victim/important.yaml")]
    [TestCase("important.txt")]
    [TestCase("manifest.json")]
    [TestCase("sources.yaml\n")]
    [TestCase("")]
    public async Task HostileName_InAManifestWithTheRightHash_IsRefused_AndNothingIsTouched(string name)
    {
        foreach (var path in new[] { "important.txt", "books.db2", "books.db-wal", "books.db.lock" })
        {
            _folder.Write(Path.Combine("backup", path), "planted");
        }

        await AlterManifestAsync(files => files.Add(new JsonObject
        {
            ["path"] = name,
            ["bytes"] = 7,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData("planted"u8)),
        }));
        Assert.That(await RefusalAsync(), Is.EqualTo("backup-path"));
        Assert.That(Victim(), Is.EqualTo(new[] { "important.txt=important", "new.db2=other books" }));
    }

    [Test]
    public async Task NameThatStandsTwice_AndABackupWithoutBooks_AreRefused()
    {
        await AlterManifestAsync(files => files.Add(files[0]!.DeepClone()));
        Assert.That(await RefusalAsync(), Is.EqualTo("backup-incomplete"));
        await AlterManifestAsync(files => Remove(files, f => f == files.Last() || f!["path"]!.GetValue<string>() == "books.db"));
        Assert.That(await RefusalAsync(), Is.EqualTo("backup-incomplete"));
        Assert.That(Victim(), Is.EqualTo(new[] { "important.txt=important", "new.db2=other books" }));
    }

    [Test]
    public async Task LinkInPlaceOfAnObject_IsRefused_AlthoughItsBytesAreRight()
    {
        var stored = Directory.EnumerateFiles(_folder.File("backup", "books.db.objects"), "*.gz", SearchOption.AllDirectories).First();
        File.Move(stored, _folder.File("elsewhere"));
        File.CreateSymbolicLink(stored, _folder.File("elsewhere"));
        Assert.That(await RefusalAsync(), Is.EqualTo("backup-incomplete"));
        Assert.That(Victim(), Is.EqualTo(new[] { "important.txt=important", "new.db.lock=", "new.db2=other books" }));
    }

    [TestCase("new.db.objects/aa/kept.gz")]
    [TestCase("new.db.schedule.db")]
    [TestCase("new.db.restoring/kept.txt")]
    public async Task WhatLiesInTheWay_IsRefused_AndStaysAsItIs(string path)
    {
        _folder.Write(Path.Combine("victim", path), "kept");
        Assert.That(await RefusalAsync(), Is.EqualTo("restore-exists"));
        Assert.That(Victim(), Does.Contain($"{path}=kept"));
        Assert.That(File.Exists(_folder.File("victim", "new.db")), Is.False);
    }

    [Test]
    public async Task LinkNamedAsTheFolderOfARestore_IsRefused_AndWhatItLeadsToStays()
    {
        _folder.Write("elsewhere/cicost-restore", "");
        _folder.Write("elsewhere/kept.txt", "kept");
        Directory.CreateSymbolicLink(_folder.File("victim", "new.db.restoring"), _folder.File("elsewhere"));
        Assert.That(await RefusalAsync(), Is.EqualTo("restore-exists"));
        Assert.That(File.ReadAllText(_folder.File("elsewhere", "kept.txt")), Is.EqualTo("kept"));
    }

    [Test]
    public async Task DamagedObject_IsRefused_AndOnlyWhatTheRestoreMadeIsRemoved()
    {
        var stored = Directory.EnumerateFiles(_folder.File("backup", "books.db.objects"), "*.gz", SearchOption.AllDirectories).Last();
        await File.AppendAllTextAsync(stored, "x");
        Assert.That(await RefusalAsync(), Is.EqualTo("backup-incomplete"));
        Assert.That(Victim(), Is.EqualTo(new[] { "important.txt=important", "new.db.lock=", "new.db2=other books" }));
    }

    [Test]
    public async Task TwoAtOnce_OneRestores_TheOtherIsRefused_AndTheBooksAreWhole([Range(1, 5)] int attempt)
    {
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(OutcomeAsync)));
        using var books = await Books.OpenAsync(_folder.File("victim", "new.db"), TimeSpan.FromSeconds(5), _books.Time, CancellationToken.None);
        var checks = new Accounting.Checks.RunChecks(books, new Accounting.Policies.PolicyShelf(books)).Run(null);
        Assert.Multiple(() =>
        {
            Assert.That(both, Is.EquivalentTo(new[] { "restored", "restore-exists" }), $"attempt {attempt}");
            Assert.That(checks.SelectMany(c => c.Failures), Is.Empty);
            Assert.That(new BooksDigest(books).OfNow(), Is.EqualTo(new BooksDigest(_books.Books).OfNow()));
            Assert.That(Directory.Exists(_folder.File("victim", "new.db.restoring")), Is.False);
        });
    }

    private async Task<string> RefusalAsync()
    {
        var outcome = await OutcomeAsync();
        Assert.That(outcome, Is.Not.EqualTo("restored"));
        return outcome;
    }

    private async Task<string> OutcomeAsync()
    {
        try
        {
            await RestoreBooks.RunAsync(_folder.File("backup"), _folder.File("victim", "new.db"), TimeProvider.System, CancellationToken.None);
            return "restored";
        }
        catch (BooksException exception)
        {
            return exception.Code;
        }
    }

    /// <summary>Every file of the folder that is restored into, with its text.</summary>
    private string[] Victim() => [.. Directory.EnumerateFiles(_folder.File("victim"), "*", SearchOption.AllDirectories)
        .Select(f => $"{Path.GetRelativePath(_folder.File("victim"), f)}={File.ReadAllText(f)}").Order(StringComparer.Ordinal)];

    private async Task AlterManifestAsync(Action<JsonArray> alter)
    {
        var path = _folder.File("backup", "manifest.json");
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        alter(manifest["files"]!.AsArray());
        await File.WriteAllTextAsync(path, manifest.ToJsonString());
    }

    private static void Remove(JsonArray files, Func<JsonNode?, bool> which) => files.Where(which).ToList().ForEach(f => files.Remove(f));
}
