using CiCost.Accounting.Booking;
using CiCost.Accounting.Checks;
using CiCost.Accounting.Checks.Deep;
using CiCost.Accounting.Policies;
using CiCost.CostIngest.Formats;
using CiCost.Domain.Checks;
using CiCost.Domain.Lines;
using CiCost.Ledger;
using CiCost.Ledger.Sources;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Checks.Deep;

/// <summary>Edits that keep every sum, and those that do not: each is found by <c>cicost check --deep</c>, under the name of its check.</summary>
public sealed class DeepCheckTests
{
    private const string MachineSet = "(SELECT dimension_set_id FROM cost_line WHERE line_id = (3 << 32 | 1))";
    private const string DiskSet = "(SELECT dimension_set_id FROM cost_line WHERE line_id = (3 << 32 | 3))";
    private const string OfMonth = "from_delivery <= 3 AND to_delivery > 3 AND scope_id = 1";

    private DeepBooks _books = null!;

    private static IEnumerable<TestCaseData> Edits =>
    [
        Edit("rollup by a nano", "RollupsAreTheirObjects",
            $"UPDATE rollup SET effective_nanos = effective_nanos + 1 WHERE {OfMonth} AND dimension_set_id = {MachineSet}"),
        Edit("rollup by month by a nano", "RollupsAreTheirObjects",
            $"UPDATE rollup_month SET billed_nanos = billed_nanos + 1 WHERE {OfMonth} AND dimension_set_id = {MachineSet}"),
        Edit("a line by a nano", "LinesAreTheirObjects", "UPDATE cost_line SET effective_nanos = effective_nanos + 1 WHERE line_id = (3 << 32 | 1)"),
        Edit("an exact total", "DeliveriesAreTheirObjects",
            "UPDATE delivery_total SET exact = '99' WHERE delivery_id = 3 AND cost_column = 'BilledCost' AND are_credits = 0"),
        Edit("an attribution", "EveryRuleSetAttributes",
            $"UPDATE attribution SET result_id = 1 + (result_id = 1) WHERE dimension_set_id = {MachineSet}"),
        Edit("an attribution result", "KeysAreHashes", "UPDATE attribution_result SET component = 'storage'"),
        Edit("a service that a rule reads", "KeysAreHashes",
            $"UPDATE dimension_set SET ServiceName = 'Disks' WHERE dimension_set_id = {MachineSet}"),
        Edit("the time of a book version", "VersionsAreChained", "UPDATE book_version SET recorded_at_ms = recorded_at_ms + 1 WHERE book_version_id = 3"),
        Edit("a control figure", "RecordsAreUnchanged", "UPDATE control_figure SET amount_nanos = amount_nanos + 1"),
        Edit("job runs are gone", "JobRunsAreTheirObjects", "DELETE FROM job_run WHERE job_id = 1"),
        Edit("labels to a known fleet", "JobRunsAreTheirObjects", "UPDATE job_run SET labels = 'gpu.mi300' WHERE job_id = 1"),
        Edit("lines are gone", "LinesAreTheirObjects", "DELETE FROM cost_line WHERE line_id = (3 << 32 | 2)"),
        Edit("the stored policy", "PolicyIsUnchanged", "UPDATE rule_file SET content = replace(content, 'even', 'even ') WHERE name = 'splits.yaml'"),
        Edit("a tenth from machines to disks, consistently: lines", "LinesAreTheirObjects", Moved),
        Edit("a tenth from machines to disks, consistently: rollups", "RollupsAreTheirObjects", Moved),
        Edit("the rollup of a superseded delivery", "RollupsAreTheirObjects",
            "UPDATE rollup SET effective_nanos = effective_nanos + 1000000000 WHERE to_delivery <> 2147483647"),
        Edit("seconds of job runs doubled", "JobRunsAreTheirObjects", "UPDATE job_run SET run_seconds = run_seconds * 2"),
        Edit("the repository of a job run", "JobRunsAreTheirObjects", "UPDATE job_run SET repository = 'other/app' WHERE job_id = 2"),
        Edit("SubAccountName", "KeysAreHashes", $"UPDATE dimension_set SET SubAccountName = 'other' WHERE dimension_set_id = {MachineSet}"),
        Edit("RegionName", "KeysAreHashes", $"UPDATE dimension_set SET RegionName = 'other' WHERE dimension_set_id = {MachineSet}"),
        Edit("extras", "KeysAreHashes",
            $"UPDATE dimension_set SET extras = '{{\"x_RunnerLabel\":\"gpu.mi300\"}}' WHERE dimension_set_id = {MachineSet}"),
        Edit("ResourceId", "LinesAreTheirObjects", "UPDATE resource SET ResourceId = 'machine-9' WHERE resource_id = (3 << 32 | 1)"),
        Edit("a delivery of another object", "DeliveriesAreTheirObjects",
            "UPDATE delivery_object SET sha256 = (SELECT sha256 FROM delivery_object WHERE delivery_id = 2) WHERE delivery_id = 3"),
        Edit("posting month", "DeliveriesAreTheirObjects", "UPDATE delivery SET posting_month = posting_month + 1 WHERE delivery_id = 3"),
        Edit("the time of a booking", "RecordsAreUnchanged", "UPDATE delivery SET booked_at_ms = booked_at_ms + 1 WHERE delivery_id = 3"),
        Edit("row_count", "DeliveriesAreTheirObjects", "UPDATE delivery SET row_count = row_count + 1 WHERE delivery_id = 3"),
        Edit("digests of days", "DeliveriesAreTheirObjects", "UPDATE delivery_day SET digest = zeroblob(16) WHERE delivery_id = 3"),
        Edit("digests of blocks", "DeliveriesAreTheirObjects", "UPDATE delivery_block SET digest = zeroblob(16) WHERE delivery_id = 3"),
        Edit("unit prices", "LinesAreTheirObjects", "UPDATE unit_price SET ListUnitPrice = '0.5'"),
        Edit("consumed quantities of lines", "LinesAreTheirObjects", "UPDATE cost_line SET consumed_units = consumed_units + 1"),
        Edit("consumed quantities of the rollup", "RollupsAreTheirObjects", "UPDATE rollup SET consumed_units = consumed_units + 1"),
        Edit("the instant within the day", "LinesAreTheirObjects", "UPDATE cost_line SET charge_start_s = charge_start_s + 60 WHERE line_id = (3 << 32 | 1)"),
        Edit("the time of evidence", "RecordsAreUnchanged", "UPDATE evidence SET recorded_at_ms = recorded_at_ms - 1"),
        Edit("the history of runs", "RecordsAreUnchanged", "UPDATE source_run SET outcome = 'failed', error_code = 'disk'"),
        Edit("a run is gone", "RecordsAreUnchanged", "DELETE FROM source_run"),
        Edit("a run that never was", "RecordsAreUnchanged",
            "INSERT INTO source_run (source_key, cause, first_month, last_month, started_at_ms, outcome) VALUES ('bill', 'api', 1, 1, 1, 'failed')"),
        Edit("the digest of a version", "VersionsAreChained", "UPDATE version_digest SET digest = zeroblob(32) WHERE book_version_id = 2"),
        Edit("the digest of a record", "RecordsAreUnchanged", "UPDATE record_digest SET digest = zeroblob(32) WHERE kind = 'feed'"),
        Edit("what was delivered", "ObjectsAreAsDelivered", "UPDATE raw_object SET delivered_bytes = delivered_bytes + 1"),
        Edit("a view", "DatabaseIsSound", "DROP VIEW v_rollup"),
        Edit("a reference", "DatabaseIsSound", "UPDATE delivery SET scope_id = 99 WHERE delivery_id = 3"),
    ];

