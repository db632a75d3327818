using System.Numerics;
using CiCost.Accounting.Booking;
using CiCost.Accounting.Costs;
using CiCost.Domain.Lines;
using CiCost.Domain.Periods;
using CiCost.Ledger.BookVersions;
using CiCost.Ledger.Sources;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Data.Sqlite;

namespace CiCost.Accounting.Tests.Simulation;

/// <summary>
/// Books under random events beside a plain model. After every event all figures are compared now and as of a random earlier event;
/// after the last, every check runs. Some bookings go through files and format, the others straight to the ledger.
/// </summary>
internal sealed class Simulation(BookFixture books, int seed, Histogram histogram, bool alwaysThroughFiles) : IDisposable
{
    private const string SelectLines = "SELECT COUNT(*) || ' ' || COALESCE(SUM(billed_nanos), 0) || ' ' || "
        + "COALESCE(SUM(effective_nanos), 0) FROM cost_line";

    private const string SelectRollup = """
        SELECT COALESCE(SUM(line_count), 0) || ' ' || COALESCE(SUM(billed_nanos), 0) || ' ' || COALESCE(SUM(effective_nanos), 0)
        FROM rollup WHERE to_delivery = 2147483647
        """;

    private static readonly (CostMetric Metric, string[] GroupBy)[] Questions =
        [(CostMetric.Consumption, ["component"]), (CostMetric.Credits, ["component"]), (CostMetric.Billed, [])];

    private static readonly CostMetric[] Terms = [.. CostBridge.Terms, CostMetric.Payable];

    private readonly Random _random = new(seed);
    private readonly EventMaker _make = new(new Random(seed + 1));
    private readonly DirectBooking _direct = new(books);
    private readonly ModelBooks _model = new() { Policy = new ModelPolicy(0, 0, false) };
    private readonly List<(DateTimeOffset Instant, long Version, string Answers)> _history = [];
    private readonly HashSet<ModelPolicy> _policies = [];
    private readonly SqliteConnection _raw = books.OpenRaw();
    private long _version;

    public void Dispose() => _raw.Dispose();

    public async Task RunAsync(int events)
    {
        await books.AttributeAsync(_model.Policy.Set);
        for (var i = 0; i < events; i++)
        {
            try
            {
                await StepAsync();
                Compare();
            }
            catch (Exception exception)
            {
                throw new AssertionException($"seed {seed}, event {i}: {exception.Message}\n{exception}", exception);
            }
        }

        Assert.That(books.Check().SelectMany(o => o.Failures), Is.Empty, $"seed {seed}, checks after {events} events");
    }

    private async Task StepAsync()
    {
        var kind = _make.Kind();
        var scope = _make.Pick(kind == SimulatedEvent.Append ? EventMaker.Appending : EventMaker.Replacing);
        var latest = _model.LatestOf(scope);
        kind = latest is null && kind is SimulatedEvent.Restate or SimulatedEvent.Repeat ? SimulatedEvent.Deliver : kind;
        var isReturn = false;
        switch (kind)
        {
            case SimulatedEvent.ChangePolicy:
                _model.Policy = _policies.Count > 0 && _random.Next(2) == 0
                    ? _policies.ElementAt(_random.Next(_policies.Count))
                    : ModelPolicy.Random(_random);
                isReturn = !_policies.Add(_model.Policy);
                books.Time.Advance(TimeSpan.FromSeconds(1));
                await books.AttributeAsync(_model.Policy.Set);
                break;
            case SimulatedEvent.Repeat:
                await RepeatAsync(scope, latest!);
                break;
            case SimulatedEvent.Refuse:
                await RefuseAsync(scope);
                break;
            default:
                var lines = kind == SimulatedEvent.Restate ? _make.Restated(scope, latest!) : _make.Lines(scope);
                var isUnchanged = await BookAsync(scope, lines);
                Assert.That(isUnchanged, Is.EqualTo(latest is not null && BillLine.File(lines) == BillLine.File(latest)), "IsUnchanged");
                _model.Deliver(scope, lines);
                break;
        }

        histogram.Count(
            ("deliver", kind == SimulatedEvent.Deliver), ("restate", kind == SimulatedEvent.Restate),
                ("repeat", kind == SimulatedEvent.Repeat),
            ("append", kind == SimulatedEvent.Append), ("change policy", kind == SimulatedEvent.ChangePolicy),
                ("refuse", kind == SimulatedEvent.Refuse),
            ("return to a policy", isReturn), ("rule changes in mid-month", _model.Policy.ChangesInMidMonth));
    }

    private async Task RepeatAsync(ModelScope scope, IReadOnlyList<BillLine> latest)
    {
        // A delivery of the other path has another fingerprint: only the second time is the repetition.
        var throughFiles = ThroughFiles();
        await BookAsync(scope, latest, throughFiles);
        var before = new BookVersionDirectory(books.Books).AsOf(null).Id;
        Assert.That(await BookAsync(scope, latest, throughFiles), Is.True, "IsUnchanged");
        Assert.That(new BookVersionDirectory(books.Books).AsOf(null).Id, Is.EqualTo(before), "book version after a repetition");
    }

