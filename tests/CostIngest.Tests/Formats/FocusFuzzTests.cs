using System.Diagnostics;
using System.Text;
using CiCost.Accounting.Booking;
using CiCost.CostIngest.Formats.Csv;
using CiCost.CostIngest.Formats.Focus;
using CiCost.Domain.Lines;
using CiCost.Domain.Money;
using CiCost.TestKit;

namespace CiCost.CostIngest.Tests.Formats;

/// <summary>Mutated and random files end in lines or in a refusal that names file, row, column and value: nothing else.</summary>
public sealed class FocusFuzzTests
{
    private static readonly int Inputs = Counts.Of(100_000);
    private const int Seed = 20260517;
    private static readonly TimeSpan LongestInput = TimeSpan.FromSeconds(5);

    private static readonly string[] Bases =
    [
        "real/focus-1.0/focus_sample_part70.csv", "layouts/focus-csv/focus-1.0.csv", "layouts/focus-csv/focus-1.2.csv",
            "layouts/focus-csv/focus-1.3.csv",
        "layouts/focus-csv/focus-1.4.csv", "layouts/focus-csv/lenient/lenient-1.4.csv", "layouts/focus-csv-multicurrency/sample-export.csv",
        "synthetic/focus-1.3/consolidated_multi_provider_1_3.csv", "synthetic/focus-1.4/gcp/gcp_synthetic_focus_1_4_cost_and_usage.csv",
    ];

