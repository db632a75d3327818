using System.Text;
using CiCost.CostIngest.Formats.Csv;
using CiCost.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>The tokenizer, always on the vector path and on the portable one, with chunks from tiny to large: all must agree.</summary>
public sealed class CsvTokenizerTests
{
    private const int Limit = 1 << 20;
    private static readonly int[] ChunkSizes = [64, 67, 1000];

    [TestCase("a,b\n1,2\n", "a|b;1|2")]
    [TestCase("a,b\r\n1,2\r\n", "a|b;1|2")]
    [TestCase("a,b\n1,2", "a|b;1|2", TestName = "Read_MissingLastLineEnd_IsFine")]
    [TestCase("\uFEFFa,b\n1,2\n", "a|b;1|2", TestName = "Read_ByteOrderMark_IsNoPartOfTheFirstName")]
    [TestCase("a,b\n1,2\n\u001A", "a|b;1|2", TestName = "Read_CtrlZBehindTheLastLine_EndsTheText")]
    [TestCase("a,b\n1,2\u001A", "a|b;1|2", TestName = "Read_CtrlZBehindTheLastField_EndsTheText")]
    [TestCase("a,b\n1\u001A,2\n", "a|b;1\u001A|2", TestName = "Read_CtrlZElsewhere_IsText")]
    [TestCase("sep=,\r\na,b\r\n1,2\r\n", "a|b;1|2", TestName = "Read_DeclaredComma_IsNoRecord")]
    [TestCase("\uFEFF\"SEP=,\"\na,b\n1,2\n", "a|b;1|2", TestName = "Read_DeclaredCommaInQuotes_IsNoRecord")]
    [TestCase("\"a\",\"b,c\"\n\"x\ny\",\"say \"\"hi\"\"\"\n", "a|b,c;x\ny|say \"hi\"")]
    [TestCase("\"a\",\"b\"\r\n\"1\r\n2\",\"\"\r\n", "a|b;1\r\n2|")]
    [TestCase(",\n,\n", "|;|")]
    [TestCase("\"\",\"\"\"\"\n", "|\"")]
    public void Read_WellFormedText_GivesItsFields(string text, string expected) =>
        Assert.That(ReadAll(Encoding.UTF8.GetBytes(text)), Is.EqualTo(expected));

    [TestCase("a,b\n1,2\"3\n", "csv-stray-quote")]
    [TestCase("a,b\n1, \"2\"\n", "csv-stray-quote")]
    [TestCase("a,b\n\"1\"2,3\n", "csv-text-after-quote")]
    [TestCase("a,b\n\"1\" ,3\n", "csv-text-after-quote")]
    [TestCase("a,b\n\"1\"\r,3\n", "csv-text-after-quote")]
    [TestCase("a,b\n\"1,2\n3,4\n", "csv-unterminated-quote")]
    [TestCase("a,b\n1,\"2", "csv-unterminated-quote")]
    [TestCase("a,b\n1,2\0\n", "csv-nul-byte")]
    [TestCase("", "csv-not-csv")]
    [TestCase("\r\n  ", "csv-not-csv")]
    [TestCase("{\"a\":1}", "csv-not-csv")]
    [TestCase("[1]", "csv-not-csv")]
    [TestCase("<html>", "csv-not-csv")]
    [TestCase("PAR1....", "csv-not-csv")]
    [TestCase("sep=;\na;b\n", "csv-separator")]
    [TestCase("%PDF-1.7", "csv-not-csv")]
    public void Read_MalformedText_IsAFaultBehindTheGoodRecords(string text, string rule) =>
        Assert.That(
            ReadAll(Encoding.UTF8.GetBytes(text)),
            Does.EndWith("!" + rule).And.StartWith(text.StartsWith("a,b\n", StringComparison.Ordinal) ? "a|b" : "!"));

