using System.Text;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.BuildkiteJobs;
using CiCost.CostIngest.Formats.GcpBilling;
using CiCost.CostIngest.Formats.MappedCsv;
using CiCost.Domain.Lines;
using CiCost.TestKit;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>Damaged JSON lines, jobs and mappings: each one is refused by name or read, never anything else.</summary>
public sealed class DamagedTextTests
{
    private static readonly int Tries = Counts.Of(1_500);

    private static readonly byte[] Odd =
        [0, (byte)'"', (byte)',', (byte)':', (byte)'\n', (byte)'-', (byte)'9', (byte)'.', (byte)'{', (byte)'}', (byte)'[', (byte)']',
            (byte)'\\', (byte)'#', (byte)'&', (byte)'*', (byte)'!', 0x80, 0xC3, 0xFF];

    private static readonly string Data = Path.Combine(TestFiles.Root, "tests", "data", "native");

    [Test]
    public void GcpBilling_Damaged_IsRefusedByNameOrRead() => Try(
        File.ReadAllBytes(Path.Combine(Data, "gcp-billing", "standard.jsonl")),
        bytes => Read(new GcpBillingFormat(), TestFiles.Content("damaged", bytes)));

    [Test]
    public void GcpBilling_DamagedWithQuarantine_NumbersItsLinesAsExplainFindsThem()
    {
        var whole = File.ReadAllBytes(Path.Combine(Data, "gcp-billing", "standard.jsonl"));
        var random = new Random(7);
        var format = new GcpBillingFormat();
        for (var i = 0; i < Counts.Of(200); i++)
        {
            var content = TestFiles.Content("damaged", Damaged(whole, random));
            var reading = Reading.Of([content], quarantine: true, encoderLimits: Small, format: format);
            var count = reading.Report.Objects.Single().RowCount;
            var rows = format.ReadRows(content, [.. Enumerable.Range(1, (int)count).Select(n => (long)n)], CancellationToken.None);
            var setAside = reading.Report.Quarantined.Select(q => q.RowNumber).ToHashSet();
            Assert.That(reading.Lines.Select(l => rows[(int)l.Number - 1].RowNumber), Has.None.Matches<long>(setAside.Contains));
            Assert.That(rows.Select(r => r.RowNumber).Distinct().Count(r => !setAside.Contains(r)),
                Is.EqualTo(reading.Lines.Select(l => rows[(int)l.Number - 1].RowNumber).Distinct().Count()));
        }
    }

    [Test]
    public void Mapping_Damaged_IsRefusedByNameOrRead()
    {
        var csv = TestFiles.Content("damaged.csv", File.ReadAllBytes(Path.Combine(Data, "mapped-csv", "neocloud.csv")));
        Try(File.ReadAllBytes(Path.Combine(Data, "mapped-csv", "neocloud.yaml")),
            bytes => Read(new MappedCsvFormat(), TestFiles.Content("damaged.yaml", bytes), csv));
    }

    [Test]
    public void MappedCsv_Damaged_IsRefusedByNameOrRead()
    {
        var yaml = TestFiles.Content("damaged.yaml", File.ReadAllBytes(Path.Combine(Data, "mapped-csv", "neocloud.yaml")));
        Try(File.ReadAllBytes(Path.Combine(Data, "mapped-csv", "neocloud.csv")),
            bytes => Read(new MappedCsvFormat(), yaml, TestFiles.Content("damaged.csv", bytes)));
    }

    [Test]
    public void Buildkite_Damaged_IsRefusedByNameOrRead() => Try(
        Encoding.UTF8.GetBytes("""
            [{"number":1,"branch":"main","commit":"HEAD","web_url":"https://buildkite.com/vllm/ci/builds/1",
              "pipeline":{"slug":"ci","repository":"git@github.com:vllm-project/vllm.git"},
              "jobs":[{"id":"0190046e-e199-453b-a302-a21a4d649d31","type":"script","name":"A","state":"passed","agent":{"name":"a"},
                "agent_query_rules":["queue=gpu"],"created_at":"2026-07-01T10:00:00Z","started_at":"2026-07-01T10:00:00Z",
                "finished_at":"2026-07-01T11:00:00Z"},{"type":"waiter"}]}]
            """),
        bytes => _ = new BuildkiteJobFormat().Read(TestFiles.Content("damaged", bytes), CancellationToken.None).Count());

    private static LineEncoderLimits Small { get; } =
        new() { ResourceCacheEntries = 64, TagSetCacheEntries = 64, UnitPriceCacheEntries = 64 };

    private static void Read(ILineFormat format, params ContentObject[] objects)
    {
        var reading = Reading.Of(objects, encoderLimits: Small, format: format);
        Assert.That(reading.Lines, Has.Count.EqualTo(reading.Delivery.RowCount));
    }

    private static void Try(byte[] whole, Action<byte[]> read)
    {
        var random = new Random(20_260_701);
        var refused = 0;
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                read(Damaged(whole, random));
            }
            catch (DeliveryRejectedException refusal)
            {
                refused++;
                Assert.That(refusal.Errors, Is.Not.Empty);
                Assert.That(refusal.Errors.Select(e => e.Rule), Is.All.Not.Empty);
                Assert.That(refusal.Errors.Select(e => e.File), Is.All.StartsWith("damaged"));
            }
        }

        Assert.That(refused, Is.InRange(Tries / 5, Tries - 1), "most damage shows, and some does not");
    }

    private static byte[] Damaged(byte[] whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = Odd[random.Next(Odd.Length)];
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
