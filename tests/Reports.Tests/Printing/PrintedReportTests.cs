using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using CiCost.Reports.Models;
using CiCost.Reports.Printing;
using CiCost.Reports.Tests.Fixtures;
using CiCost.TestKit;

namespace CiCost.Reports.Tests.Printing;

/// <summary>What a printed report must be: its text, fonts, tags, outline, size, time, and the same bytes again.</summary>
public sealed partial class PrintedReportTests
{
    // What is wider than its place, and what leaves the page: the document's own, and each table, figure and cell.
    private const string Overflows =
        """
        [...document.querySelectorAll('main *')].filter(e => !e.closest('svg') && !e.closest('.sr')).filter(e => {
          const r = e.getBoundingClientRect();
          return r.right > document.documentElement.clientWidth + 1 || r.left < -1
              || (e.matches('td, th, p, dd, li, h1, h2') && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0);
        }).map(e => e.tagName + ': ' + e.textContent.slice(0, 60)).slice(0, 10).join(' | ')
        """;

    private static readonly Dictionary<Paper, PrintedReport> Printed = [];

    private TimeSpan _first;

    [OneTimeSetUp]
    public async Task PrintBothPapers()
    {
        foreach (var paper in Enum.GetValues<Paper>())
        {
            var clock = Stopwatch.StartNew();
            Printed[paper] = await PrintAsync(SampleReport.Create(), paper);
            _first = _first == TimeSpan.Zero ? clock.Elapsed : _first;
        }
    }

    [Test]
    public async Task Text_OfTheSample_IsApproved() =>
        Golden.Verify(await Tool.OnPdfAsync("pdftotext", Printed[Paper.A4].Pdf, "-layout", "FILE", "-"), "BoardReportText");

    [TestCase(Paper.A4, "595.92 x 842.88", "595 x 842 pts (A4)")]
    [TestCase(Paper.Letter, "612 x 792", "612 x 792 pts (letter)")]
    public async Task Pages_OfTheSample_AreSixOfThePaper(Paper paper, string size, string other)
    {
        var info = await Tool.OnPdfAsync("pdfinfo", Printed[paper].Pdf, "FILE");

        Assert.That(Printed[paper].PageCount, Is.EqualTo(6));
        Assert.That(info, Does.Match(@"Pages:\s+6\n").And.Match(@"Tagged:\s+yes"));
        Assert.That(info, Does.Contain(size).Or.Contain(other).Or.Match(@"Page size:\s+594\.96 x 841\.92"));
    }