    [TestCase(";", "a;b\n1,5;\"x;y\"\n", "a|b;1,5|x;y")]
    [TestCase("\t", "a\tb\n1\t2\n", "a|b;1|2")]
    [TestCase(";", "sep=;\na;b\n1;2\n", "a|b;1|2")]
    [TestCase(";", "sep=,\na,b\n", "!csv-separator")]
    [TestCase(";", "a;b\n\"1\",2\n", "a|b!csv-text-after-quote")]
    public void Read_OtherSeparator_SeparatesByItAlone(string separator, string text, string expected) =>
        Assert.That(ReadAll(Encoding.UTF8.GetBytes(text), separator: new CsvSeparator((byte)separator[0], false)), Is.EqualTo(expected));

    [TestCase("sep=;\na;b\n1;2\n", "a|b;1|2")]
    [TestCase("sep=\t\na\tb\n1\t2\n", "a|b;1|2")]
    [TestCase("a,b\n1,2\n", "a|b;1|2")]
    public void Read_DeclaredSeparator_IsTakenWhereItMayBe(string text, string expected) =>
        Assert.That(ReadAll(Encoding.UTF8.GetBytes(text), separator: new CsvSeparator((byte)',', true)), Is.EqualTo(expected));

    [Test]
    public void Read_GzipInsideGzip_SaysWhatItLooksLike()
    {
        var tokenizer = new CsvTokenizer(new MemoryStream([0x1F, 0x8B, 8, 0]), Limit);
        Assert.That(() => tokenizer.Read(), Throws.TypeOf<CsvFaultException>().With.Message.Contains("looks like gzip"));
    }

    [Test]
    public void Read_RecordAtTheLimit_IsReadAndOneByteMoreIsAFault(
        [Values(100, 70_000)] int limit, [Values("\n", "\r\n", "")] string lineEnd)
    {
        var record = new string('x', limit - 2) + ",y";
        Assert.Multiple(() =>
        {
            Assert.That(ReadAll(Encoding.UTF8.GetBytes("a,b\n" + record + lineEnd), limit), Does.EndWith("|y"));
            Assert.That(ReadAll(Encoding.UTF8.GetBytes("a,b\nx" + record + lineEnd), limit), Is.EqualTo("a|b!csv-record-too-long"));
        });
    }

    [Test]
    public void Read_EndlessRecord_StopsAtTheLimit()
    {
        var tokenizer = new CsvTokenizer(new EndlessStream(), 100_000);
        Assert.That(() => tokenizer.Read(), Throws.TypeOf<CsvFaultException>().With.Property("Rule").EqualTo("csv-record-too-long"));
    }

