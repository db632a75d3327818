using CiCost.Cli.Output;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Cli.Tests.EndToEnd;

/// <summary>No name that came with a bill or a file gives orders to a terminal.</summary>
public sealed class PlainTextTests
{
    [TestCase("plain, äöü 漢字 \U0001f4b0", "plain, äöü 漢字 \U0001f4b0")]
    [TestCase("\u001b]0;title\u0007\u001b[2J", "\\u001b]0;title\\u0007\\u001b[2J")]
    [TestCase("a\rb\u009bc\u202ed", "a\\u000db\\u009bc\\u202ed")]
    [TestCase("a\nb", "a\\u000ab")]
    [TestCase("", "")]
    public void Of_NamesControlCharacters(string text, string expected) => Assert.That(PlainText.Of(text), Is.EqualTo(expected));

    [Test]
    public void Writer_LetsLinesThroughAndNothingElse([Values] bool atOnce)
    {
        using var inner = new StringWriter();
        using var writer = new PlainWriter(inner);
        const string text = "a\tb\u001b[2J\nc";
        if (atOnce)
        {
            writer.Write(text);
        }
        else
        {
            foreach (var c in text)
            {
                writer.Write(c);
            }
        }

        Assert.That(inner.ToString(), Is.EqualTo("a\tb\\u001b[2J\nc"));
    }

    [Test]
    public async Task Commands_WithHostileNames_PrintNoEscape()
    {
        using var folder = new TempFolder();
        var cicost = new Cicost(folder.FullName);
        var bill = folder.Write("bill\u001b[31m.csv", BillLine.File([BillLine.ALine().On("2026-05-01") with { Service = "Mach\u001b[2Jines\u0007" }]));
        List<RunResult> runs =
        [
            await cicost.RunAsync("ingest", "--source", "bill", "--kind", "focus-csv", "--month", "2026-05", "--file", bill),
            await cicost.RunAsync("costs", "--month", "2026-05", "--group-by", "ServiceName"),
            await cicost.RunAsync("explain", "--month", "2026-05"),
            await cicost.RunAsync("deliveries", "--delivery", "1"),
            await cicost.RunAsync("ingest", "--source", "bill", "--kind", "focus-csv", "--month", "2026-05", "--file", "no\u001b[31m"),
        ];
        Assert.Multiple(() =>
        {
            Assert.That(string.Concat(runs.Select(r => r.Output)), Does.Contain("Mach\\u001b[2Jines\\u0007"));
            Assert.That(runs.SelectMany(r => r.Output + r.Errors).Where(c => PlainText.IsControl(c) && c != '\n'), Is.Empty);
        });
    }
}
