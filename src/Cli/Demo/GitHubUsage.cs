using System.Globalization;

namespace CiCost.Cli.Demo;

/// <summary>
/// GitHub's usage report, from the same jobs on GitHub-hosted runners: minutes rounded up per job, standard runners free on public
/// repositories, larger ones billed. https://docs.github.com/en/billing/reference/billing-reports
/// </summary>
internal sealed class GitHubUsage(DemoFacts facts, DemoSums sums)
{
    public const string Source = "github-billing";

    private static readonly string[] Columns =
    [
        "date", "product", "sku", "quantity", "unit_type", "applied_cost_per_quantity", "gross_amount", "discount_amount", "net_amount",
        "username", "organization", "repository", "workflow_path", "cost_center_name",
    ];

    private static readonly DateTime NewPrices = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly SortedDictionary<(DateTime Day, string Sku, string Repository), (long Minutes, decimal Price, bool IsFree)> _days = [];

    /// <summary>Counts the minutes of a job, by day.</summary>
    public void Add(JobCell cell, JobRun run)
    {
        if (cell.Owner != "github")
        {
            return;
        }

        var price = facts.GitHubPrices.TryGetValue(cell.Label, out var found)
            ? found
            : throw new InvalidDataException($"github_prices.csv has no price for the label '{cell.Label}' of job_labels.csv.");
        var minutes = (long)Math.Ceiling((decimal)(run.CompletedAt - run.StartedAt).Ticks / TimeSpan.TicksPerMinute);
        var days = Enumerable.Range(0, (run.CompletedAt.AddSeconds(-1).Date - run.StartedAt.Date).Days + 1)
            .Select(i => run.StartedAt.Date.AddDays(i)).ToList();
        var seconds = days.Select(d => (long)((d.AddDays(1) < run.CompletedAt ? d.AddDays(1) : run.CompletedAt)
            - (d > run.StartedAt ? d : run.StartedAt)).TotalSeconds).ToList();
        foreach (var (day, part) in days.Zip(Shares.Split(minutes, seconds)))
        {
            var key = (day, price.Sku, run.Repository);
            var before = _days.TryGetValue(key, out var value) ? value.Minutes : 0;
            _days[key] = (before + part, day < NewPrices ? price.Before2026 : price.From2026, price.IsFreeOnPublic);
        }
    }

    /// <summary>Writes the report of the month whose jobs were added, and begins anew.</summary>
    public void Write(DemoFolder folder, DemoMonth month)
    {
        var path = $"{Source}/{month}/usageReport_{month}_detailed.csv";
        var written = sums.Begin(Source, month);
        using (var csv = new CsvTable(folder.Create(path), Columns))
        {
            foreach (var ((day, sku, repository), (minutes, price, isFree)) in _days)
            {
                if (minutes == 0)
                {
                    continue;
                }

                var amount = Usd.Of(minutes * price);
                written.Add(isFree ? 0 : amount, isFree ? 0 : amount, amount);
                var slash = repository.IndexOf('/', StringComparison.Ordinal);
                csv["date"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                csv["product"] = "actions";
                csv["sku"] = sku;
                csv["quantity"] = minutes.ToString(CultureInfo.InvariantCulture);
                csv["unit_type"] = "minutes";
                csv["applied_cost_per_quantity"] = Usd.Text(price);
                csv["gross_amount"] = Usd.Text(amount);
                csv["discount_amount"] = isFree ? Usd.Text(amount) : "0";
                csv["net_amount"] = isFree ? "0" : Usd.Text(amount);
                csv["username"] = "pytorchmergebot";
                csv["organization"] = repository[..slash];
                csv["repository"] = repository[(slash + 1)..];
                csv["workflow_path"] = ".github/workflows/demonstration.yml";
                csv.EndRow();
            }
        }

        _days.Clear();
        folder.Add(new DemoDelivery(0, Source, DemoDelivery.Usage, null, "replace", month.ToString(), "*", [path],
            month.End.AddDays(2).AddHours(8), "GitHub-hosted runners: free minutes are the discount, larger runners are billed."));
    }
}