    /// <summary>Values that readers stumble over.</summary>
    private static readonly string[] Nasty =
    [
        "", "NULL", "null", "0", "-0", "1E-7", "1E9999", "1E-9999", "-", ".", "1.", ".5", "+1", "1,5", "NaN", "Infinity",
            "9223372036.854775807",
        "9223372036.854775808", "-9223372036854775808", "0.000000000000000001", "0.0000000000000000001",
            "99999999999999999999999999999999999999999",
        "2026-05-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-05-01 00:00:00", "2026-05-01T00:00Z", "2026-05-01T00:00:00+14:00",
            "0000-00-00T00:00:00Z",
        "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "2199-12-31T23:59:59Z", "{}", "{", "{\"a\":", "{\"a\":1,\"a\":2}",
            "{\"\\ud800\":\"\\ud800\"}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{\"team\":{\"x\":[1,2]}}", "{\"team\":\"\\u0041\"}", "usage", "Usage", "Credit",
            "usd", "US", "USDX", "\u0000",
        "\uFFFD", "😀", "\r", "\t", " ", "\"", "\"\"", "a\"b", "=cmd|' /C calc'!A0", "0.05", "x_Custom", "BilledCost",
    ];

    [Test]
    [CancelAfter(240_000)]
    public void Read_MutatedOrRandomInput_EndsInLinesOrInAClearRefusal(CancellationToken cancellationToken)
    {
        var random = new Random(Seed);
        var bases = Bases.Select(Table).ToArray();
        var batch = new LineBatch();
        var histogram = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var rules = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Inputs; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (kind, bytes) = Input(random, bases);
            var began = watch.Elapsed;
            var outcome = Outcome(bytes, random, batch, rules, i);
            Assert.That(watch.Elapsed - began, Is.LessThan(LongestInput), () => $"seed {Seed}, input {i} ({kind})");
            Count(histogram, "input: " + kind);
            Count(histogram, "outcome: " + outcome);
        }

        foreach (var (name, count) in histogram.Concat(rules))
        {
            TestContext.Out.WriteLine($"{name,-50} {count,7} {100.0 * count / Inputs,6:F2} %");
        }

        Assert.Multiple(() =>
        {
            foreach (var name in new[] { "lines", "lines and quarantine", "refused: file", "refused: header", "refused: rows" })
            {
                Assert.That(histogram["outcome: " + name], Is.GreaterThan(Inputs / 20), name);
            }

            Assert.That(histogram["outcome: limit"], Is.GreaterThan(Inputs / 1000));
            Assert.That(rules, Has.Count.GreaterThan(30), "different rules that refused");
        });
    }

    private static string Outcome(byte[] bytes, Random random, LineBatch batch, SortedDictionary<string, int> rules, int input)
    {
        var limits = new LineEncoderLimits
        {
            ResourceCacheEntries = 16,
            TagSetCacheEntries = 16,
            UnitPriceCacheEntries = 16,
            MaxDimensionSets = random.Next(8) == 0 ? 2 : 1000,
        };
        Int128 linesBilled = 0;
        var lines = 0;
        var encoder = new LineEncoder(limits, Rent, Emit);
        var request = new FormatRequest
        {
            Objects = [new ContentObject("fuzz.csv", () => new MemoryStream(bytes))],
            Profile = random.Next(5) switch { 0 => null, 1 => "focus-sample", 2 => "azure-export", _ => "lenient" },
            AllowQuarantine = random.Next(3) == 0,
            Dimensions = random.Next(2) == 0 ? DimensionOptions.None : new DimensionOptions(["x_ServiceCode", "Id"], ["team", "env",
                "application"]),
            Limits = new FormatLimits { MaxRecordBytes = 64 * 1024, MaxColumns = 200, MaxQuarantinedRows = 3, MaxReportedErrors = 8 },
        };
        try
        {
            var report = new FocusCsvFormat().Read(request, encoder, CancellationToken.None);
            var delivery = encoder.Complete();
            Assert.That(lines + report.Quarantined.Count, Is.EqualTo(delivery.RowCount), $"seed {Seed}, input {input}");
            Assert.That(delivery.Totals.Aggregate((Int128)0, (sum, t) => sum + t.RoundedNanos(CostColumn.Billed)), Is.EqualTo(linesBilled));
            AssertClear(report.Quarantined, input);
            return report.Quarantined.Count > 0 ? "lines and quarantine" : "lines";
        }
        catch (DeliveryRejectedException refusal)
        {
            AssertClear(refusal.Errors, input);
            foreach (var rule in refusal.Errors.Select(e => e.Rule).Distinct())
            {
                Count(rules, "rule: " + rule);
            }

            var last = refusal.Errors[^1];
            return last.Rule.StartsWith("csv-", StringComparison.Ordinal) && last.Rule is not ("csv-field-count" or "csv-invalid-utf8")
                ? "refused: file"
                : last.RowNumber == 0 ? "refused: header" : "refused: rows";
        }
        catch (LineLimitException limit)
        {
            Assert.That(limit.RowNumber, Is.Positive);
            return "limit";
        }
        catch (Exception other) when (other is not AssertionException)
        {
            Assert.Fail($"seed {Seed}, input {input}: {other}\n{Convert.ToBase64String(bytes)}");
            throw;
        }

        LineBatch Rent()
        {
            batch.Clear();
            return batch;
        }

        void Emit(LineBatch full)
        {
            lines += full.Count;
            for (var i = 0; i < full.Count; i++)
            {
                linesBilled += full.Rows[i].BilledNanos;
            }

            linesBilled += full.Highs.Aggregate((Int128)0, (sum, h) => sum + ((Int128)h.Highs.Billed * WideNanos.PerHigh));
        }
    }

    private static void AssertClear(IReadOnlyList<RowError> errors, int input)
    {
        foreach (var error in errors)
        {
            var isClear = error.File == "fuzz.csv" && error.RowNumber >= 0 && error.Rule.Length > 0 && error.Message.Length > 20
                && error.Value.Length <= 600;
            Assert.That(isClear, Is.True, $"seed {Seed}, input {input}: {error}");
        }
    }

    private static (string Kind, byte[] Bytes) Input(Random random, string[][][] bases)
    {
        var table = bases[random.Next(bases.Length)].Select(r => r.ToArray()).ToList();
        switch (random.Next(7))
        {
            case 0:
                return ("as it is, other order", Write(Reorder(table, random), random));
            case 1:
                MutateValues(table, random);
                return ("values", Write(table, random));
            case 2:
                MutateRows(table, random);
                return ("rows", Write(table, random));
            case 3:
                MutateHeader(table[0], random);
                return ("header", Write(table, random));
            case 4:
                return ("random bytes", RandomBytes(random));
            default:
                return ("bytes", MutateBytes(Write(table, random), random));
        }
    }

    private static List<string[]> Reorder(List<string[]> table, Random random)
    {
        var order = Enumerable.Range(0, table[0].Length).ToArray();
        random.Shuffle(order);
        return [.. table.Select(row => order.Select(i => row[i]).ToArray())];
    }

    private static void MutateValues(List<string[]> table, Random random)
    {
        for (var n = random.Next(1, 6); n > 0; n--)
        {
            var row = table[random.Next(1, table.Count)];
            row[random.Next(row.Length)] = random.Next(3) == 0 ? table[random.Next(table.Count)][random.Next(row.Length)]
                : Nasty[random.Next(Nasty.Length)];
        }
    }

    private static void MutateRows(List<string[]> table, Random random)
    {
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(1, table.Count);
            table[at] = random.Next(5) switch
            {
                0 => [.. table[at].Skip(1)],
                1 => [.. table[at], "extra"],
                2 => [""],
                3 => table[random.Next(table.Count)],
                _ => [.. table[at].Reverse()],
            };
        }
    }

