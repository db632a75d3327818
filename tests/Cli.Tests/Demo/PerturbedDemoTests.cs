using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CiCost.Domain.Periods;
using CiCost.Policy;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Cli.Tests.Demo;

/// <summary>
/// Bills of the demonstration, three months of one source at a time under the demonstration's policy, and one thing that goes wrong with
/// their files (<see cref="PerturbedBill"/>). Of AWS's usage every sixteenth row is taken, all else is whole.
/// </summary>
public sealed class PerturbedDemoTests
{
    private const int LongCases = 5_000, ShortCases = 100;
    private static readonly int Cases = Counts.AreLong ? LongCases : ShortCases;
    private static readonly string[] Months = ["2026-02", "2026-03", "2026-04"];
    private static readonly string[] Sources = ["aws-foundation", "azure-foundation", "gcp-foundation", "github-billing"];

    [Test]
    public async Task AnyFault_LeavesTheFigures_OrIsRefused_OrIsNamed()
    {
        var demo = await DemoMonths.BooksAsync();
        var policy = PolicyLoader.Load(Path.Combine(demo.Files, "policy"));
        var bills = Sources.ToDictionary(s => s, s => Read(demo.Files, s));
        Dictionary<(string, bool), (string Figures, IReadOnlyList<string> Failures)> sound = [];
        foreach (var (key, bill) in bills)
        {
            foreach (var isAppended in new[] { false, true })
            {
                using var books = await OpenAsync(policy);
                await PerturbedBill.BookAsync(books, bill, isAppended);
                sound[(key, isAppended)] = (PerturbedBill.Figures(books, bill), PerturbedBill.Failures(books));
            }
        }

        var seed = Counts.Seed();
        SortedDictionary<string, int> outcomes = new(StringComparer.Ordinal);
        for (var i = 0; i < Cases; i++)
        {
            var fault = PerturbedBill.FaultOf(i);
            var dice = new Random(unchecked((seed * 397) ^ i));
            var source = Sources[dice.Next(Sources.Length)];
            var isAppended = dice.Next(2) == 0;
            using var books = await OpenAsync(policy);
            var (figures, failures) = sound[(source, isAppended)];
            var outcome = await PerturbedBill.OutcomeAsync(books, bills[source], fault, isAppended, figures, failures, dice,
                $"seed {seed}, case {i}, {source}, {(isAppended ? "append" : "replace")}, {fault}");
            outcomes[$"{fault}: {outcome}"] = outcomes.GetValueOrDefault($"{fault}: {outcome}") + 1;
        }

        TestContext.Out.WriteLine(string.Join('\n', outcomes.Select(o => $"{o.Value,6} {o.Key}")));
        Assert.That(outcomes.Keys.Where(k => k.StartsWith("None", StringComparison.Ordinal)), Is.EqualTo(new[] { "None: same figures" }));
        Assert.That(sound.Values.Select(s => s.Figures), Has.None.Matches<string>(f => f.Contains(" 0.00;", StringComparison.Ordinal)));
    }

    private static async Task<BookFixture> OpenAsync(PolicySet policy)
    {
        var books = await BookFixture.OpenAsync();
        books.Time.Advance(TimeSpan.FromDays(40));
        await books.AttributeAsync(policy);
        return books;
    }

    private static SoundBill Read(string files, string source)
    {
        using var plan = JsonDocument.Parse(File.ReadAllText(Path.Combine(files, "plan.json")));
        var deliveries = plan.RootElement.GetProperty("deliveries").EnumerateArray()
            .Where(d => d.GetProperty("source").GetString() == source && d.GetProperty("mode").GetString() == "replace").ToList();
        string? header = null;
        Dictionary<string, IReadOnlyList<DatedRow>> months = [];
        foreach (var month in Months)
        {
            var last = deliveries.Last(d => d.GetProperty("month").GetString() == month);
            List<DatedRow> rows = [];
            foreach (var file in last.GetProperty("files").EnumerateArray())
            {
                var text = Text(Path.Combine(files, file.GetString()!)).TrimEnd('\n');
                rows.AddRange(source == "gcp-foundation" ? text.Split('\n').Select(l => new DatedRow(DayWithin(month, GoogleDay(l)), l))
                    : Rows(source, month, header = text[..text.IndexOf('\n', StringComparison.Ordinal)], text[(header.Length + 1)..]));
            }

            months[month] = [.. rows.OrderBy(r => r.Day)];
        }

        var profile = deliveries[0].GetProperty("profile").GetString();
        return new SoundBill(source, deliveries[0].GetProperty("kind").GetString()!, profile, header, months);
    }

    private static IEnumerable<DatedRow> Rows(string source, string month, string header, string text)
    {
        var columns = Split(header, ',');
        var day = columns.IndexOf(source == "github-billing" ? "date" : "ChargePeriodStart");
        var category = columns.IndexOf("ChargeCategory");
        return Split(text, '\n').Select(row => (Row: row, Fields: Split(row, ','))).Index()
            .Where(l => source != "aws-foundation" || l.Index % 16 == 0 || l.Item.Fields[category] != "Usage")
            .Select(l => new DatedRow(DayWithin(month, DayOf(l.Item.Fields[day])), l.Item.Row));
    }

    private static DateOnly DayOf(string instant) => DateOnly.ParseExact(instant.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly GoogleDay(string row)
    {
        using var line = JsonDocument.Parse(row);
        var microseconds = long.Parse(line.RootElement.GetProperty("usage_start_time").GetString()!, CultureInfo.InvariantCulture);
        return DateOnly.FromDateTime(DateTime.UnixEpoch.AddMicroseconds(microseconds));
    }

    /// <summary>A day; one outside of the month, as of a correction, travels with the month's first or last day.</summary>
    private static DateOnly DayWithin(string month, DateOnly day)
    {
        var (first, last) = (BillingMonth.Parse(month).FirstDay, BillingMonth.Parse(month).LastDay);
        return day < first ? first : day > last ? last : day;
    }

    private static string Text(string path)
    {
        using var file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return new StreamReader(plain, Encoding.UTF8).ReadToEnd();
    }

    /// <summary>Text between separators that stand outside of quotes.</summary>
    private static List<string> Split(string text, char separator)
    {
        List<string> parts = [];
        var (start, isQuoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            isQuoted ^= text[i] == '"';
            if (text[i] == separator && !isQuoted)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }
}
