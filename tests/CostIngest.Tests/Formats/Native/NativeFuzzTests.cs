using CiCost.Domain.Lines;
using CiCost.TestKit;

namespace CiCost.CostIngest.Tests.Formats.Native;

/// <summary>Damaged native files: each one is refused by name or gives lines, never anything else.</summary>
public sealed class NativeFuzzTests
{
    private static readonly int FilesPerKind = Counts.Of(400);

    private static readonly byte[] Odd = [0, 1, (byte)'"', (byte)',', (byte)'\n', (byte)'\r', (byte)'-', (byte)'9', (byte)'.', (byte)'E',
        (byte)'{', (byte)'/', 0x7F, 0x80, 0xC3, 0xFF];

    private static IReadOnlyList<NativeFile> Files => NativeFile.All;

    [TestCaseSource(nameof(Files))]
    public void Read_DamagedFile_IsRefusedByNameOrRead(NativeFile file)
    {
        var whole = File.ReadAllBytes(file.FullPath);
        whole = whole.Length > 20_000 ? whole[..20_000] : whole;
        var random = new Random(20_260_501);
        var refused = 0;
        for (var i = 0; i < FilesPerKind; i++)
        {
            var bytes = Damaged(whole, random);
            try
            {
                var reading = Reading.Of([TestFiles.Content("damaged.csv", bytes)], file.Profile, NativeFile.Dimensions,
                    format: NativeFile.FormatOf(file.Kind), encoderLimits: new LineEncoderLimits
                    {
                        ResourceCacheEntries = 64,
                        TagSetCacheEntries = 64,
                        UnitPriceCacheEntries = 64,
                    });
                Assert.That(reading.Lines, Has.Count.EqualTo(reading.Delivery.RowCount));
            }
            catch (DeliveryRejectedException refusal)
            {
                refused++;
                Assert.That(refusal.Errors, Is.Not.Empty);
                Assert.That(refusal.Errors.Select(e => e.Rule), Is.All.Not.Empty);
                Assert.That(refusal.Errors.Select(e => e.File), Is.All.EqualTo("damaged.csv"));
            }
        }

        Assert.That(refused, Is.GreaterThan(FilesPerKind / 4), "most damage shows");
    }

    private static byte[] Damaged(byte[] whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = Odd[random.Next(Odd.Length)];
                    break;
                case 1:
                    bytes.Insert(at, Odd[random.Next(Odd.Length)]);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
