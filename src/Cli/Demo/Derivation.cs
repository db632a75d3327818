using System.Globalization;
using System.Text;

namespace CiCost.Cli.Demo;

/// <summary>
/// Writes how the figures of the demonstration follow from facts: computed from the same facts and from what was written, never typed.
/// </summary>
internal sealed class Derivation(DemoFacts facts, FleetPlan plan, AwsAmounts amounts, DemoSums sums, DemoOptions options)
{
    private const long SecondsPerHour = 3_600;
    private readonly StringBuilder _text = new();

    private List<DemoMonth> Months => [.. DemoMonth.Range(options.FirstMonth, options.LastMonth)];

    public string Write()
    {
        Line("HOW THE DEMONSTRATION'S FIGURES FOLLOW FROM FACTS");
        Line();
        Line(DemoFolder.Notice);
        Line(string.Create(CultureInfo.InvariantCulture, $"Seed {options.Seed}, scale {options.Scale}. Facts: demo/facts, each with its "
            + $"source in its README. Nothing is fitted to a wanted total."));
        PublishedCost();
        Shares();
        OtherMonths();
        Hours();
        Owners();
        Files();
        Invented();
        return _text.ToString();
    }

    private void PublishedCost()
    {
        var month = AwsAmounts.Published;
        Head($"1. The Foundation's AWS account, {month}: list cost of Usage rows before credits, as published",
            "Fact: foundation_aws_cost_by_architecture_2026-07.csv. Hours: what carries the cost, as in section 3.");
        Line($"{"architecture",-24}{"USD",16}{"carrying hours",18}{"USD per hour",14}");
        foreach (var (architecture, units) in amounts.Of(month))
        {
            var hours = amounts.CarryingHours(architecture, month);
            Line($"{architecture,-24}{Usd.Cents(units),16}{Hour(hours),18}{Number(Usd.Dollars(units) / hours, "0.000000"),14}");
        }

        Line($"{"sum",-24}{Usd.Cents(amounts.Total(month)),16}");
        Line();
        Line($"support on it, AWS Business tiers 10/7/5/3 %: {Usd.Cents(amounts.Support(month))}");
        Line($"tax, an invented 6 % of the support fee: {Usd.Cents(amounts.Tax(month))}");
        Line($"promotional credits on usage and support: -{Usd.Cents(amounts.Total(month) + amounts.Support(month))}");
        Line($"payable: {Usd.Cents(amounts.Tax(month))}, the tax");
        Line("""
            XPU: a bill names no jobs, and the published row is a carve-out of Intel's jobs. Its machines stand in a cluster of
            their own, whose documented tag Cluster a rule of demo/policy turns into the architecture. Cluster and machine type
            are invented.
            """);
    }

    private void Shares()
    {
        Head("2. The Foundation's part of the hours of the two fleets", "Fact: foundation_share.csv; what is assumed says so.");
        foreach (var share in facts.FoundationShares)
        {
            Line(string.Create(CultureInfo.InvariantCulture,
                $"{share.From:yyyy-MM-dd} to {share.To:yyyy-MM-dd}: {share.Percent} %. {share.Basis}"));
        }

        Line("Within a month it counts by days. Machines of others (members, GitHub, unknown) are not divided.");
    }

    private void OtherMonths()
    {
        Head("3. Other months of that account: cost per hour of July 2026 x the hours that carry the cost",
            "An architecture is carried by its own hours on the Foundation's fleet, N/A by all of them, XPU by the published XPU hours.");
        foreach (var month in Months)
        {
            Line();
            Line($"{month}");
            foreach (var (architecture, units) in amounts.Of(month))
            {
                Line($"  {architecture,-24}{Hour(amounts.CarryingHours(architecture, month)),18} h{Usd.Cents(units),18}");
            }

            Line($"  {"usage",-24}{"",20}{Usd.Cents(amounts.Total(month)),18}");
            Line($"  {"support, tax",-24}{"",20}{Usd.Cents(amounts.Support(month) + amounts.Tax(month)),18}");
            foreach (var lines in AwsEvents.Lines(month).GroupBy(l => (l.Category, l.Class, l.Description)))
            {
                Line(string.Create(CultureInfo.InvariantCulture, $"  beside it, rows {lines.Count()}: {lines.Key.Category}")
                    + (lines.Key.Class is { } special ? $" ({special})" : "")
                    + $", billed {Usd.Cents(lines.Sum(l => l.Billed))}, effective {Usd.Cents(lines.Sum(l => l.Effective))}: "
                    + lines.Key.Description);
            }
        }
    }