    private async Task RefuseAsync(ModelScope scope)
    {
        var before = new BookVersionDirectory(books.Books).AsOf(null).Id;
        var lines = _make.Lines(scope);
        if (ThroughFiles())
        {
            await ExpectAsync<DeliveryRejectedException>(()
                => books.DeliverAsync(RequestFor(scope), BillLine.File(lines.Append(lines[0].Billed("1..5")))));
        }
        else
        {
            await ExpectAsync<IOException>(()
                => _direct.RunAsync(SourceOf(scope), BillingMonth.Parse(scope.Month), scope.Part, [.. lines, null]));
        }

        Assert.That(new BookVersionDirectory(books.Books).AsOf(null).Id, Is.EqualTo(before), "book version after a refusal");
    }

    private static async Task ExpectAsync<T>(Func<Task> action)
        where T : Exception
    {
        try
        {
            await action();
        }
        catch (T)
        {
            return;
        }

        Assert.Fail($"No {typeof(T).Name}.");
    }

    private bool ThroughFiles() => alwaysThroughFiles || _random.Next(25) == 0;

    private Task<bool> BookAsync(ModelScope scope, IReadOnlyList<BillLine> lines)
        => BookAsync(scope, lines, throughFiles: alwaysThroughFiles);

    private async Task<bool> BookAsync(ModelScope scope, IReadOnlyList<BillLine> lines, bool throughFiles) => throughFiles
        ? (await books.DeliverAsync(RequestFor(scope), BillLine.File(lines))).IsUnchanged
        : (await _direct.RunAsync(SourceOf(scope), BillingMonth.Parse(scope.Month), scope.Part, lines)).IsUnchanged;

    private static SourceMode ModeOf(ModelScope scope) => scope.Part == "*" ? SourceMode.Replace : SourceMode.Append;

    private static Source SourceOf(ModelScope scope) => new(scope.Source, "focus-csv", null, ModeOf(scope), AllowQuarantine: false);

    private static BookDeliveryRequest RequestFor(ModelScope scope) => new()
    {
        SourceKey = scope.Source,
        Kind = "focus-csv",
        Mode = ModeOf(scope),
        BillingMonth = BillingMonth.Parse(scope.Month),
        Part = scope.Part,
        AcceptsShorter = true,
        AcceptsOtherMonth = true,
        AcceptsRepeated = true,
    };

    private void Compare()
    {
        var expected = _model.Answers();
        Assert.That(Answers(null, Questions), Is.EqualTo(expected), "now");
        Assert.That(Scalar(SelectLines), Is.EqualTo(Scalar(SelectRollup)), "rollup = lines");
        if (_history.Count > 0)
        {
            var (instant, version, answers) = _history[_random.Next(_history.Count)];
            var question = Questions[_random.Next(Questions.Length)];
            var then = answers.Split('\n').Where(a => a.StartsWith(question.Metric.ToString(), StringComparison.Ordinal));
            Assert.That(Answers(instant, [question]), Is.EqualTo(string.Join('\n', then)), $"as of {instant:O}, version {version}");
        }

        _history.Add((books.Time.GetUtcNow(), _version, expected));
    }

    private string Scalar(string sql)
    {
        using var command = _raw.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }

    private string Answers(DateTimeOffset? asOf, (CostMetric Metric, string[] GroupBy)[] questions)
    {
        SortedDictionary<string, BigInteger> figures = new(StringComparer.Ordinal);
        Dictionary<(CostMetric, string), Int128> totals = [];
        foreach (var (metric, groupBy) in questions)
        {
            var answer = books.Costs.Run(new CostQuery
            {
                From = BillingMonth.Parse("2026-01"),
                To = BillingMonth.Parse("2026-12"),
                Metric = metric,
                GroupBy = groupBy,
                AsOf = asOf,
            });
            _version = asOf is null ? answer.BookVersion.Id : _version;
            foreach (var proof in answer.Proofs)
            {
                totals[(metric, proof.Currency)] = proof.TotalNanos;
                figures[$"{metric} {proof.Currency} total"] = proof.TotalNanos;
                figures[$"{metric} {proof.Currency} attributed"] = proof.AttributedNanos;
                figures[$"{metric} {proof.Currency} unattributed"] = proof.UnattributedNanos;
                figures[$"{metric} {proof.Currency} evidence"] = proof.EvidenceNanos;
                Assert.That(proof.AttributedNanos + proof.UnattributedNanos, Is.EqualTo(proof.TotalNanos),
                    "attributed + unattributed = total");
                Assert.That(proof.BasisNanos.Values.Aggregate((Int128)0, (a, b) => a + b), Is.EqualTo(proof.TotalNanos),
                    "basis mix = total");
            }

            foreach (var row in answer.Rows.Where(_ => groupBy.Length > 0))
            {
                figures[$"{metric} {row.Currency} component {row.Keys[0]}"] = row.Nanos;
            }
        }

        foreach (var currency in totals.Keys.Where(_ => questions.Length == Questions.Length).Select(k => k.Item2).Distinct().ToList())
        {
            var terms = Terms.ToDictionary(t => t, t => Total(t, currency, asOf));
            Assert.That(
                totals.GetValueOrDefault((CostMetric.Consumption, currency)) + CostBridge.Terms.Aggregate((Int128)0, (sum, t) => sum + terms[t]),
                Is.EqualTo(terms[CostMetric.Payable]), "payable = consumption and the terms of the bridge");
        }

        return ModelBooks.Text(figures);
    }

    private Int128 Total(CostMetric metric, string currency, DateTimeOffset? asOf) => books.Costs.Run(new CostQuery
    {
        From = BillingMonth.Parse("2026-01"),
        To = BillingMonth.Parse("2026-12"),
        Metric = metric,
        AsOf = asOf,
    }).Proofs.FirstOrDefault(p => p.Currency == currency)?.TotalNanos ?? 0;
}