    private static string Moved => $"""
        UPDATE cost_line SET effective_nanos = effective_nanos - 100000000 WHERE line_id = (3 << 32 | 1);
        UPDATE cost_line SET effective_nanos = effective_nanos + 100000000 WHERE line_id = (3 << 32 | 3);
        UPDATE rollup SET effective_nanos = effective_nanos - 100000000 WHERE {OfMonth} AND dimension_set_id = {MachineSet}
          AND charge_day = (SELECT charge_start_s / 86400 FROM cost_line WHERE line_id = (3 << 32 | 1));
        UPDATE rollup SET effective_nanos = effective_nanos + 100000000 WHERE {OfMonth} AND dimension_set_id = {DiskSet}
          AND charge_day = (SELECT charge_start_s / 86400 FROM cost_line WHERE line_id = (3 << 32 | 3));
        UPDATE rollup_month SET effective_nanos = effective_nanos - 100000000 WHERE {OfMonth} AND dimension_set_id = {MachineSet};
        UPDATE rollup_month SET effective_nanos = effective_nanos + 100000000 WHERE {OfMonth} AND dimension_set_id = {DiskSet};
        """;

    [OneTimeSetUp]
    public async Task MakeBooks() => _books = await DeepBooks.MakeAsync();

    [OneTimeTearDown]
    public void RemoveBooks() => _books?.Dispose();

