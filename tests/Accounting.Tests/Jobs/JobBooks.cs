using System.Globalization;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Jobs;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Periods;
using CiCost.Ledger.Sources;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Jobs;

/// <summary>Books with job events, booked as GitHub delivers them.</summary>
internal sealed class JobBooks : IDisposable
{
    private long _jobs;
    private int _parts;

    private JobBooks(BookFixture books) => Books = books;

    public BookFixture Books { get; }

    public static async Task<JobBooks> OpenAsync(FleetPolicy? policy = null)
    {
        var books = await BookFixture.OpenAsync();
        await books.AttributeAsync((policy ?? new FleetPolicy()).Read());
        return new JobBooks(books);
    }

    /// <summary>A completed job of one label.</summary>
    public string Job(string label, string start, string end, string repository = "acme/app") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"id": {{++_jobs}}, "run_id": 1, "name": "test", "status": "completed", "conclusion": "success", "created_at": "{{start}}",
         "started_at": "{{start}}", "completed_at": "{{end}}", "labels": ["self-hosted", "{{label}}"],
         "run_url": "https://api.github.com/repos/{{repository}}/actions/runs/1"}
        """);

    public Task<BookDeliveryResult> DeliverAsync(params string[] jobs) => Books.DeliverAsync(
        new BookDeliveryRequest
        {
            SourceKey = "jobs",
            Kind = "github-jobs",
            Mode = SourceMode.Append,
            Part = $"part-{++_parts}",
            BillingMonth = BillingMonth.Parse("2026-07"),
        },
        string.Join('\n', jobs));

    public Task<JobValuation> ValueAsync(string month = "2026-07") => new ValueJobs(Books.Books, Books.Policies,
        new BookDelivery(Books.Books, Books.Policies, LineFormats.All(), LineFormats.Jobs(), new BookDeliveryOptions()))
        .RunAsync(BillingMonth.Parse(month), CancellationToken.None);

    /// <summary>The lines that valuing made: day, label, repository, effective and billed cost.</summary>
    public string[] Lines() => Books.Scalar("""
        SELECT coalesce(group_concat(text, char(10)), '') FROM (
          SELECT substr(ChargePeriodStart, 1, 10) || ' ' || ChargeDescription || ' = ' || EffectiveCost || ' billed ' || BilledCost AS text
          FROM v_cost_line ORDER BY 1)
        """).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose() => Books.Dispose();
}
