namespace CiCost.Cli.Demo;

/// <summary>One row of <c>job_labels.csv</c>: how often a label is used for an architecture, and on whose machines.</summary>
/// <param name="Era"><c>osdc</c>: from the month that <c>label_eras.csv</c> gives the architecture; <c>ec2</c>: before it; <c>any</c>.</param>
/// <param name="Owner"><c>fleets</c>: the Foundation's and Meta's; otherwise who runs the machines.</param>
internal sealed record LabelFact(string Architecture, string Era, string Owner, string Label, long Weight);

/// <summary>From when to when the Foundation's fleet took how many percent of the two fleets' hours.</summary>
internal sealed record ShareFact(DateTime From, DateTime To, int Percent, string Basis);

/// <summary>A machine type of the AWS bill.</summary>
internal sealed record MachineFact(string Architecture, string InstanceType, string Platform, decimal UsdPerHour, long Weight);

/// <summary>A charge of the AWS bill that is no machine.</summary>
internal sealed record ChargeFact(string ServiceName, string ServiceCode, string Category, string Subcategory, string Meter,
    string Operation, string Unit, decimal UsdPerUnit, long Weight, string Description);

/// <summary>A GitHub-hosted label and what a minute on it costs.</summary>
internal sealed record GitHubPrice(string Label, string Sku, decimal Before2026, decimal From2026, bool IsFreeOnPublic);

/// <summary>The figures that the demonstration books are calibrated to, read from <c>demo/facts</c>; none stands in the code.</summary>
internal sealed class DemoFacts
{
    public const string NoMachine = "N/A";
    public const string Xpu = "XPU";
    private const string PublishedTotal = "Total as published";

    private readonly Dictionary<(string Architecture, DemoMonth Month), long> _hours = [];

    private DemoFacts(string directory)
    {
        var cost = FactTable.Read(directory, "foundation_aws_cost_by_architecture_2026-07.csv");
        AwsJuly = [.. Enumerable.Range(0, cost.Count).Select(i => (cost.Text(i, "architecture"), cost.Number(i, "cost_usd")))];

        var hours = FactTable.Read(directory, "runtime_hours_by_architecture_12m.csv");
        Months = [.. hours.Header.Skip(1).Select(DemoMonth.Parse)];
        foreach (var i in Enumerable.Range(0, hours.Count))
        {
            foreach (var month in Months)
            {
                _hours[(hours.Text(i, "architecture"), month)] = hours.Whole(i, month.ToString());
            }
        }

        Architectures = [.. Enumerable.Range(0, hours.Count).Select(i => hours.Text(i, "architecture")).Where(a => a != PublishedTotal)];
        var share = FactTable.Read(directory, "foundation_share.csv");
        FoundationShares = [.. Enumerable.Range(0, share.Count).Select(i => new ShareFact(share.Day(i, "from"), share.Day(i, "to"),
            (int)share.Whole(i, "share_percent"), share.Text(i, "basis")))];
        var label = FactTable.Read(directory, "job_labels.csv");
        Labels = [.. Enumerable.Range(0, label.Count).Select(i => new LabelFact(label.Text(i, "architecture"), label.Text(i, "era"),
            label.Text(i, "owner"), label.Text(i, "label"), label.Whole(i, "weight")))];
        var era = FactTable.Read(directory, "label_eras.csv");
        FirstOsdcMonths = Enumerable.Range(0, era.Count)
            .ToDictionary(i => era.Text(i, "architecture"), i => DemoMonth.Parse(era.Text(i, "first_osdc_month")), StringComparer.Ordinal);
        var machine = FactTable.Read(directory, "aws_machines.csv");
        Machines = [.. Enumerable.Range(0, machine.Count).Select(i => new MachineFact(machine.Text(i, "architecture"),
            machine.Text(i, "instance_type"), machine.Text(i, "platform"), machine.Number(i, "usd_per_hour"), machine.Whole(i, "weight")))];
        var charge = FactTable.Read(directory, "aws_charges.csv");
        Charges = [.. Enumerable.Range(0, charge.Count).Select(i => new ChargeFact(charge.Text(i, "service_name"),
            charge.Text(i, "service_code"), charge.Text(i, "service_category"), charge.Text(i, "service_subcategory"),
            charge.Text(i, "meter"), charge.Text(i, "operation"), charge.Text(i, "unit"), charge.Number(i, "usd_per_unit"),
            charge.Whole(i, "weight"), charge.Text(i, "description")))];
        var load = FactTable.Read(directory, "runner_load_2026-03.csv");
        JobsOfMarch = Enumerable.Range(0, load.Count).Sum(i => load.Whole(i, "jobs_30d"));
        var price = FactTable.Read(directory, "github_prices.csv");
        GitHubPrices = Enumerable.Range(0, price.Count).Select(i => new GitHubPrice(price.Text(i, "label"), price.Text(i, "sku"),
            price.Number(i, "usd_per_minute_before_2026"), price.Number(i, "usd_per_minute_from_2026"),
            price.Text(i, "free_on_public_repositories") == "yes")).ToDictionary(p => p.Label, StringComparer.Ordinal);
    }

    /// <summary>The Foundation's AWS account in July 2026, list cost before credits, as published.</summary>
    public IReadOnlyList<(string Architecture, decimal Usd)> AwsJuly { get; }

    /// <summary>The months of the published hours table.</summary>
    public IReadOnlyList<DemoMonth> Months { get; }

    /// <summary>The rows of the published hours table, without its total.</summary>
    public IReadOnlyList<string> Architectures { get; }

    public IReadOnlyList<ShareFact> FoundationShares { get; }

    public IReadOnlyList<LabelFact> Labels { get; }

    /// <summary>The first month in which an architecture's jobs carry the labels of the Kubernetes fleets.</summary>
    public IReadOnlyDictionary<string, DemoMonth> FirstOsdcMonths { get; }

    public IReadOnlyList<MachineFact> Machines { get; }

    public IReadOnlyList<ChargeFact> Charges { get; }

    public IReadOnlyDictionary<string, GitHubPrice> GitHubPrices { get; }

    /// <summary>Real jobs of pytorch/pytorch in 30 days to 2026-03-18.</summary>
    public long JobsOfMarch { get; }

    public static DemoFacts Load(string directory) => new(directory);

    public long Hours(string architecture, DemoMonth month) => _hours[(architecture, month)];

    /// <summary>The total row as it was published; it does not foot.</summary>
    public long PublishedHours(DemoMonth month) => _hours[(PublishedTotal, month)];
}
