using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CiCost.Reports.Models;
using CiCost.Reports.Rendering;
using CiCost.Reports.Tests.Fixtures;
using CiCost.TestKit;

namespace CiCost.Reports.Tests.Rendering;

public sealed partial class BoardReportHtmlTests
{
    [Test]
    public async Task Render_Sample_IsTheApprovedDocument()
    {
        var html = await BoardReportHtml.RenderAsync(SampleReport.Create(), Paper.A4);

        Golden.Verify(Hash().Replace(Data().Replace(html, "data:font/woff2;base64,..."), "sha256-..."), "BoardReport");
    }

    [Test]
    public async Task Render_Twice_IsTheSameText() => Assert.That(
        await BoardReportHtml.RenderAsync(SampleReport.Closed(), Paper.Letter),
        Is.EqualTo(await BoardReportHtml.RenderAsync(SampleReport.Closed(), Paper.Letter)));

    [Test]
    public async Task Render_AnyReport_StandsAlone()
    {
        foreach (var report in new[] { SampleReport.Create(), StressReport.Large(), StressReport.Empty() })
        {
            var html = await BoardReportHtml.RenderAsync(report, Paper.A4);
            var style = html[(html.IndexOf("<style>", StringComparison.Ordinal) + 7)..html.IndexOf("</style>", StringComparison.Ordinal)];
            var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
            Assert.Multiple(() =>
            {
                Assert.That(WebUtility.HtmlDecode(html), Does.Contain($"style-src 'sha256-{hash}'; font-src data:;"));
                Assert.That(Outside().Matches(Data().Replace(html, "data:")).Select(m => m.Value), Is.Empty);
                Assert.That(html, Does.Not.Contain("style=").And.Not.Contain("<script").And.Not.Contain("onclick"));
                Assert.That(Regex.Count(style, "data:font/woff2;base64,"), Is.EqualTo(8));
                Assert.That(html.Length, Is.LessThan(1_000_000));
            });
        }
    }

    [Test]
    public async Task Render_NamesWithMarkup_AreTextEverywhere()
    {
        var report = StressReport.Large();
        var evil = report with
        {
            Head = report.Head with { Organisation = "</style><script>x</script>\"\\\n}" },
            Lead = "<b>bold</b>",
            Notes = ["<img src=x onerror=y>"],
        };

        var html = await BoardReportHtml.RenderAsync(evil, Paper.A4);

        Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("<img").And.Not.Contain("<b>bold"));
        Assert.That(html, Does.Contain("&lt;b&gt;bold&lt;/b&gt;").And.Contain("&lt;script&gt;alert("));
        Assert.That(Regex.Count(html, "</style>"), Is.EqualTo(1));
    }

    [Test]
    public async Task Render_Status_SaysWhatTheMonthIs()
    {
        var open = SampleReport.Create() with { Head = SampleReport.Create().Head with { Status = MonthStatus.Open } };
        var closed = await BoardReportHtml.RenderAsync(SampleReport.Closed(), Paper.A4);

        Assert.That(await BoardReportHtml.RenderAsync(open, Paper.A4),
            Does.Contain(">Open<").And.Contain("figures may change").And.Contain("not sealed"));
        Assert.That(closed, Does.Contain(">Closed<").And.Contain("2bcf 7323").And.Not.Contain("figures may change").And.Not.Contain(
            "Demonstration"));
    }

    [GeneratedRegex(@"data:font/woff2;base64,[A-Za-z0-9+/=]+")]
    private static partial Regex Data();

    [GeneratedRegex(@"sha256-[A-Za-z0-9+/=]+")]
    private static partial Regex Hash();

    [GeneratedRegex(@"(?:https?:)?//[a-z][^\s""]*|url\((?!data:)[^)]*\)|@import")]
    private static partial Regex Outside();
}