    private static void MutateHeader(string[] header, Random random)
    {
        for (var n = random.Next(1, 3); n > 0; n--)
        {
            var at = random.Next(header.Length);
            header[at] = random.Next(6) switch
            {
                0 => header[random.Next(header.Length)],
                1 => header[at].ToLowerInvariant(),
                2 => "",
                3 => "x_" + header[at],
                4 => header[at] + " ",
                _ => Nasty[random.Next(Nasty.Length)],
            };
        }
    }

    private static byte[] MutateBytes(byte[] bytes, Random random)
    {
        var list = new List<byte>(bytes);
        for (var n = random.Next(1, 8); n > 0 && list.Count > 4; n--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(6))
            {
                case 0:
                    list[at] = (byte)random.Next(256);
                    break;
                case 1:
                    list.Insert(at, "\",\n\r\0{}0E-"u8[random.Next(10)]);
                    break;
                case 2:
                    list.RemoveRange(at, Math.Min(random.Next(1, 20), list.Count - at));
                    break;
                case 3:
                    list.RemoveRange(at, random.Next(4) == 0 ? list.Count - at : 1);
                    break;
                case 4:
                    list.InsertRange(at, list.GetRange(at, Math.Min(random.Next(1, 60), list.Count - at)));
                    break;
                default:
                    list[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. list];
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(0, 400)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = "\",\n{}[]abc019.-EZ:T"u8[bytes[i] % 19];
            }
        }

        return bytes;
    }

    private static byte[] Write(List<string[]> table, Random random)
    {
        var lineEnd = random.Next(2) == 0 ? "\n" : "\r\n";
        var text = new StringBuilder(random.Next(5) == 0 ? "\uFEFF" : "");
        foreach (var row in table)
        {
            text.AppendJoin(',', row.Select(v => Quote(v, random))).Append(lineEnd);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Quote(string value, Random random) =>
        (value.AsSpan().IndexOfAny("\",\n\r") < 0 && random.Next(10) != 0) || random.Next(2000) == 0
            ? value
            : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string[][] Table(string file)
    {
        var csv = new CsvTokenizer(new MemoryStream(TestFiles.Bytes(file)), 1 << 20);
        var table = new List<string[]>();
        var text = default(CsvText);
        while (table.Count < 4 && csv.Read())
        {
            var row = new string[csv.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = Encoding.UTF8.GetString(text.Value(csv.Raw(i)));
            }

            table.Add(row);
        }

        return [.. table];
    }

    private static void Count(SortedDictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}
