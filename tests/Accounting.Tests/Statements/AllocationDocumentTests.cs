using System.Globalization;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Domain.Money;
using CiCost.Domain.Periods;
using CiCost.Domain.Sharing;
using CiCost.Policy;

namespace CiCost.Accounting.Tests.Statements;

/// <summary>The worked example of docs/allocation.md: its policy is read, its consumption divided, and every number compared.</summary>
public sealed class AllocationDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "allocation.md"));

    private static readonly string[][] Consumed = Table("| consumed |");

    [Test]
    public void Example_OfThePage_IsWhatTheEngineGives()
    {
        var statement = Divide();
        Assert.Multiple(() =>
        {
            Assert.That(statement.Rows.Select(r => new[]
            {
                r.Organisation, Usd(r.TotalGivenNanos), Usd(r.ExcludedNanos), Usd(r.DirectedNanos), Usd(r.SharedNanos), Usd(r.NetNanos),
            }), Is.EqualTo(Table("| organisation |")));
            Assert.That(Stages(statement), Is.EqualTo(Table("| stage |").Select(r => (r[0], r[0] == "excluded" ? r[1] : "", r[2]))));
        });
    }

    [Test]
    public void Example_OfThePage_HasEveryStage() => Assert.Multiple(() =>
    {
        Assert.That(Consumed, Has.Length.EqualTo(8));
        Assert.That(Stages(Divide()).Select(s => s.Usd), Has.None.EqualTo("0"));
    });

    private static IEnumerable<(string Stage, string Name, string Usd)> Stages(SplitStatement s) =>
    [
        ("common direct", "", Usd(s.CommonDirectNanos)),
        ("common overhead", "", Usd(s.CommonOverheadNanos)),
        ("directed", "", Usd(s.DirectedNanos)),
        .. s.Excluded.Reverse().Select(e => ("excluded", e.Id, Usd(e.Nanos))),
        ("consumption", "", Usd(s.ConsumptionNanos)),
    ];

    private static SplitStatement Divide() => SplitEngine.Divide(
        Policy(), BillingMonth.Parse("2026-07"), [.. Consumed.Select(Cell)], new Dictionary<string, Int128>(), null);

    private static SharedCell Cell(string[] row)
    {
        var values = new string?[Enum.GetValues<AttributeName>().Length];
        values[(int)AttributeName.Component] = row[3];
        values[(int)AttributeName.Project] = row[4];
        values[(int)AttributeName.Beneficiary] = row[5].Length == 0 ? null : row[5];
        Assert.That(FundingKinds.TryParse(row[2], out var kind), row[2]);
        var nanos = (Int128)(decimal.Parse(row[6], CultureInfo.InvariantCulture) * Money.NanosPerUnit);
        return new SharedCell(row[0], new Funder(row[1], kind), [.. values], nanos);
    }

    private static SplitPolicy Policy()
    {
        const string fence = "```yaml\n";
        var from = Page.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        var yaml = Page[from..Page.IndexOf("```", from, StringComparison.Ordinal)];
        return PolicyLoader.Parse(
        [
            new PolicyFile("organisations.yaml", """
                organisations:
                  - {id: amd, name: AMD, slug: AMD, roles: [donor]}
                  - {id: aws, name: AWS, slug: AWS, roles: [donor]}
                  - {id: meta, name: Meta, slug: Meta, roles: []}
                """),
            new PolicyFile("accounts.yaml", "accounts: []"),
            new PolicyFile("projects.yaml", "projects:\n  - {id: vllm, name: vLLM, repository: vllm-project/vllm}\n"),
            new PolicyFile("components.yaml", "components:\n  - {id: storage, name: Storage}\n  - {id: support, name: Support}\n"),
            new PolicyFile("architectures.yaml", "architectures: []"),
            new PolicyFile("dimensions.yaml", "customColumns: []\ntagKeys: []\nrequiredAttributes: [component]\n"),
            new PolicyFile("coverage.yaml", "domains: []"),
            new PolicyFile("funding.yaml", "grants: []\nrules: []\n"),
            new PolicyFile("splits.yaml", yaml),
        ]).Splits.Single();
    }

    /// <summary>The rows of the table whose header begins so.</summary>
    private static string[][] Table(string header) =>
    [
        .. Page.ReplaceLineEndings("\n").Split('\n').SkipWhile(l => !l.StartsWith(header, StringComparison.Ordinal)).Skip(2)
            .TakeWhile(l => l.StartsWith('|')).Select(l => l.Trim('|').Split('|').Select(f => f.Trim()).ToArray()),
    ];

    private static string Usd(Int128 nanos) =>
        ((decimal)nanos / Money.NanosPerUnit).ToString("#,0.#########", CultureInfo.InvariantCulture);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CiCost.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("CiCost.sln is in no folder above the tests.");
    }
}
