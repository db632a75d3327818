using System.IO.Compression;
using CiCost.Cli.Demo;
using CiCost.Cli.Tests.Running;
using CiCost.Policy;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Demo;

/// <summary>What the generator is made of, its refusals, and what it may not lean on.</summary>
internal sealed class DemoPartsTests
{
    [Test]
    public void Files_OfTheSameSeed_AreTheSameBytes()
    {
        using var one = new DemoRun(seed: 7, first: "2025-11", last: "2025-11");
        using var two = new DemoRun(seed: 7, first: "2025-11", last: "2025-11");
        Assert.That(two.Text("SHA256SUMS"), Is.EqualTo(one.Text("SHA256SUMS")));
    }

    [Test]
    public void Files_OfAMonth_DoNotDependOnTheMonthsBesideIt()
    {
        using var alone = new DemoRun(first: "2025-11", last: "2025-11");
        using var beside = new DemoRun(first: "2025-10", last: "2025-11");
        foreach (var file in alone.Files("*.gz"))
        {
            var path = Path.GetRelativePath(alone.Root, file);
            Assert.That(File.ReadAllBytes(beside.Full(path)), Is.EqualTo(File.ReadAllBytes(file)), path);
        }
    }

    [Test]
    public void Restatement_OfNovember_TakesTheDoubledSnapshotsBack()
    {
        using var run = new DemoRun(first: "2025-11", last: "2025-11");
        var editions = run.Plan.Deliveries.Where(d => d.Source == "aws-foundation")
            .Select(d => d.Files.SelectMany(f => DemoRun.Csv(run.Full(f))).Where(r => r["SkuMeter"].EndsWith("EBS:SnapshotUsage"))
                .Sum(r => decimal.Parse(r["ListCost"]))).ToList();
        Assert.That(editions, Has.Count.EqualTo(2));
        Assert.That(editions[0], Is.Positive.And.EqualTo(editions[1] * 2));
    }

    [Test]
    public void Commitments_ArePaidOnceAndConsumedByDay()
    {
        using var run = new DemoRun(first: "2026-03", last: "2026-04");
        var rows = new[] { "2026-03", "2026-04" }.SelectMany(m => run.LastDelivery("aws-foundation", m))
            .Where(r => r["CommitmentDiscountId"].Length > 0).ToList();
        Assert.That(rows.Count(r => r["ChargeCategory"] == "Purchase"), Is.EqualTo(1));
        Assert.That(rows.Sum(r => decimal.Parse(r["BilledCost"])), Is.EqualTo(21_143.808m));
        Assert.That(rows.Sum(r => decimal.Parse(r["EffectiveCost"])), Is.EqualTo(21_143.808m));
        Assert.That(rows.Where(r => r["ChargeCategory"] == "Usage").Select(r => r["BilledCost"]), Has.All.EqualTo("0"));
    }

    [Test]
    public void Gzip_OfAnyContent_ReadsBackTheSame()
    {
        var dice = Dice.For(1, "gzip");
        for (var round = 0; round < 60; round++)
        {
            // From text that repeats to bytes that do not, across the window and the buffer.
            var content = new byte[dice.Below(round % 10 == 0 ? 900_000 : 5_000)];
            var alphabet = dice.Between(1, 256);
            for (var i = 0; i < content.Length; i++)
            {
                content[i] = i > 700 && dice.Permille(900) ? content[i - 700] : (byte)dice.Below(alphabet);
            }

            var file = new MemoryStream();
            using (var gzip = new GzipFile(file))
            {
                for (var at = 0; at < content.Length;)
                {
                    var count = (int)Math.Min(content.Length - at, dice.Between(1, 50_000));
                    gzip.Write(content, at, count);
                    at += count;
                }
            }

            var back = new MemoryStream();
            using var reader = new GZipStream(new MemoryStream(file.ToArray()), CompressionMode.Decompress);
            reader.CopyTo(back);
            Assert.That(back.ToArray(), Is.EqualTo(content), $"round {round}, {content.Length} bytes");
        }
    }

    [Test]
    public void Shares_OfAnyTotal_SumToIt()
    {
        var dice = Dice.For(1, "shares");
        for (var round = 0; round < 10_000; round++)
        {
            var total = unchecked((long)dice.Next()) / (1L << (int)dice.Below(60));
            var weights = Enumerable.Range(0, (int)dice.Between(1, 40)).Select(_ => dice.Below(1_000)).Append(1).ToList();
            var parts = Shares.Split(total, weights);
            Assert.That(parts.Aggregate((Int128)0, (sum, p) => sum + p), Is.EqualTo((Int128)total));
            Assert.That(parts.Zip(weights).Where(p => p.Second == 0).Select(p => p.First), Has.All.InRange(-1, 1));
        }
    }

    [Test]
    public void Shares_WithoutAnyWeight_AreRefused() =>
        Assert.That(() => Shares.Split(5, [0, 0]), Throws.ArgumentException.With.Message.Contain("All weights are 0"));

    [Test]
    public void Dice_Numbers_AreSpreadEvenly()
    {
        var dice = Dice.For(1, "spread");
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++)
        {
            counts[dice.Below(10)]++;
        }

        Assert.That(counts, Has.All.InRange(9_600, 10_400));
    }

    [Test]
    public void Write_IntoAFolderThatIsNotEmpty_IsRefused()
    {
        using var folder = new TempFolder();
        folder.Write("mine.txt", "mine");
        Assert.That(() => DemoBooks.Write(new DemoOptions { OutputDirectory = folder.FullName, FactsDirectory = DemoRun.Facts }),
            Throws.InstanceOf<IOException>().With.Message.Contain("is not empty"));
    }

    [Test]
    public void Write_OfMonthsWithoutFacts_IsRefused()
    {
        using var folder = new TempFolder();
        var options = new DemoOptions
        {
            OutputDirectory = folder.File("demo"),
            FactsDirectory = DemoRun.Facts,
            LastMonth = DemoMonth.Parse("2026-08"),
        };
        Assert.That(() => DemoBooks.Write(options), Throws.ArgumentException.With.Message.Contain("2025-08 to 2026-07"));
    }

    [Test]
    public void Policy_WithTheOverlay_LoadsAndKnowsTheInventedAccounts()
    {
        using var folder = new TempFolder();
        DemoPolicy.Write(PublishedProgram.File("policy"), PublishedProgram.File("demo", "policy"), folder.FullName);
        var policy = PolicyLoader.Load(folder.FullName);
        Assert.That(policy.Notices.Select(n => n.Message), Has.None.Contain("Account 'aws-foundation'"));
        Assert.That(File.Exists(folder.File("attribution", "a-demo-xpu.yaml")), Is.True);
    }

    [Test]
    public void Generator_LeansOnNothingThatReadsItsFiles()
    {
        string[] forbidden =
        [
            "CiCost.Ledger", "CiCost.Accounting", "CiCost.CostIngest", "CiCost.Domain", "CiCost.Policy", "System.Random", "double ",
            "float ",
        ];
        var sources = Directory.EnumerateFiles(PublishedProgram.File("src", "Cli", "Demo"), "*.cs").ToList();
        Assert.That(sources, Has.Count.GreaterThan(15));
        foreach (var source in sources)
        {
            var code = string.Join('\n', File.ReadLines(source).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)));
            Assert.That(forbidden.Where(f => code.Contains(f, StringComparison.Ordinal)), Is.Empty, Path.GetFileName(source));
        }
    }
}
