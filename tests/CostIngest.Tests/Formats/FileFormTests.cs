using System.Text;
using CiCost.CostIngest.Formats.Focus;
using CiCost.CostIngest.Formats.GcpBilling;
using CiCost.CostIngest.Tests.Formats.GcpBilling;
using CiCost.CostIngest.Tests.Formats.Native;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>What other programs make of a file: line ends, byte order marks, declarations. Taken where it says nothing, else named.</summary>
public sealed class FileFormTests
{
    private static readonly string Focus = FocusText.WithRow().Row().ToString();

    [Test]
    public void Focus_LinesEndedByCarriageReturns_AreNamed()
    {
        var error = Reading.Refusal(Focus.Replace('\n', '\r')).Errors.Single();
        Assert.That((error.RowNumber, error.Rule), Is.EqualTo((0L, "csv-line-ends")));
        Assert.That(error.Message, Does.Contain("Lines that end with a carriage return alone").And.Contain("save the file with LF or CRLF"));
    }

    [Test]
    public void Focus_QuotedLinesEndedByCarriageReturns_AreNamed()
    {
        var quoted = string.Join('\r', Focus.TrimEnd().Split('\n').Select(l => $"\"{l.Replace(",", "\",\"", StringComparison.Ordinal)}\""));
        Assert.That(Reading.Refusal(quoted).Errors.Single().Message, Does.Contain("Lines that end with a carriage return alone"));
    }

    [Test]
    public void Focus_AMegabyteOfLinesEndedByCarriageReturns_IsNamed()
    {
        var row = Focus.Split('\n')[1];
        var text = Focus.Replace('\n', '\r') + string.Concat(Enumerable.Repeat(row + "\r", 12_000));
        Assert.That(Reading.Refusal(text).Errors.Single().Message, Does.Contain("Lines that end with a carriage return alone"));
    }

    [Test]
    public void Native_LinesEndedByCarriageReturns_AreNamed() =>
        Assert.That(NativeFile.Refusal("github-usage", NativeFile.All[^1].Text.Replace('\n', '\r')).Errors.Single().Rule, Is.EqualTo("csv-line-ends"));

    [TestCase("sep=,\n", "")]
    [TestCase("\uFEFFsep=,\r\n", "")]
    [TestCase("", "\u001A")]
    [TestCase("", "\n\u001A")]
    public void Focus_WhatSpreadsheetsAndDosAdd_SaysNothing(string before, string behind)
    {
        var reading = Reading.Of(before + Focus + behind);
        Assert.That(reading.Lines.Select(l => l.Row.BilledNanos), Is.EqualTo(Reading.Of(Focus).Lines.Select(l => l.Row.BilledNanos)));
        Assert.That(reading.Report.Tolerances, Is.Empty);
        var content = TestFiles.Content("f.csv", Encoding.UTF8.GetBytes(before + Focus + behind));
        var raw = new FocusCsvFormat().ReadRows(content, [2], CancellationToken.None).Single();
        Assert.That(raw.Fields.Single(f => f.Key == "ServiceProviderName").Value, Is.EqualTo("AWS"));
        Assert.That(raw.ByteOffset, Is.EqualTo(Encoding.UTF8.GetByteCount(before + Focus[..(Focus.TrimEnd().LastIndexOf('\n') + 1)])));
    }

    [Test]
    public void Native_OtherSeparator_IsNamed()
    {
        var error = NativeFile.Refusal("github-usage", NativeFile.All[^1].Text.Replace(',', ';')).Errors.Single();
        Assert.That((error.File, error.Rule), Is.EqualTo(("bill.csv", "csv-separator")));
        Assert.That(error.Message, Does.StartWith("The first line has no comma and 11 semicolons: its fields are separated by ';'."));
        Assert.That(Reading.Refusal("sep=;\n" + Focus.Replace(',', ';')).Errors.Single().Rule, Is.EqualTo("csv-separator"));
    }

    [TestCase("\uFEFF", "")]
    [TestCase("", "\n")]
    [TestCase("\uFEFF", "\r\n")]
    public void Gcp_ByteOrderMarkAndBlankLastLine_SayNothing(string before, string behind)
    {
        var text = before + GcpFile.Standard.Text + behind;
        Assert.That(GcpFile.Read(text).Lines.Select(GcpFile.Show), Is.EqualTo(GcpFile.Standard.Read().Lines.Select(GcpFile.Show)));
        var content = TestFiles.Content("g.jsonl", Encoding.UTF8.GetBytes(text));
        var raw = new GcpBillingFormat().ReadRows(content, [1, 2], CancellationToken.None);
        Assert.That(raw.Select(r => r.ByteOffset), Is.EqualTo(new[]
        {
            Encoding.UTF8.GetByteCount(before), Encoding.UTF8.GetByteCount(before + GcpFile.Standard.Text.Split('\n')[0]) + 1,
        }));
    }

    [Test]
    public void Gcp_ReadByteByByte_IsTheSame()
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFF" + GcpFile.Standard.Text + "\n");
        var reading = Reading.Of([new("g.jsonl", () => new Dribble(bytes))], null, GcpFile.Dimensions, format: new GcpBillingFormat());
        Assert.That(reading.Lines.Select(GcpFile.Show), Is.EqualTo(GcpFile.Standard.Read().Lines.Select(GcpFile.Show)));
        Assert.That(reading.Report.Objects.Single().ContentBytes, Is.EqualTo(bytes.Length));
    }

    [TestCase("PK\u0003\u0004abc", "This looks like a ZIP archive or an Excel workbook, not like JSON lines.")]
    [TestCase("PAR1abc", "This looks like Apache Parquet, not like JSON lines.")]
    public void Gcp_OtherContent_IsNamed(string text, string words)
    {
        var error = GcpFile.Refusal(text).Errors.Single();
        Assert.That((error.Rule, error.Message.StartsWith(words, StringComparison.Ordinal)), Is.EqualTo(("not-json", true)), error.Message);
    }

    [Test]
    public void Gcp_Utf16_IsNamed()
    {
        var content = TestFiles.Content("g.jsonl", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(GcpFile.Standard.Text)]);
        Assert.That(() => Reading.Of([content], format: new GcpBillingFormat()), Throws.Exception.With.Message.Contains("UTF-16"));
    }

    private sealed class Dribble(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
