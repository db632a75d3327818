using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CiCost.CostIngest.Sources;
using CiCost.Ledger.Sources;

namespace CiCost.CostIngest.Tests.Sources.DropFolder;

public sealed class DropFolderTests
{
    private SourceRig _rig = null!;
    private string _folder = "";

    [SetUp]
    public void Begin()
    {
        _rig = new SourceRig();
        _folder = _rig.Folder.File("drop");
        Directory.CreateDirectory(Path.Combine(_folder, "2026-07"));
    }

    [TearDown]
    public void End() => _rig.Dispose();

    [Test]
    public async Task Find_FilesThatStayAsTheyAre_AreOfferedAfterTheSettleTime()
    {
        Put("b.csv", "2");
        Put("a.csv", "1");
        var setup = Setup();

        Assert.That(await SourceRig.FindAsync(setup), Is.Empty, "seen for the first time");
        _rig.Time.Advance(TimeSpan.FromMinutes(14));
        Assert.That(await SourceRig.FindAsync(setup), Is.Empty, "not long enough");
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        var offer = (await SourceRig.FindAsync(setup)).Single();
        var delivery = await _rig.FetchAsync(setup, offer);

        Assert.That(offer.Part, Is.EqualTo("*"));
        Assert.That(delivery.Files.Select(File.ReadAllText), Is.EqualTo(["1", "2"]));
    }

    [Test]
    public async Task Find_OneFileStillGrows_WaitsForAll()
    {
        Put("a.csv", "1");
        Put("b.csv", "2");
        var setup = Setup();
        await SourceRig.FindAsync(setup);
        _rig.Time.Advance(TimeSpan.FromMinutes(20));
        Put("b.csv", "2 and more");

        Assert.That(await SourceRig.FindAsync(setup), Is.Empty);
        _rig.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.That(await SourceRig.FindAsync(setup), Has.Count.EqualTo(1));
    }

    [TestCase("x.csv.part")]
    [TestCase("x.tmp")]
    [TestCase("X.PARTIAL")]
    public async Task Find_FileStillComing_WaitsForIt(string name)
    {
        Put("a.csv", "1");
        Put(name, "");

        Assert.That(await SettledAsync(Setup()), Is.Empty);
    }

    [Test]
    public async Task Find_StateLost_WaitsOnceMore()
    {
        Put("a.csv", "1");
        var setup = Setup();
        Assert.That(await SettledAsync(setup), Has.Count.EqualTo(1));
        File.WriteAllText(Path.Combine(_rig.State, "seen.json"), "{\"");

        Assert.That(await SourceRig.FindAsync(setup), Is.Empty);
        _rig.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.That(await SourceRig.FindAsync(setup), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Find_Marker_CountsWhenItIsNotOlderThanTheFiles()
    {
        Put("a.csv", "1", minute: 1);
        var setup = Setup("complete: marker");
        Assert.That(await SourceRig.FindAsync(setup), Is.Empty);
        Put(".done", "", minute: 2);
        Assert.That(await SourceRig.FindAsync(setup), Has.Count.EqualTo(1));
        Put("a.csv", "restated", minute: 3);
        Assert.That(await SourceRig.FindAsync(setup), Is.Empty, "the marker is older than the file");
    }

    [Test]
    public async Task Find_Append_OffersEachFileByItself()
    {
        Put("a.csv", "1", minute: 1);
        Put("a.csv.done", "", minute: 1);
        Put("b.csv", "2", minute: 1);
        var setup = Setup("mode: append", "complete: marker");

        Assert.That((await SourceRig.FindAsync(setup)).Select(o => o.Part), Is.EqualTo(["a.csv"]));
        Assert.That(setup.Mode, Is.EqualTo(SourceMode.Append));
    }

    [Test]
    public async Task Version_FileComesGoesOrChanges_IsAnother()
    {
        Put("a.csv", "1");
        var setup = Setup();
        var one = (await SettledAsync(setup)).Single().Version;
        Put("b.csv", "2");
        var two = (await SettledAsync(setup)).Single().Version;
        File.Delete(Path.Combine(_folder, "2026-07", "b.csv"));
        var back = (await SettledAsync(setup)).Single().Version;
        File.Move(Path.Combine(_folder, "2026-07", "a.csv"), Path.Combine(_folder, "2026-07", "c.csv"));
        var renamed = (await SettledAsync(setup)).Single().Version;

        Assert.That((one == two, one == back, one == renamed), Is.EqualTo((false, true, false)));
    }

    [Test]
    public async Task Fetch_FileChangedSince_SaysThatTheOfferChanged()
    {
        Put("a.csv", "1");
        var setup = Setup();
        var offer = (await SettledAsync(setup)).Single();
        Put("a.csv", "2");

        Assert.That(Refusal(setup, offer).Code, Is.EqualTo("offer-changed"));
    }

    [Test]
    public async Task Fetch_FileGone_SaysThatTheOfferChanged()
    {
        Put("a.csv", "1");
        var setup = Setup();
        var offer = (await SettledAsync(setup)).Single();
        File.Delete(Path.Combine(_folder, "2026-07", "a.csv"));

        Assert.That(Refusal(setup, offer).Code, Is.EqualTo("offer-changed"));
    }

    [Test]
    public async Task Fetch_TruncatedGzip_IsRefused()
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(RandomNumberGenerator.GetBytes(5_000));
        }

        await File.WriteAllBytesAsync(Path.Combine(_folder, "2026-07", "a.csv.gz"), memory.ToArray()[..2_500]);
        var setup = Setup();

        Assert.That(Refusal(setup, (await SettledAsync(setup)).Single()).Code, Is.EqualTo("gzip-damaged"));
    }

