using System.IO.Compression;
using System.Text;
using CiCost.Ledger.Objects;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Ledger.Tests.Objects;

/// <summary>Raw objects: what goes in comes out whole, or the read says what is wrong before it says "end".</summary>
public sealed class ObjectStoreTests
{
    private const long NoLimit = long.MaxValue;
    private static readonly byte[] Content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(n
        => $"row {n},{n * 37 % 101}\n")));

    [Test]
    public async Task PlainAndGzip_OfTheSameContent_ReadTheSame()
    {
        using var books = await BookFixture.OpenAsync();
        var plain = await PutAsync(books, Content);
        var gzip = await PutAsync(books, Gzip(Content));

        Assert.Multiple(() =>
        {
            Assert.That(Read(books, plain.Sha256), Is.EqualTo(Content));
            Assert.That(Read(books, gzip.Sha256), Is.EqualTo(Content));
            Assert.That((plain.CompressedHere, gzip.CompressedHere), Is.EqualTo((true, false)));
            Assert.That(gzip.Sha256, Is.EqualTo(gzip.DeliveredSha256));
            Assert.That(plain.DeliveredBytes, Is.EqualTo(Content.Length));
        });
    }

    [Test]
    public async Task SameBytesAgain_AreOneObject()
    {
        using var books = await BookFixture.OpenAsync();
        var first = await PutAsync(books, Content);
        var second = await PutAsync(books, Content);

        Assert.Multiple(() =>
        {
            Assert.That(second, Is.EqualTo(first));
            Assert.That(books.Books.Objects.List(), Is.EqualTo(new[] { first.Sha256 }));
        });
    }

    [Test]
    public async Task SeveralGzipMembers_AreReadAsOne()
    {
        using var books = await BookFixture.OpenAsync();
        var stored = await PutAsync(books, [.. Gzip(Content[..700]), .. Gzip([]), .. Gzip(Content[700..])]);

        Assert.That(Read(books, stored.Sha256), Is.EqualTo(Content));
    }

    [Test]
    public async Task ContentLargerThanTheReadAhead_ComesOutWhole()
    {
        using var books = await BookFixture.OpenAsync();
        var large = new byte[5_000_001];
        new Random(7).NextBytes(large);
        var stored = await PutAsync(books, Gzip(large));

        Assert.That(Read(books, stored.Sha256), Is.EqualTo(large));
    }

    [Test]
    public async Task GzipCutOff_AtEveryByte_IsRefused()
    {
        using var books = await BookFixture.OpenAsync();
        var gzip = Gzip(Content);
        for (var length = 2; length < gzip.Length; length++)
        {
            var stored = await PutAsync(books, gzip[..length]);
            var exception = Assert.Throws<BooksException>(() => Read(books, stored.Sha256), $"{length} of {gzip.Length} bytes");
            Assert.That(exception!.Code, Is.EqualTo("gzip-broken"));
        }
    }

    [Test]
    public async Task SecondMemberCutOff_AtEveryByte_IsRefused()
    {
        using var books = await BookFixture.OpenAsync();
        byte[] first = Gzip(Content[..500]), second = Gzip(Content[500..600]);
        for (var length = 1; length < second.Length; length++)
        {
            var stored = await PutAsync(books, [.. first, .. second[..length]]);
            Assert.Throws<BooksException>(() => Read(books, stored.Sha256), $"{length} of {second.Length} bytes of the second member");
        }
    }

    [TestCase("x")]
    [TestCase("\0\0\0\0")]
    [TestCase("not gzip, and longer than any header of it")]
    public async Task BytesAfterTheEnd_AreRefused(string garbage)
    {
        using var books = await BookFixture.OpenAsync();
        var stored = await PutAsync(books, [.. Gzip(Content), .. Encoding.UTF8.GetBytes(garbage)]);

        Assert.That(() => Read(books, stored.Sha256), Throws.InstanceOf<BooksException>());
    }

    [Test]
    public async Task EveryByte_FlippedInTheStore_IsNoticedByHashAndByRead()
    {
        using var books = await BookFixture.OpenAsync();
        var stored = await PutAsync(books, Gzip(Content[..64]));
        var path = books.PathOfObject(stored.Sha256);
        var sound = await File.ReadAllBytesAsync(path);
        for (var i = 0; i < sound.Length; i++)
        {
            var damaged = sound.ToArray();
            damaged[i] ^= 0x10;
            await File.WriteAllBytesAsync(path, damaged);
            Assert.That(books.Books.Objects.HashHolds(stored.Sha256), Is.False, $"byte {i}");
            Assert.Throws<BooksException>(() => Read(books, stored.Sha256), $"byte {i}");
        }
    }

    [Test]
    public async Task ContentLimit_IsExact()
    {
        using var books = await BookFixture.OpenAsync();
        var stored = await PutAsync(books, Content);

        Assert.Multiple(() =>
        {
            Assert.That(Read(books, stored.Sha256, Content.Length), Is.EqualTo(Content));
            Assert.That(
                Assert.Throws<BooksException>(() => Read(books, stored.Sha256, Content.Length - 1))!.Code, Is.EqualTo("content-too-large"));
        });
    }

    [Test]
    public async Task FileLimit_AndMissingFile_AreRefused()
    {
        using var books = await BookFixture.OpenAsync();
        using var folder = new TempFolder();
        var path = folder.Write("bill.csv", "12345");

        Assert.Multiple(() =>
        {
            Assert.That(Assert.ThrowsAsync<BooksException>(() => books.Books.Objects.PutAsync(path, 4, default))!.Code,
                Is.EqualTo("file-too-large"));
            Assert.That(
                Assert.ThrowsAsync<BooksException>(() => books.Books.Objects.PutAsync(path + ".gone", 4, default))!.Code,
                    Is.EqualTo("file-missing"));
            Assert.That(Assert.Throws<BooksException>(() => Read(books, new string('a', 64)))!.Code, Is.EqualTo("object-missing"));
            Assert.That(Assert.Throws<BooksException>(() => Read(books, "../../etc"))!.Code, Is.EqualTo("object-address"));
            Assert.That(books.Books.Objects.List(), Is.Empty);
        });
    }

    private static async Task<StoredObject> PutAsync(BookFixture books, byte[] bytes)
    {
        using var folder = new TempFolder();
        var path = folder.File("object");
        await File.WriteAllBytesAsync(path, bytes);
        return await books.Books.Objects.PutAsync(path, NoLimit, CancellationToken.None);
    }

    private static byte[] Read(BookFixture books, string sha256, long limit = NoLimit)
    {
        using var content = books.Books.Objects.OpenContent(sha256, limit);
        using var target = new MemoryStream();
        content.CopyTo(target);
        return target.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }
}