    private void Hours()
    {
        Head("4. Hours: the sum of all valid runs is the published hours of each row, to the second",
            "Fact: runtime_hours_by_architecture_12m.csv. Its total row leaves out one row, ARM64 (AWS Graviton), in every month\n"
            + "(differences of 1 or 2 are roundings of the publisher).");
        Line($"{"month",-10}{"rows sum to",16}{"published total",18}{"difference",14}{"Graviton row",16}");
        foreach (var month in Months)
        {
            var total = facts.Architectures.Sum(a => facts.Hours(a, month));
            var published = facts.PublishedHours(month);
            Line($"{month.ToString(),-10}{Hour(total),16}{Hour(published),18}{Hour(total - published),14}"
                + $"{Hour(facts.Hours("ARM64 (AWS Graviton)", month)),16}");
        }

        Line($"Beside them, in {JobFiles.UnlistedMonth}: {JobFiles.UnlistedSeconds / SecondsPerHour} hours on a label of no public list "
            + $"({JobFiles.UnlistedLabel}), which no rule knows.");
        var march = new DemoMonth(2026, 3);
        var realHours = facts.Architectures.Sum(a => facts.Hours(a, march)) / (decimal)facts.JobsOfMarch;
        Line($"A row stands for many real jobs by being longer, up to 120 hours, GitHub's longest job. A real job took "
            + $"{Number(realHours, "0.00")} hours on");
        Line($"average: the hours of {march} by {Hour(facts.JobsOfMarch)} jobs (runner_load_2026-03.csv: pytorch/pytorch only).");
        foreach (var (month, runs) in sums.JobRuns)
        {
            var hours = facts.Architectures.Sum(a => facts.Hours(a, DemoMonth.Parse(month))) / (decimal)runs;
            Line($"{month,-10}{Hour(runs),10} rows with hours of {Hour(hours)} hours: one for {Number(hours / realHours, "0")} real jobs");
        }
    }

    private void Owners()
    {
        Head("5. Whose machines ran them", "Fact: job_labels.csv, weighted by jobs per label; hours of the last month.");
        var month = options.LastMonth;
        foreach (var owner in plan.Cells(month).GroupBy(c => c.Owner, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Line($"{owner.Key,-12}{Hour(owner.Sum(c => c.Seconds) / (decimal)SecondsPerHour),16} h: "
                + string.Join(", ", owner.Select(c => c.Architecture).Distinct()));
        }

        Line("""
            lf has a bill (sections 1 and 3), github has one (section 6). meta has none: its hours by a rate card are an estimate
            that the member pays. Members' machines are valued by rate cards. These values are made by the program from the job
            files, not here.
            """);
    }

    private void Files()
    {
        Head("6. What the files sum to: all rows of the last delivery of each month, credits included",
            "GitHub: gross is list, net is billed; free minutes of public repositories are the difference.");
        Line($"{"source",-20}{"month",-10}{"rows",8}{"billed",18}{"effective",18}{"list",18}");
        Line("Invoices: what AWS, Azure and Google billed, by account and kind of charge, in whole cents. They come from the same plan as the "
            + "bills, so that they tie by construction.");
        foreach (var (source, month, total) in sums.All)
        {
            Line($"{source,-20}{month,-10}{total.Rows,8}{Usd.Cents(total.Billed),18}{Usd.Cents(total.Effective),18}"
                + $"{Usd.Cents(total.List),18}");
        }
    }

    private void Invented()
    {
        Head("7. What is invented", "So that nobody takes it for a fact.");
        Line("""
            Account and resource ids, clusters' numbers, the mix of machine types and services, labels' jitter, prices that the
            fact files mark as invented, the tax, all of Azure and Google Cloud, the capacity block, the refund, the credits other
            than the promotional ones, the late and restated deliveries, repositories' and workflows' shares, outcomes, and when
            each job ran.
            """);
    }

    private void Head(string title, string basis)
    {
        Line();
        Line(title);
        Line(new string('-', title.Length));
        Line(basis);
    }

    private void Line(string text = "") => _text.Append(text).Append('\n');

    private static string Hour(decimal hours) => Number(hours, "#,##0.##");

    private static string Number(decimal value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
