using CiCost.Reports.Models;
using CiCost.Reports.Printing;
using CiCost.Reports.Tests.Fixtures;

namespace CiCost.Reports.Tests.Rendering;

public sealed class FirstLook
{
    [Test]
    public async Task Print()
    {
        Assert.That(Footing.Failures(SampleReport.Create()), Is.Empty);
        var folder = Environment.GetEnvironmentVariable("LOOK")!;
        foreach (var (name, report) in new[] { ("sample", SampleReport.Create()), ("closed", SampleReport.Closed()) })
        {
            foreach (var paper in Enum.GetValues<Paper>())
            {
                var printed = await new ReportPrinter(new PrintSettings(), TimeProvider.System).PrintAsync(report, paper, default);
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}-{paper}.pdf"), printed.Pdf.ToArray());
                TestContext.Out.WriteLine($"{name} {paper} {printed.PageCount} {printed.Pdf.Length} {printed.BrowserVersion} {printed.Sha256Hex}");
            }
        }
    }
}