    [Test]
    public void RecordOffset_AnyChunkSize_IsWhereTheRecordBegins([ValueSource(nameof(ChunkSizes))] int chunk)
    {
        var text = "\uFEFFa,b\r\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"{i},\"x\n{i}\"\r\n"));
        var bytes = Encoding.UTF8.GetBytes(text);
        var tokenizer = new CsvTokenizer(new MemoryStream(bytes), Limit, chunk);
        tokenizer.Read();
        for (var i = 0; i < 500; i++)
        {
            Assert.That(tokenizer.Read(), Is.True);
            var at = Encoding.UTF8.GetBytes($"{i},\"x");
            Assert.That(bytes.AsSpan((int)tokenizer.RecordOffset, at.Length).SequenceEqual(at), Is.True, $"row {i}");
        }

        Assert.That(tokenizer.Read(), Is.False);
        Assert.That(tokenizer.BytesRead, Is.EqualTo(bytes.Length));
    }

    /// <summary>What is written as CSV with random quoting and line ends is read back the same.</summary>
    [Test]
    public void Read_RandomTableWithRandomQuoting_RoundTrips()
    {
        var cell = Gen.Elements("", "a", "plain text", "1.5", "é€😀", "a,b", "line\nbreak", "a\r\nb", "\"", "\"\"", "say \"hi\"", ",",
            "\n", new string('z', 200));
        var table = from columns in Gen.Choose(1, 70)
                    from rows in Gen.Choose(1, 12)
                    from cells in Gen.ArrayOf(cell, columns * rows)
                    from seed in Gen.Choose(0, int.MaxValue)
                    select (columns, cells, seed);
        Prop.ForAll(table.ToArbitrary(), t =>
        {
            // A table of one column with an empty cell is an empty line, which is no record of a table.
            var cells = t.columns == 1 ? [.. t.cells.Select(c => c.Length == 0 ? "x" : c)] : t.cells;
            var (bytes, expected) = Write(cells, t.columns, new Random(t.seed));
            return ReadAll(bytes) == expected;
        }).Check(Properties.Config(Counts.Of(1_000)));
    }

    /// <summary>Random bytes out of the characters that matter: both paths and all chunk sizes end the same.</summary>
    [Test]
    public void Read_RandomStructuralBytes_AllPathsAgree()
    {
        var random = new Random(20260101);
        var alphabet = "\"\"\"\",,,\n\n\r ab\0"u8.ToArray();
        var outcomes = new Dictionary<string, int>();
        for (var i = 0; i < Counts.Of(10_000); i++)
        {
            var bytes = new byte[random.Next(1, 300)];
            var size = random.Next(3, alphabet.Length + 1);
            for (var b = 0; b < bytes.Length; b++)
            {
                bytes[b] = alphabet[random.Next(size)];
            }

            bytes[0] = (byte)'a';
            var result = ReadAll(bytes);
            var outcome = result.Contains('!') ? result[result.IndexOf('!')..] : "read";
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        TestContext.Out.WriteLine(string.Join(", ", outcomes.Select(o => $"{o.Key} {o.Value}")));
        Assert.That(outcomes.Keys, Is.SupersetOf(new[] { "!csv-stray-quote", "!csv-unterminated-quote", "!csv-text-after-quote",
            "!csv-nul-byte" }));
    }

    private static (byte[] Bytes, string Expected) Write(string[] cells, int columns, Random random)
    {
        var csv = new StringBuilder(random.Next(3) == 0 ? "\uFEFF" : "");
        var expected = new StringBuilder();
        var lineEnd = random.Next(2) == 0 ? "\n" : "\r\n";
        for (var i = 0; i < cells.Length; i++)
        {
            var isLast = i % columns == columns - 1;

            // A blank or a brace at the very start is taken for other content, so the first cell is always quoted.
            var mustQuote = i == 0 || cells[i].AsSpan().IndexOfAny("\",\n\r") >= 0;
            csv.Append(mustQuote || random.Next(3) == 0 ? $"\"{cells[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cells[i]);
            csv.Append(isLast ? (i == cells.Length - 1 && cells[i].Length > 0 && random.Next(2) == 0 ? "" : lineEnd) : ",");
            expected.Append(cells[i]).Append(isLast ? (i == cells.Length - 1 ? "" : ";") : "|");
        }

        return (Encoding.UTF8.GetBytes(csv.ToString()), expected.ToString());
    }

    /// <summary>All records as <c>a|b;1|2</c>, and <c>!rule</c> where a fault ends them; the same for every path and chunk size.</summary>
    private static string ReadAll(byte[] bytes, int limit = Limit, CsvSeparator? separator = null)
    {
        var first = ReadAll(bytes, limit, CsvTokenizer.ChunkBytes, vectors: true, separator);
        foreach (var chunk in ChunkSizes)
        {
            Assert.That(ReadAll(bytes, limit, chunk, vectors: false, separator), Is.EqualTo(first), $"portable path, chunk {chunk}");
            Assert.That(ReadAll(bytes, limit, chunk, vectors: true, separator), Is.EqualTo(first), $"vector path, chunk {chunk}");
        }

        return first;
    }

    private static string ReadAll(byte[] bytes, int limit, int chunk, bool vectors, CsvSeparator? separator)
    {
        var tokenizer = new CsvTokenizer(new MemoryStream(bytes), limit, chunk, vectors, separator);
        var text = new StringBuilder();
        var unquoted = default(CsvText);
        try
        {
            while (tokenizer.Read())
            {
                for (var i = 0; i < tokenizer.FieldCount; i++)
                {
                    text.Append(i > 0 ? "|" : text.Length > 0 ? ";" : "").Append(Encoding.UTF8.GetString(unquoted.Value(tokenizer.Raw(i))));
                }
            }
        }
        catch (CsvFaultException fault)
        {
            text.Append('!').Append(fault.Rule);
        }

        return text.ToString();
    }

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'x');
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