    [TestCase(Paper.A4)]
    [TestCase(Paper.Letter)]
    public async Task Fonts_AreTheTwoFamiliesEmbedded(Paper paper)
    {
        var lines = (await Tool.OnPdfAsync("pdffonts", Printed[paper].Pdf, "FILE")).Split(
            '\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToArray();

        Assert.That(lines, Has.Length.EqualTo(4).And.All.Match(
            @"^[A-Z]{6}\+(SourceSans3|SourceSerif4)\S*\s+CID TrueType\s+\S+\s+yes yes yes"));
    }

    [Test]
    public async Task Outline_HasEachHeadingOnceInOrder()
    {
        var xml = await Tool.OnPdfAsync("pdftohtml", Printed[Paper.A4].Pdf, "-xml", "-i", "-stdout", "FILE");
        var items = OutlineItem().Matches(xml).Select(m => m.Groups[1].Value).ToArray();

        string[] expected =
        [
            "CI cost report, July 2026", "Twelve months by funder", "For the board", "Cost by architecture", "Funding by organisation",
            "Illustration: not agreed; nobody owes anything", "From list usage to payable", "From funder to project", "Twelve months of run time", "Notes",
            "How far the numbers can be trusted", "Checks", "Gaps and remarks", "Words", "Books and seal",
        ];
        Assert.That(items, Is.EqualTo(expected));
    }

    [Test]
    public async Task Tags_TablesAndFigures_AreThere()
    {
        var structure = await Tool.OnPdfAsync("pdfinfo", Printed[Paper.A4].Pdf, "-struct", "FILE");

        Assert.That(Regex.Count(structure, @"^\s*Table", RegexOptions.Multiline), Is.EqualTo(8));
        Assert.That(Regex.Count(structure, @"^\s*TH\b", RegexOptions.Multiline), Is.GreaterThan(60));
        Assert.That(Regex.Count(structure, @"^\s*Figure", RegexOptions.Multiline), Is.GreaterThanOrEqualTo(2));
        Assert.That(structure, Does.Contain("H1").And.Contain("H2"));
    }

    [Test]
    public async Task EveryPage_SaysWhatItIs()
    {
        for (var page = 1; page <= 6; page++)
        {
            var text = await Tool.OnPdfAsync("pdftotext", Printed[Paper.A4].Pdf, "-layout", "-f", $"{page}", "-l", $"{page}", "FILE", "-");
            Assert.That(text, Does.Contain("Demonstration data.").And.Contain($"Page {page} of 6").And.Contain("July 2026, provisional"));
        }
    }

    [Test]
    public async Task Print_Again_HasTheSameBytes()
    {
        var again = await PrintAsync(SampleReport.Create(), Paper.A4);

        Assert.That(again.Sha256Hex, Is.EqualTo(Printed[Paper.A4].Sha256Hex));
        Assert.That(again.Pdf.AsSpan().SequenceEqual(Printed[Paper.A4].Pdf.AsSpan()), Is.True);
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(again.Pdf.AsSpan())), Is.EqualTo(again.Sha256Hex));
    }

    [Test]
    public async Task Dates_InTheFile_AreTheBookVersions()
    {
        var info = await Tool.OnPdfAsync("pdfinfo", Printed[Paper.A4].Pdf, "-isodates", "FILE");

        Assert.That(info, Does.Match(@"CreationDate:\s+2026-08-14T10:02:03Z").And.Match(@"ModDate:\s+2026-08-14T10:02:03Z"));
        Assert.That(info, Does.Contain("PyTorch Foundation CI cost report, July 2026"));
    }

    [Test]
    public void TimeAndSize_AreSmall()
    {
        Assert.That(_first, Is.LessThan(TimeSpan.FromSeconds(5)), "browser start included");
        Assert.That(Printed.Values.Select(p => p.Pdf.Length), Has.All.LessThan(1_000_000));
        Assert.That(Printed[Paper.A4].BrowserVersion, Does.Match(@"^\S*Chrome\S*/\d+\."));
    }

    [Test]
    public async Task Pages_AtTheEdges_KeepEverythingInside([Values] Paper paper, [Values("sample", "large", "empty")] string which)
    {
        var report = which switch { "large" => StressReport.Large(), "empty" => StressReport.Empty(), _ => SampleReport.Closed() };
        var overflow = "not looked at";
        var printer = new ReportPrinter(new PrintSettings(), TimeProvider.System)
        {
            Hook = async (stage, _, page, _, _) =>
            {
                if (stage == PrintStage.Loaded)
                {
                    var answer = await page!.SendAsync("Runtime.evaluate", new { expression = Overflows, returnByValue = true });
                    overflow = answer.GetProperty("result").GetProperty("value").GetString();
                }
            },
        };

        var printed = await printer.PrintAsync(report, paper, CancellationToken.None);

        await KeepAsync($"{which}-{paper}", printed);
        Assert.That(overflow, Is.Empty);
        Assert.That(printed.PageCount, which == "large" ? Is.InRange(10, 17) : Is.InRange(3, 6));
    }

    [TestCase(Paper.A4)]
    [TestCase(Paper.Letter)]
    public async Task TotalRow_OfATableOverPages_IsPrintedOnce(Paper paper)
    {
        var report = StressReport.Large();
        var printed = await PrintAsync(report, paper);
        var text = await Tool.OnPdfAsync("pdftotext", printed.Pdf, "-layout", "FILE", "-");

        Assert.That(Regex.Count(text, @"^\s*Total\s+\S*\d", RegexOptions.Multiline), Is.EqualTo(6), "six tables have a total");
        Assert.That(Regex.Count(text, @"^\s*Organisation\s+Basis\s", RegexOptions.Multiline), Is.GreaterThan(1), "heads repeat");
    }

    internal static async Task<PrintedReport> PrintAsync(BoardReport report, Paper paper)
    {
        var printed = await new ReportPrinter(new PrintSettings(), TimeProvider.System).PrintAsync(report, paper, CancellationToken.None);
        await KeepAsync($"report-{paper}", printed);
        return printed;
    }

    /// <summary>Leaves the file where a person can look at it, if there is such a place.</summary>
    private static async Task KeepAsync(string name, PrintedReport printed)
    {
        if (Environment.GetEnvironmentVariable("CICOST_KEEP_REPORTS") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, name + ".pdf"), [.. printed.Pdf]);
        }
    }

    [GeneratedRegex("<item page=\"[0-9]+\">([^<]*)</item>")]
    private static partial Regex OutlineItem();
}
