namespace CiCost.Cli.Demo;

/// <summary>What was written, in units of 1e-10 USD: per source and month, of the last delivery of each.</summary>
internal sealed class DemoSums
{
    private readonly SortedDictionary<(string Source, string Month), CostSums> _sums = [];

    public IEnumerable<(string Source, string Month, CostSums Sums)> All => _sums.Select(s => (s.Key.Source, s.Key.Month, s.Value));

    /// <summary>Begins a delivery: what an earlier one of its month summed to no longer counts.</summary>
    public CostSums Begin(string source, DemoMonth month) => _sums[(source, month.ToString())] = new CostSums();

    /// <summary>Job runs with hours, by month.</summary>
    public IDictionary<string, long> JobRuns { get; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    public CostSums Of(string source, DemoMonth month) => _sums[(source, month.ToString())];
}

/// <summary>Sums of one delivery.</summary>
internal sealed class CostSums
{
    private readonly SortedDictionary<(string Account, string Category), long> _invoice = [];

    public long Rows { get; private set; }

    public long Billed { get; private set; }

    public long Effective { get; private set; }

    public long List { get; private set; }

    /// <summary>BilledCost by what an invoice states apart: account and ChargeCategory.</summary>
    public IReadOnlyDictionary<(string Account, string Category), long> Invoice => _invoice;

    /// <summary>Adds a line that stands on an invoice.</summary>
    /// <param name="account">BillingAccountId.</param>
    /// <param name="category">ChargeCategory of the invoice's line.</param>
    /// <param name="billed">BilledCost.</param>
    public void Invoiced(string account, string category, long billed) =>
        _invoice[(account, category)] = _invoice.GetValueOrDefault((account, category)) + billed;

    public void Add(long billed, long effective, long list)
    {
        Rows++;
        Billed += billed;
        Effective += effective;
        List += list;
    }
}
