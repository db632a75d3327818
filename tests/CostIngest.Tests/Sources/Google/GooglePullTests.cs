using CiCost.Accounting.Costs;
using CiCost.CostIngest.Sources;
using CiCost.CostIngest.Sources.Google;
using CiCost.CostIngest.Sources.Hud;
using CiCost.CostIngest.Sources.Pulling;
using CiCost.CostIngest.Tests.Formats;
using CiCost.CostIngest.Tests.Formats.GcpBilling;
using CiCost.Policy;
using CiCost.Policy.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using CiCost.TestKit.Servers;

namespace CiCost.CostIngest.Tests.Sources.Google;

/// <summary>Google's bill from the provider into the books, with the policy that docs/sources/google.md tells people to write.</summary>
public sealed class GooglePullTests
{
    private static readonly int Seeds = Counts.Of(60);
    private FakeBigQuery _table = null!;
    private FakeGoogle _google = null!;
    private TempFolder _folder = null!;
    private BookFixture _books = null!;

    private static string Page => File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "sources", "google.md"));

    [SetUp]
    public async Task SetUp()
    {
        _table = BillingTable.Of(GcpFile.Standard);
        _google = await FakeGoogle.StartAsync(GoogleBigQueryConnector.Scope, (c, r) => _table.AnswerAsync(c, r));
        _folder = new TempFolder();
        _folder.Write("key.json", _google.KeyJson());
        _books = await BookFixture.OpenAsync();
        await _books.AttributeAsync(PolicyOfThePage());
    }

    [TearDown]
    public async Task TearDown()
    {
        _books.Dispose();
        _folder.Dispose();
        await _google.DisposeAsync();
    }

    [Test]
    public async Task Month_Pulled_IsPayableByItsParts()
    {
        var result = await PullAsync();
        Assert.That(result.Failures, Is.Empty);
        Assert.Multiple(() =>
        {
            // Python's totals of the file. Promotions and free tier: -80.4 - 167.5 + 40 - 0.000000041267365217.
            Assert.That(_books.Total(CostMetric.Payable, "2026-07", TimeAxis.Billing), Is.EqualTo(35.7043648m));
            Assert.That(_books.Total(CostMetric.Credits, "2026-07", TimeAxis.Billing), Is.EqualTo(-207.9m));
            Assert.That(_books.Total(CostMetric.FreeTerms, "2026-07", TimeAxis.Billing), Is.EqualTo(-0.000000041m), "nobody's contribution");
            Assert.That(_books.Total(CostMetric.Consumption, "2026-07", TimeAxis.Billing), Is.EqualTo(243.604364841m));
            Assert.That(_books.Total(CostMetric.Payable, "2026-07", TimeAxis.Billing, "EUR"), Is.EqualTo(8.8m));
            Assert.That(_books.Total(CostMetric.Payable, "2026-08"), Is.EqualTo(3m), "the hours in California that are August in UTC");
        });
    }

    [Test]
    public async Task Month_PulledAgain_ChangesNothingUntilGoogleDoes()
    {
        await PullAsync();
        var queries = _table.Queries.Count;
        var again = await PullAsync();
        Assert.That((again.Counts.Taken, again.Counts.Unchanged), Is.EqualTo((0, 1)));
        Assert.That(_table.Queries, Has.Count.EqualTo(queries + 1), "only the rows are counted");

        _table.Rows[0]["cost"] = "2.2643648";
        _table.Rows[0]["export_time"] = "1783700000000000";
        var restated = await PullAsync();
        Assert.That(restated.Offers.Single().IsUnchanged, Is.False);
        Assert.That(_books.Total(CostMetric.Payable, "2026-07", TimeAxis.Billing), Is.EqualTo(36.7043648m));
    }

    [Test]
    public async Task Pull_ThatFails_BooksNothingAndTheNextOneIsWhole()
    {
        _table.SkippedPage = 1;
        var failed = await PullAsync();
        Assert.That(failed.Failures.Single().Code, Is.EqualTo("page-missing"));
        Assert.That(_books.Scalar("SELECT count(*) FROM delivery"), Is.EqualTo("0"));
        _table.SkippedPage = null;
        await PullAsync();
        Assert.That(_books.Total(CostMetric.Payable, "2026-07", TimeAxis.Billing), Is.EqualTo(35.7043648m));
    }

    [Test]
    public async Task Seeds_OfTrouble_EndInTheSameBooksOrANamedFailure()
    {
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);

            // Google restated the month, so that it is fetched again.
            _table.Rows[0]["export_time"] = (1_783_600_000_000_001 + seed).ToString(null, null);
            _google.Server.Misbehave([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Trouble(random))]);
            var outcome = (await PullAsync()).Failures.Select(f => f.Code).FirstOrDefault() ?? "whole";
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            _google.Server.Heal();
            var whole = await PullAsync();
            Assert.That(whole.Failures, Is.Empty, $"seed {seed} after {outcome}");
            Assert.That(whole.Counts.Taken, Is.EqualTo(outcome == "whole" ? 0 : 1), $"seed {seed} after {outcome}");
            Assert.That(_books.Total(CostMetric.Payable, "2026-07", TimeAxis.Billing), Is.EqualTo(35.7043648m), $"seed {seed}");
        }

        Assert.That(outcomes["whole"], Is.GreaterThan(Seeds / 6), string.Join(", ", outcomes));
        Assert.That(outcomes.Keys, Has.Count.GreaterThan(1), string.Join(", ", outcomes));
    }

    [Test]
    public void Page_SourcesFile_IsOneThatIsRead()
    {
        var text = "sources:\n" + Block("sources:");
        var catalogue = SourceCatalogue.Read(SourcesFile.Parse("sources.yaml", text), Connectors.All(), _ => new SourceServices(TimeProvider.System, "x"));
        Assert.That(catalogue.Entries.Select(e => e.Connector), Is.EqualTo(new[] { "google-bigquery", "google-focus", "google-billing" }));
    }

    [Test]
    public void HudPage_SourcesFile_IsOneThatIsRead()
    {
        var page = File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "sources", "hud.md"));
        var yaml = page[page.IndexOf("```yaml\n", StringComparison.Ordinal)..][8..];
        var catalogue = SourceCatalogue.Read(SourcesFile.Parse("sources.yaml", yaml[..yaml.IndexOf("```", StringComparison.Ordinal)]),
            [new PyTorchHudConnector()], _ => new SourceServices(TimeProvider.System, "x"));
        Assert.That(catalogue.Entries.Single().Connector, Is.EqualTo("hud"));
    }

    private static Fault Trouble(Random random)
    {
        var fault = random.Next(6) switch
        {
            0 => Fault.Answer(429, "{}", "application/json", ("Retry-After", "0")),
            1 => Fault.Answer(403, FakeGoogle.Error(403, "rateLimitExceeded", "slow down")),
            2 => Fault.Answer(500, "oops", "text/plain") with { Times = random.Next(1, 8) },
            3 => Fault.CutOffAfter(random.Next(1, 400)),
            4 => Fault.Answer(403, FakeGoogle.Error(403, "accessDenied", "no")),
            _ => Fault.Answer(200, "{\"jobComplete\":true,\"totalRows\":\"7\"}"),
        };
        return fault with { When = r => r.Path.StartsWithSegments("/bigquery"), After = random.Next(0, 7) };
    }

    private async Task<PullResult> PullAsync()
    {
        var catalogue = SourceRig.Catalogue(new GoogleBigQueryConnector(GoogleRig.Fast), $"""
            project: pytorch-ci
            dataset: billing
            table: gcp_billing_export_v1_01D4EE
            location: US
            rowsPerPage: 5
            endpoint: {_google.Server.Address}
            credentials: file:{_folder.File("key.json")}
            """, new SourceServices(TimeProvider.System, "x"));
        return await SourceRig.PullAsync(_books, catalogue, "2026-07");
    }

    /// <summary>The repository's policy with the grants and rules of the page.</summary>
    private static PolicySet PolicyOfThePage()
    {
        var block = "grants:\n" + Block("grants:");
        var at = block.IndexOf("rules:\n", StringComparison.Ordinal);
        var (grants, rules) = (block["grants:\n".Length..at], block[(at + "rules:\n".Length)..]);
        var files = PolicyLoader.Load(Path.Combine(TestFiles.Root, "policy")).Files;
        return PolicyLoader.Parse([.. files.Select(f => f.Name != "funding.yaml" ? f : f with
        {
            Text = f.Text.Replace("grants:\n", "grants:\n" + grants, StringComparison.Ordinal)
                .Replace("rules:\n", "rules:\n" + rules, StringComparison.Ordinal),
        })]);
    }

    /// <summary>The lines of the page's YAML block after its first one.</summary>
    private static string Block(string first)
    {
        var lines = Page.Split('\n').SkipWhile(l => l.Trim() != first).Skip(1).TakeWhile(l => l.Trim() != "```");
        return string.Concat(lines.Select(l => (l.StartsWith("   ", StringComparison.Ordinal) ? l[3..] : l) + "\n"));
    }
}
