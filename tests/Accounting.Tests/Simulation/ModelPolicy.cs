using CiCost.Policy;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Simulation;

/// <summary>One of 24 policies: how components are ruled, how gifts are, and whose ledger the domain main is. Half of them change on
/// 2026-03-16.</summary>
/// <param name="Components">0: machines; 1: disks too; 2: disks change their component; 3: machines are ruled before the change
/// only.</param>
/// <param name="Gifts">0: a grant; 1: a charge; 2: a grant before the change.</param>
/// <param name="EstimateFirst">The estimate is the ledger before the change, the bill after; else the bill always.</param>
internal sealed record ModelPolicy(int Components, int Gifts, bool EstimateFirst)
{
    public static readonly DateOnly Change = new(2026, 3, 16);

    private static readonly Dictionary<ModelPolicy, PolicySet> Sets = [];

    public bool ChangesInMidMonth => Components >= 2 || Gifts == 2 || EstimateFirst;

    /// <summary>The policy, as the program reads it.</summary>
    public PolicySet Set
    {
        get
        {
            lock (Sets)
            {
                return Sets.TryGetValue(this, out var set) ? set : Sets[this] = Read();
            }
        }
    }

    public string? ComponentOf(BillLine line) => (line.Service, Components) switch
    {
        ("Machines", 3) => line.Day < Change ? "compute" : null,
        ("Machines", _) => "compute",
        ("Disks", 1) => "storage",
        ("Disks", 2) => line.Day < Change ? "storage" : "support",
        _ => null,
    };

    public bool IsFunding(BillLine line) =>
        line is { Category: "Credit", Description: "gift" } && Gifts != 1 && (Gifts == 0 || line.Day < Change);

    public bool Counts(string source, BillLine line) => line.Account switch
    {
        "acct-1" => source == LedgerOfMain(line.Day),
        "acct-2" => source == "bill",
        _ => true,
    };

    /// <summary>A residue stands with its source: evidence where a domain names it so on that day and none names it as its
    /// ledger.</summary>
    public bool ResidueCounts(string source, DateOnly day) => source != "estimate" || LedgerOfMain(day) == "estimate";

    public static ModelPolicy Random(Random random) => new(random.Next(4), random.Next(3), random.Next(2) == 0);

    private string LedgerOfMain(DateOnly day) => EstimateFirst && day < Change ? "estimate" : "bill";

    private PolicySet Read() => new PolicyText
    {
        Rules = Components switch
        {
            0 => Rule("machines", "", "Machines", "compute"),
            1 => Rule("machines", "", "Machines", "compute") + Rule("disks", "", "Disks", "storage"),
            2 => Rule("machines", "", "Machines", "compute") + Rule("disks-before", "to: 2026-03-16, ", "Disks", "storage")
                + Rule("disks-after", "from: 2026-03-16, ", "Disks", "support"),
            _ => Rule("machines", "to: 2026-03-16, ", "Machines", "compute"),
        },
        FundingRules = "  - {id: discounts, when: {ChargeCategory: Credit, ChargeDescription: discount}, then: {role: charge}}\n" + GiftRules
            + "  - {id: corrections, when: {ChargeCategory: Credit, ChargeClass: Correction}, then: {role: charge}}\n",
        MainCoverage = EstimateFirst
            ? "      - {ledger: estimate, basis: estimated, to: 2026-03-16, evidence: [{source: bill, basis: billed}]}\n"
                + "      - {ledger: bill, basis: billed, from: 2026-03-16, evidence: [{source: estimate, basis: estimated}]}"
            : PolicyText.Boring.MainCoverage,
    }.Read();

    private string GiftRules => Gifts switch
    {
        0 => Gift("gifts", "", "grant: gift"),
        1 => Gift("gifts", "", "role: charge"),
        _ => Gift("gifts-before", "to: 2026-03-16, ", "grant: gift") + Gift("gifts-after", "from: 2026-03-16, ", "role: charge"),
    };

    private static string Rule(string id, string days, string service, string component) =>
        $"  - {{id: {id}, {days}when: {{ServiceName: {service}}}, then: {{component: {component}}}}}\n";

    private static string Gift(string id, string days, string then) =>
        $"  - {{id: {id}, {days}when: {{ChargeCategory: Credit, ChargeDescription: gift}}, then: "
            + $"{{{then}}}}}\n";
}
