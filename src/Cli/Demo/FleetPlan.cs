namespace CiCost.Cli.Demo;

/// <summary>Hours of one label within a span of days, on the machines of one owner.</summary>
/// <param name="Owner"><c>lf</c>, <c>meta</c>, <c>github</c>, or a member; <c>unknown</c> where nothing public says it.</param>
/// <param name="Label">As jobs carry it, with the prefix of its fleet; several labels are parted by blanks.</param>
internal sealed record JobCell(string Architecture, string Owner, string Label, long Seconds, DateTime From, DateTime To);

/// <summary>
/// Divides the published hours of a month: by days, then by who owns the machines, then by label. The seed moves labels only.
/// </summary>
internal sealed class FleetPlan(DemoFacts facts, int seed)
{
    public const string Foundation = "lf";
    public const string Meta = "meta";
    private const string Fleets = "fleets";
    private const int SecondsPerHour = 3_600;

    /// <summary>Every cell of a month; their seconds sum to the published hours of each architecture.</summary>
    public IEnumerable<JobCell> Cells(DemoMonth month) => facts.Architectures.SelectMany(architecture => Cells(architecture, month));

    /// <summary>What the Foundation's fleet ran of an architecture; no seed changes it.</summary>
    public long FoundationSeconds(string architecture, DemoMonth month) =>
        Groups(architecture, month).Where(g => g.Owner == Foundation).Sum(g => g.Seconds);

    /// <summary>The Foundation's percentage of the two fleets on a day.</summary>
    public int SharePercent(DateTime day) => facts.FoundationShares.FirstOrDefault(s => s.From <= day && day < s.To)?.Percent
        ?? throw new InvalidDataException($"foundation_share.csv says nothing about {day:yyyy-MM-dd}.");

    private bool IsUsed(LabelFact label, DemoMonth month) =>
        label.Era == "any" || label.Era == (month >= facts.FirstOsdcMonths[label.Architecture] ? "osdc" : "ec2");

    private static string Prefixed(LabelFact fact, string owner) => (fact.Era == "osdc", owner) switch
    {
        (true, Foundation) => "lf-" + fact.Label,
        (true, _) => "mt-" + fact.Label,
        (false, Foundation) => "lf." + fact.Label,
        (false, _) => fact.Label,
    };

    private IEnumerable<JobCell> Cells(string architecture, DemoMonth month)
    {
        foreach (var group in Groups(architecture, month))
        {
            foreach (var cell in Labels(architecture, month, group))
            {
                yield return cell;
            }
        }
    }

    private IEnumerable<JobCell> Labels(
        string architecture, DemoMonth month, OwnerHours group)
    {
        var labels = facts.Labels.Where(l => l.Architecture == architecture && l.Owner == group.LabelOwner && IsUsed(l, month)).ToList();
        var dice = Dice.For(seed, "labels", architecture, group.LabelOwner, month.ToString());
        var parts = Shares.Split(group.Seconds, dice.Jitter(labels.Select(l => l.Weight), 20));
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] > 0)
            {
                yield return new JobCell(architecture, group.Owner, Prefixed(labels[i], group.Owner), parts[i], group.From, group.To);
            }
        }
    }

    private IEnumerable<OwnerHours> Groups(string architecture, DemoMonth month)
    {
        var total = facts.Hours(architecture, month) * SecondsPerHour;
        if (total == 0)
        {
            yield break;
        }

        var spans = facts.FoundationShares.Where(s => s.From < month.End && s.To > month.Start)
            .Select(s => (From: Later(s.From, month.Start), To: Earlier(s.To, month.End), s.Percent)).ToList();
        var bySpan = Shares.Split(total, [.. spans.Select(s => (long)(s.To - s.From).TotalDays)]);
        var owners = Owners(architecture);
        if (owners.Count == 0)
        {
            throw new InvalidDataException($"job_labels.csv has no label for '{architecture}', which has hours in {month}.");
        }

        for (var i = 0; i < spans.Count; i++)
        {
            var byOwner = Shares.Split(bySpan[i], [.. owners.Select(o => o.Weight)]);
            for (var j = 0; j < byOwner.Length; j++)
            {
                if (owners[j].Owner == Fleets)
                {
                    var fleets = Shares.Split(byOwner[j], [spans[i].Percent, 100 - spans[i].Percent]);
                    yield return new(Foundation, Fleets, fleets[0], spans[i].From, spans[i].To);
                    yield return new(Meta, Fleets, fleets[1], spans[i].From, spans[i].To);
                }
                else
                {
                    yield return new(owners[j].Owner, owners[j].Owner, byOwner[j], spans[i].From, spans[i].To);
                }
            }
        }
    }

    /// <summary>The owners' weights are those of the labels before July 2026, when jobs were last counted by label.</summary>
    private List<(string Owner, long Weight)> Owners(string architecture) =>
    [
        .. facts.Labels.Where(l => l.Architecture == architecture && l.Era != "osdc").GroupBy(l => l.Owner, StringComparer.Ordinal)
            .Select(g => (g.Key, g.Sum(l => l.Weight))).OrderBy(g => g.Key, StringComparer.Ordinal)
    ];

    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    /// <summary>Hours of one owner's machines within a span of days.</summary>
    /// <param name="LabelOwner">The owner under which <c>job_labels.csv</c> lists the labels.</param>
    private sealed record OwnerHours(string Owner, string LabelOwner, long Seconds, DateTime From, DateTime To);
}