    [Test]
    public async Task Sums_Right_AreVerified()
    {
        Put("a.csv", "1");
        Put("b.csv", "2");
        Put("SHA256SUMS", $"{Hash("1")}  a.csv\n{Hash("2")} *./b.csv\n");
        var setup = Setup("checksums: required");

        var delivery = await _rig.FetchAsync(setup, (await SettledAsync(setup)).Single());

        Assert.That(delivery.Files, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Sums_RequiredAndNotThere_AreWaitedFor()
    {
        Put("a.csv", "1");

        Assert.That(await SettledAsync(Setup("checksums: required")), Is.Empty);
    }

    private static readonly (string Name, Func<string> Sums, string Code, string Words)[] WrongSums =
    [
        ("another hash", () => $"{Hash("x")}  a.csv\n{Hash("2")}  b.csv\n", "checksum-differs", "a.csv has another hash"),
        ("a file not listed", () => $"{Hash("1")}  a.csv\n", "checksum-differs", "b.csv is not listed"),
        ("a file not there", () => $"{Hash("1")}  a.csv\n{Hash("2")}  b.csv\n{Hash("3")}  c.csv\n", "checksum-differs", "c.csv is listed"),
        ("no hash", () => "12345  a.csv\n", "checksums-unreadable", "line 1"),
        ("a path that leads out", () => $"{Hash("1")}  ../../a.csv\n", "checksums-unreadable", "line 1"),
        ("a file twice", () => $"{Hash("1")}  a.csv\n{Hash("1")}  a.csv\n", "checksums-unreadable", "line 2"),
    ];

    [Test]
    public async Task Sums_Wrong_RefuseTheMonth([Range(0, 5)] int index)
    {
        var (_, sums, code, words) = WrongSums[index];
        Put("a.csv", "1");
        Put("b.csv", "2");
        Put("SHA256SUMS", sums());
        var setup = Setup();

        var refusal = Refusal(setup, (await SettledAsync(setup)).Single());

        Assert.That(refusal.Code, Is.EqualTo(code));
        Assert.That(refusal.Message, Does.Contain(words));
    }

    [Test]
    public async Task Link_ToAFileOutside_IsRefusedAndOtherMonthsAreNot()
    {
        var outside = _rig.Folder.Write("outside.csv", "secret");
        Put("a.csv", "1");
        File.CreateSymbolicLink(Path.Combine(_folder, "2026-07", "b.csv"), outside);
        Directory.CreateDirectory(Path.Combine(_folder, "2026-06"));
        File.WriteAllText(Path.Combine(_folder, "2026-06", "a.csv"), "1");
        var setup = Setup();

        var offers = await SettledAsync(setup, "2026-06..2026-07");

        Assert.That((await _rig.FetchAsync(setup, offers[0])).Files, Has.Count.EqualTo(1));
        Assert.That(Refusal(setup, offers[1]).Code, Is.EqualTo("link-in-folder"));
    }

    [Test]
    public async Task Link_PutInTheFilesPlaceSinceItWasFound_IsRefused()
    {
        Put("a.csv", "1");
        var setup = Setup();
        var offer = (await SettledAsync(setup)).Single();
        var outside = _rig.Folder.Write("outside.csv", "1");
        File.Delete(Path.Combine(_folder, "2026-07", "a.csv"));
        File.CreateSymbolicLink(Path.Combine(_folder, "2026-07", "a.csv"), outside);

        Assert.That(Refusal(setup, offer).Code, Is.EqualTo("link-in-folder"));
    }

    [Test]
    public async Task Link_InsteadOfAMonth_IsRefused()
    {
        Directory.CreateDirectory(_rig.Folder.File("elsewhere"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "2026-06"), _rig.Folder.File("elsewhere"));
        var setup = Setup();

        Assert.That(Refusal(setup, (await SourceRig.FindAsync(setup, "2026-06")).Single()).Code, Is.EqualTo("link-in-folder"));
    }

    [Test]
    public async Task Folder_InAMonth_IsRefusedRatherThanPassedOver()
    {
        Put("a.csv", "1");
        Directory.CreateDirectory(Path.Combine(_folder, "2026-07", "more"));
        var setup = Setup();

        Assert.That(Refusal(setup, (await SourceRig.FindAsync(setup)).Single()).Code, Is.EqualTo("folder-in-month"));
    }

    [TestCase("20260701-20260731/guid/part_0_0001.csv.gz")]
    [TestCase("2026-7/a.csv")]
    [TestCase("a.csv")]
    public async Task Files_BesideTheFoldersOfMonths_AreRefusedRatherThanPassedOver(string path)
    {
        Put("b.csv", "1");
        _rig.Folder.Write($"drop/{path}", "1");
        var setup = Setup();
        var stray = (await SourceRig.FindAsync(setup)).Single();
        _rig.Time.Advance(TimeSpan.FromMinutes(16));
        var offers = await SourceRig.FindAsync(setup);

        var refusal = Refusal(setup, stray);
        Assert.That(refusal.Code, Is.EqualTo("folder-no-month"));
        Assert.That(refusal.Message, Does.StartWith(Path.Combine(_folder, path.Split('/')[0])).And.Contain("YYYY-MM, such as "));
        Assert.That(offers, Has.Count.EqualTo(2), "the month is taken all the same");
    }

    [TestCase(".old/a.csv")]
    [TestCase("lost+found/a.csv")]
    [TestCase("README.md")]
    public async Task Files_BesideTheFoldersOfMonthsThatAreNobodysData_AreLeftAlone(string path)
    {
        _rig.Folder.Write($"drop/{path}", "1");

        Assert.That(await SourceRig.FindAsync(Setup()), Is.Empty);
    }

    [Test]
    public void Folder_NotThere_IsSaid()
    {
        Directory.Delete(_folder, recursive: true);

        Assert.That(Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(Setup()))!.Code, Is.EqualTo("folder-missing"));
    }

    [Test]
    public async Task Take_Anything_WritesNothingIntoTheFolder()
    {
        Put("a.csv", "1", minute: 1);
        Put("SHA256SUMS", $"{Hash("1")}  a.csv\n", minute: 1);
        var before = Picture();
        var setup = Setup();

        await _rig.FetchAsync(setup, (await SettledAsync(setup)).Single());

        Assert.That(Picture(), Is.EqualTo(before));
    }

    [Test]
    public async Task Mapping_GoesBeforeTheDataAndIsPartOfTheVersion()
    {
        var mapping = _rig.Folder.Write("conf/neocloud.yaml", "format: mapped-csv/1");
        Put("a.csv", "1");
        var setup = Setup($"mapping: {mapping}");
        var offer = (await SettledAsync(setup)).Single();
        var delivery = await _rig.FetchAsync(setup, offer);
        File.WriteAllText(mapping, "format: mapped-csv/1\nname: other");
        var changed = (await SourceRig.FindAsync(setup)).Single();

        Assert.That(delivery.Files.Select(Path.GetFileName), Is.EqualTo(["neocloud.yaml", "a.csv"]));
        Assert.That(changed.Version, Is.Not.EqualTo(offer.Version));
    }

    [Test]
    public void Mapping_NotThere_IsSaid()
    {
        Put("a.csv", "1");

        Assert.That(Assert.ThrowsAsync<SourceException>(() => SourceRig.FindAsync(Setup("mapping: /no/such/file.yaml")))!.Code,
            Is.EqualTo("mapping-not-there"));
    }

    [Test]
    public void Settings_Mistakes_AreAllListed()
    {
        var mistakes = _rig.Mistakes("drop-folder", "folder: drop", "mode: add", "complete: soon", "settleMinutes: 0", "checksums: no-way");

        Assert.That(mistakes, Does.Contain("whole path").And.Contain("'add'").And.Contain("'soon'").And.Contain("from 1 to").And.Contain("'no-way'")
            .And.Contain("'format' is missing"));
    }

    private SourceSetup Setup(params string[] more) => _rig.Setup("drop-folder", [$"folder: {_folder}", "format: focus-csv", .. more]);

    /// <summary>What is found when everything has been looked at and the settle time has passed.</summary>
    private async Task<IReadOnlyList<Offer>> SettledAsync(SourceSetup setup, string months = "2026-07")
    {
        await SourceRig.FindAsync(setup, months);
        _rig.Time.Advance(TimeSpan.FromMinutes(15));
        return await SourceRig.FindAsync(setup, months);
    }

    private SourceException Refusal(SourceSetup setup, Offer offer) =>
        Assert.ThrowsAsync<SourceException>(() => _rig.FetchAsync(setup, offer))!;

    private void Put(string name, string text, int? minute = null)
    {
        var path = Path.Combine(_folder, "2026-07", name);
        File.WriteAllText(path, text);
        if (minute is { } m)
        {
            File.SetLastWriteTimeUtc(path, new DateTime(2026, 7, 10, 0, m, 0, DateTimeKind.Utc));
        }
    }

    private string Picture() => string.Join('\n', Directory.EnumerateFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Order()
        .Select(p => $"{p} {File.GetLastWriteTimeUtc(p):O}"));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
