using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Kills;

/// <summary>
/// A restore that is killed with SIGKILL anywhere leaves the whole books or none, and is repeated by the same command: the books then say what
/// was backed up, and nothing of the restore is left. Two processes that restore at once are one that does and one that is refused.
/// </summary>
public sealed class RestoreKillTests
{
    private static readonly Dictionary<string, string> NoVariables = [];
    private TempFolder _base = null!;
    private string _digest = "";

    [OneTimeSetUp]
    public async Task BackUp()
    {
        _base = new TempFolder();
        var cicost = new Cicost(_base.FullName);
        var bill = Bill.Write(_base.File("bill.csv"), 62, 1);
        (await cicost.RunAsync("ingest", "--source", "aws", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path)).Expect(0);
        _digest = await cicost.DigestAsync();
        (await cicost.RunAsync("backup", "--to", _base.File("another"))).Expect(0);
    }

    [OneTimeTearDown]
    public void RemoveBase() => _base.Dispose();

    [TestCase("restore.copying:1", false)]
    [TestCase("restore.copying:2", false)]
    [TestCase("restore.before-proof", false)]
    [TestCase("restore.moving:1", false)]
    [TestCase("restore.moving:2", false)]
    [TestCase("restore.moved", true)]
    public async Task Restore_KilledAnywhere_HasBooksOrNone_AndIsRepeated(string place, bool hasBooks)
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        await KillAsync(cicost, place);
        Assert.That(File.Exists(cicost.Books), Is.EqualTo(hasBooks), "the database moves last");

        (await cicost.RunAsync(Restore("backup"))).Expect(0);
        var check = await cicost.RunAsync("check");
        var left = Directory.GetFileSystemEntries(folder.FullName).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Multiple(async () =>
        {
            Assert.That(check.ExitCode, Is.Zero, check.Output);
            Assert.That(left, Is.EqualTo(new[] { "books.db", "books.db.lock", "books.db.objects" }));
            Assert.That(await cicost.DigestAsync(), Is.EqualTo(_digest));
        });
    }

    [Test]
    public async Task Restore_OfAnotherBackup_AfterOneThatWasKilledWhileItMoved_IsRefused()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        await KillAsync(cicost, "restore.moving:2");
        var other = (await cicost.RunAsync([.. Restore("another"), "--json"])).Expect(3).Json();
        Assert.That(other.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("restore-exists"));
        (await cicost.RunAsync(Restore("backup"))).Expect(0);
    }

    [Test]
    public async Task Restore_RepeatedAfterTheBooksChanged_IsRefused_AndTheyStay()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        await KillAsync(cicost, "restore.moved");
        var bill = Bill.Write(folder.File("bill.csv"), 31, 2);
        (await cicost.RunAsync("ingest", "--source", "more", "--kind", "focus-csv", "--month", Bill.Month, "--file", bill.Path)).Expect(0);
        (await cicost.RunAsync(Restore("backup"))).Expect(3);
        (await cicost.RunAsync("check")).Expect(0);
        Assert.That((await cicost.JsonAsync("deliveries")).GetProperty("deliveries").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task TwoProcesses_OneRestores_TheOtherIsRefused()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        using var first = cicost.Start(NoVariables, Restore("backup"));
        using var second = cicost.Start(NoVariables, Restore("backup"));
        var ends = await Task.WhenAll(Cicost.EndAsync(first), Cicost.EndAsync(second));
        Assert.That(ends.Select(e => e.ExitCode), Is.EquivalentTo(new[] { 0, 3 }), string.Concat(ends.Select(e => e.Errors)));
        (await cicost.RunAsync("check")).Expect(0);
    }

    private string[] Restore(string backup) => ["restore", "--from", _base.File(backup)];

    private async Task KillAsync(Cicost cicost, string place) => (await cicost.RunProcessWithAsync(
        new Dictionary<string, string> { ["CICOST_FAILPOINT"] = place }, Restore("backup"))).Expect(RunResult.Killed);
}
