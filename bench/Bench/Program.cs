using System.Diagnostics;
using System.Globalization;
using CiCost.Accounting.Attribution;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Policies;
using CiCost.Bench;
using CiCost.Domain.Periods;
using CiCost.Ledger;
using CiCost.Policy;

// Questions and re-attribution, on books of a stated shape:
//   12 months x 120,000 rollup rows (4,000 dimension sets x 30 days), and one month of 1,000,000 lines.
// dotnet run -c Release --project bench/Bench [FOLDER]   (the folder is made anew; default artifacts/bench/queries)
var folder = args.Length > 0 ? args[0] : Path.Combine("artifacts", "bench", "queries");
if (Directory.Exists(folder))
{
    Directory.Delete(folder, recursive: true);
}

Directory.CreateDirectory(folder);
var policy = PolicyLoader.Load("policy");
const int runs = 7;

using (var books = await OpenAsync("twelve-months.db"))
{
    var shelf = new PolicyShelf(books);
    await new AttributeBooks(books, shelf).RunAsync(policy, default);
    for (var month = new BillingMonth(2025, 8); month <= new BillingMonth(2026, 7); month = month.Next)
    {
        await BookAsync(books, shelf, month, sets: 4_000, linesPerGroup: 1);
    }

    string[][] pairs = [["component", "architecture"], ["ServiceName", "RegionId"], ["SubAccountId", "operator"], ["month", "component"],
        ["ChargeDescription", "project"]];
    foreach (var pair in pairs)
    {
        var query = new CostQuery { From = new BillingMonth(2025, 8), To = new BillingMonth(2026, 7), GroupBy = pair };
        var cold = Median(runs, () => new QueryCosts(books, shelf), costs => costs.Run(query));
        var kept = new QueryCosts(books, shelf);
        kept.Run(query);
        var warm = Median(runs, () => kept, costs => costs.Run(query));
        Report($"costs by {string.Join(" x ", pair)}, 12 x 120,000 rollup rows", $"cold {cold} ms, warm {warm} ms");
    }
}

using (var books = await OpenAsync("one-month.db"))
{
    var shelf = new PolicyShelf(books);
    await new AttributeBooks(books, shelf).RunAsync(policy, default);
    await BookAsync(books, shelf, new BillingMonth(2026, 7), sets: 8_000, linesPerGroup: 4);
    List<long> times = [];
    for (var run = 0; run < runs; run++)
    {
        var changed = PolicyLoader.Parse([.. policy.Files.Select((f, i) => i == 0 ? f with { Text = f.Text + $"\n# run {run}\n" } : f)]);
        var watch = Stopwatch.StartNew();
        var result = await new AttributeBooks(books, shelf).RunAsync(changed, default);
        times.Add(watch.ElapsedMilliseconds);
        Trace.Assert(result.IsNew && result.DimensionSets >= 8_000, "Every set is attributed anew.");
    }

    times.Sort();
    Report("re-attribute a month of 8,000 x 31 x 4 = 992,000 lines", $"{times[runs / 2]} ms");
}

async Task<Books> OpenAsync(string name)
    => await Books.OpenAsync(Path.Combine(folder, name), TimeSpan.FromSeconds(60), TimeProvider.System, default);

async Task BookAsync(Books books, PolicyShelf shelf, BillingMonth month, int sets, int linesPerGroup)
{
    var file = Path.Combine(folder, month + ".txt");
    await File.WriteAllTextAsync(file, month.ToString());
    var booking = new BookDelivery(books, shelf, [new ShapedFormat(sets, linesPerGroup)], [], new BookDeliveryOptions());
    var result = await booking.RunAsync(new BookDeliveryRequest
    {
        SourceKey = "bench",
        Kind = "bench",
        BillingMonth = month,
        Files = [file]
    }, null, default);
    Report($"booked {month}", string.Create(CultureInfo.InvariantCulture, $"{result.Rows} lines in {result.Timings.LoadMs} ms"));
}

static long Median<T>(int runs, Func<T> prepare, Action<T> run)
{
    List<long> times = [];
    for (var i = 0; i < runs; i++)
    {
        var subject = prepare();
        var watch = Stopwatch.StartNew();
        run(subject);
        times.Add(watch.ElapsedMilliseconds);
    }

    times.Sort();
    return times[runs / 2];
}

static void Report(string what, string figure) => Console.WriteLine($"{what}: {figure}");