    [Test]
    public async Task SoundBooks_HoldEveryDeepCheck()
    {
        _books.Damage(_ => { });
        var outcomes = await _books.CheckAsync();
        var deep = outcomes.Take(RunChecks.DeepCatalogue.Count).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(DeepBooks.Failures(deep), Is.Empty);
            Assert.That(deep.Select(o => (o.Check, o.State)), Is.EqualTo(RunChecks.DeepCatalogue.Select(c => (c.Name, CheckState.Holds))));
            Assert.That(outcomes, Has.Count.EqualTo(RunChecks.DeepCatalogue.Count + RunChecks.Catalogue.Count));
            Assert.That(deep.SelectMany(o => o.Notices), Has.Some.Contains("deliveries were read again").And.Some.Contains("note this one elsewhere"));
        });
    }

    [TestCaseSource(nameof(Edits))]
    public async Task Edit_IsFound_ByItsCheck(string check, string sql)
    {
        _books.Damage(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            var changed = command.ExecuteNonQuery();
            Assert.That(changed > 0 || sql.StartsWith("DROP", StringComparison.Ordinal), "an edit that changes nothing proves nothing");
        });
        var outcome = (await _books.CheckAsync()).Single(o => o.Check == check);
        foreach (var failure in outcome.Failures)
        {
            TestContext.Out.WriteLine($"{failure.Where}: {failure.Message} [{failure.Expected} | {failure.Actual}]");
        }

        Assert.That(outcome.State, Is.EqualTo(CheckState.Fails));
        Assert.That(outcome.Failures.Select(f => f.Message), Has.All.Contains("Restore a backup").Or.All.Contains("cannot be"));
    }

    [Test]
    public async Task EditOfARecord_ThatTheProgramChangesLater_IsStillFound()
    {
        _books.Damage(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE feed SET fresh_hours = 9999";
            Assert.That(command.ExecuteNonQuery(), Is.Positive);
        });
        using (var books = await Books.OpenAsync(_books.CopyPath, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None))
        {
            await new FeedDirectory(books).ReplaceAsync([new Feed("bill", "drop-folder", 24, null, default)], CancellationToken.None);
        }

        var outcome = (await _books.CheckAsync()).Single(o => o.Check == nameof(RecordsAreUnchanged));
        Assert.That(outcome.Failures.Select(f => f.Where), Is.EqualTo(new[] { "feed, feed bill" }));
    }

    [Test]
    public async Task DeliveriesOfAFormerMapping_AreNamed_AndNoFailure()
    {
        _books.Damage(_ => { });
        using var books = await Books.OpenAsync(_books.CopyPath, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);
        var policies = new PolicyShelf(books);
        var replay = new ReplayBooks(books, policies, LineFormats.All().Select(f => f.Kind == "focus-csv" ? new Newer(f) : f), LineFormats.Jobs(),
            BookFixture.Options, CancellationToken.None);
        var deep = new RunChecks(books, policies).RunDeep(null, replay).Take(RunChecks.DeepCatalogue.Count).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(deep.SelectMany(o => o.Failures), Is.Empty);
            Assert.That(deep.SelectMany(o => o.Notices), Has.Some.StartsWith("delivery 3 of bill 2026-07 was not compared row by row: booked by mapping"));
        });
    }

    [Test]
    public async Task BookingsMeanwhile_AreNoFailures()
    {
        using var books = await BookFixture.OpenAsync();
        for (var cost = 1; cost <= 3; cost++)
        {
            await books.DeliverAsync("bill", "2026-03", BillLine.ALine().Costing($"{cost}"), BillLine.ALine().For($"Service {cost}"));
        }

        var booking = Task.Run(async () =>
        {
            for (var cost = 4; cost <= 12; cost++)
            {
                await books.DeliverAsync("bill", "2026-03", BillLine.ALine().Costing($"{cost}"), BillLine.ALine().For($"Service {cost}"));
            }
        });
        List<string> failures = [];
        do
        {
            var deep = new RunChecks(books.Books, books.Policies).RunDeep(null, DeepBooks.Replay(books.Books, books.Policies));
            failures.AddRange(DeepBooks.Failures(deep.Take(RunChecks.DeepCatalogue.Count)));
        }
        while (!booking.IsCompleted);

        await booking;
        Assert.That(failures, Is.Empty);
    }

    /// <summary>The same format in a program that reads it otherwise.</summary>
    private sealed class Newer(ILineFormat format) : ILineFormat
    {
        public string Kind => format.Kind;

        public IReadOnlyDictionary<string, string> Profiles => format.Profiles;

        public int MappingVersion => format.MappingVersion + 1;

        public FormatReport Read(FormatRequest request, LineEncoder encoder, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A delivery of a former mapping is not read.");

        public IReadOnlyList<RawRow> ReadRows(ContentObject content, IReadOnlyList<long> rowNumbers, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private static TestCaseData Edit(string name, string check, string sql) => new TestCaseData(check, sql).SetArgDisplayNames(name, check);
}
