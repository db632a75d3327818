using CiCost.Ledger.Sqlite;
using CiCost.TestKit;
using CiCost.TestKit.Bookkeeping;
using Microsoft.Data.Sqlite;

namespace CiCost.Ledger.Tests.Sqlite;

/// <summary>Opening books: migrations, refusals, pragmas, and the gate for one writer.</summary>
public sealed class OpeningTests
{
    [Test]
    public async Task FreshBooks_HaveTheApprovedSchema()
    {
        using var books = await BookFixture.OpenAsync();
        using var connection = books.OpenRaw();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name";
        using var reader = command.ExecuteReader();
        List<string> statements = [$"PRAGMA user_version = {Migrator.Newest}"];
        while (reader.Read())
        {
            statements.Add(reader.GetString(0));
        }

        Golden.Verify(string.Join(";\n\n", statements) + ";\n", "schema");
    }

    [Test]
    public void Scripts_AreNumberedFromOneWithoutGap() =>
        Assert.That(Migrator.Scripts.Select(s => s.Number), Is.EqualTo(Enumerable.Range(1, Migrator.Newest)));

    [Test]
    public void Evidence_OfBooksBeforeVersionsCountedIt_CountsFromTheVersionThatWasNewestThen()
    {
        using var connection = BooksOfSchema(3);
        Execute(connection, $"""
            INSERT INTO rule_set (rule_set_id, content_hash, registered_at_ms) VALUES (1, '{new string('a', 64)}', 10);
            INSERT INTO book_version (book_version_id, recorded_at_ms, event, rule_set_id) VALUES (1, 100, 'rules', 1), (2, 200, 'rules', 1);
            INSERT INTO evidence (source_key, billing_month, part, version, recorded_at_ms)
              VALUES ('early', 1, '*', '1', 50), ('between', 1, '*', '1', 150), ('after', 1, '*', '1', 250);
            """);
        Migrator.Migrate(connection);

        Assert.That(Rows(connection, """
            SELECT group_concat(source_key || ' ' || COALESCE(book_version_id, 'none'), ', ') FROM (SELECT * FROM evidence ORDER BY evidence_id)
            UNION ALL SELECT COUNT(*) || ' versions' FROM book_version UNION ALL SELECT 'foreign keys ' || foreign_keys FROM pragma_foreign_keys
            """), Is.EqualTo(new[] { "early none, between 1, after 2", "2 versions", "foreign keys 1" }));
    }

    [Test]
    public void BuildkiteUuid_OfBooksThatKeptItAsGroup_MovesToItsOwnColumn_AndTheEventStaysTheSame()
    {
        using var connection = BooksOfSchema(4);
        string Run(string system, string group) => $"('{system}', 'host', 7, 1, 1, 'a/b', 'test', 3, 9, '', {group}, 9, x'{new string('5', 32)}', 1, 1)";
        Execute(connection, $"""
            INSERT INTO job_run (system, host, job_id, attempt, run_id, repository, name, status, run_seconds, labels, runner_group, event_s,
              event_hash, delivery_id, row_number)
            VALUES {Run("buildkite", "'0190046e-e199'")}, {Run("github", "'Default'")}, {Run("other", "NULL")};
            """);
        Migrator.Migrate(connection);

        Assert.That(Rows(connection, """
            SELECT j.system || ' ' || COALESCE(j.runner_group, '-') || ' ' || COALESCE(j.native_id, '-') || ' ' || COALESCE(v.native_id, '-')
              || ' ' || (j.event_hash = x'55555555555555555555555555555555')
            FROM job_run j JOIN v_job_run v USING (system) ORDER BY 1
            """), Is.EqualTo(new[] { "buildkite - 0190046e-e199 0190046e-e199 1", "github Default - - 1", "other - - - 1" }));
    }

    [TestCase(true, ExpectedResult = new[] { "rebook-values" })]
    [TestCase(false, ExpectedResult = new string[0])]
    public string[] ValuesOfOlderPrograms_AreToBeBookedAgain_WhereAnythingIsBooked(bool hasDelivery)
    {
        using var connection = BooksOfSchema(6);
        if (hasDelivery)
        {
            Execute(connection, $"""
                INSERT INTO rule_set (rule_set_id, content_hash, registered_at_ms) VALUES (1, '{new string('a', 64)}', 10);
                INSERT INTO book_version (book_version_id, recorded_at_ms, event, rule_set_id) VALUES (1, 100, 'delivery', 1);
                INSERT INTO source (source_id, source_key, kind, mode, allow_quarantine, registered_at_ms) VALUES (1, 's', 'k', 'replace', 0, 1);
                INSERT INTO scope (scope_id, source_id, billing_month, part) VALUES (1, 1, 1, '*');
                INSERT INTO delivery (delivery_id, scope_id, book_version_id, fingerprint, format_version, row_count, quarantined_count,
                  empty_cost_count, new_dimension_sets, posting_month, booked_at_ms, tool_version)
                VALUES (1, 1, 1, '{new string('b', 64)}', '1', 0, 0, 0, 0, 1, 100, 'test');
                """);
        }

        Migrator.Migrate(connection);
        return [.. Rows(connection, "SELECT task FROM upkeep WHERE done_at_ms IS NULL")];
    }

    [Test]
    public async Task Books_OpenedAgain_AreUnchanged()
    {
        using var books = await BookFixture.OpenAsync();
        using var again = await OpenAsync(books.Books.Path);

        Assert.That(books.Scalar("SELECT COUNT(*) FROM rule_set"), Is.EqualTo("1"));
    }

    [Test]
    public async Task NewerSchema_IsRefused_AndSaysWhatToDo()
    {
        using var books = await BookFixture.OpenAsync();
        books.Execute("PRAGMA user_version = 99");

        var exception = Assert.ThrowsAsync<BooksException>(() => OpenAsync(books.Books.Path));
        Assert.That(exception!.Message, Does.Contain("schema 99").And.Contain("Use the newer cicost"));
    }

    [Test]
    public async Task FileThatIsNoDatabase_IsRefused_AndStaysAsItIs()
    {
        using var folder = new TempFolder();
        var path = folder.Write("notes.db", string.Concat(Enumerable.Repeat("these are no books, only words\n", 1000)));
        var before = await File.ReadAllBytesAsync(path);

        var exception = Assert.ThrowsAsync<BooksException>(() => OpenAsync(path));
        Assert.Multiple(() =>
        {
            Assert.That(exception!.Message, Does.Contain("is not a SQLite database"));
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
        });
    }

    [TestCase("journal_mode", "wal")]
    [TestCase("synchronous", "2")]
    [TestCase("foreign_keys", "1")]
    [TestCase("busy_timeout", "60000")]
    [TestCase("wal_autocheckpoint", "0")]
    [TestCase("page_size", "8192")]
    public async Task WriterPragma_ReadBack_IsAsDocumented(string pragma, string expected)
    {
        using var books = await BookFixture.OpenAsync();
        using var writer = books.Books.OpenWriter();

        Assert.That(Scalar(writer, "PRAGMA " + pragma), Is.EqualTo(expected));
    }

    [Test]
    public async Task Reader_CannotWrite()
    {
        using var books = await BookFixture.OpenAsync();
        using var reader = books.Books.OpenReader();

        Assert.That(() => Scalar(reader, "DELETE FROM book_version"), Throws.InstanceOf<SqliteException>());
    }

    [Test]
    public async Task SecondBooks_OnOneFile_WaitForTheWriterAndThenGiveUp()
    {
        using var books = await BookFixture.OpenAsync();
        using var other = await Books.OpenAsync(books.Books.Path, TimeSpan.FromMilliseconds(50), TimeProvider.System,
            CancellationToken.None);
        using (await books.Books.EnterWriteAsync("a test", CancellationToken.None))
        {
            var exception = Assert.ThrowsAsync<BooksException>(() => other.EnterWriteAsync("a test", CancellationToken.None));
            Assert.That(exception!.Message, Does.Contain("Another cicost process has been writing"));
        }

        using var entered = await other.EnterWriteAsync("a test", CancellationToken.None);
        Assert.That(entered, Is.Not.Null);
    }

    [Test]
    public async Task SecondWriter_InOneProcess_WaitsUntilTheFirstLeaves()
    {
        using var books = await BookFixture.OpenAsync();
        var first = await books.Books.EnterWriteAsync("a test", CancellationToken.None);
        var second = books.Books.EnterWriteAsync("a test", CancellationToken.None);
        Assert.That(second.IsCompleted, Is.False);

        first.Dispose();
        using var entered = await second;
        Assert.That(entered, Is.Not.Null);
    }

    [Test]
    public async Task SecondWriter_InOneProcess_GivesUpAfterItsBoundAndNamesTheFirst()
    {
        using var books = await BookFixture.OpenAsync();
        var first = await books.Books.EnterWriteAsync("booking of bill 2026-05", CancellationToken.None);
        var second = books.Books.EnterWriteAsync("another", CancellationToken.None);
        books.Time.Advance(WriteGate.OwnTimeout + TimeSpan.FromSeconds(1));
        var exception = Assert.ThrowsAsync<BooksException>(() => second);
        Assert.Multiple(() =>
        {
            Assert.That(exception!.Code, Is.EqualTo("books-locked"));
            Assert.That(exception.Message, Does.Contain("(booking of bill 2026-05, since 2026-05-01 00:00:00 UTC)"));
            Assert.That(books.Books.Writer!.Work, Is.EqualTo("booking of bill 2026-05"));
        });
        first.Dispose();
        first.Dispose();
        using var third = await books.Books.EnterWriteAsync("a third", CancellationToken.None);
        Assert.That(books.Books.Writer!.Work, Is.EqualTo("a third"), "giving it back twice gave it away once");
    }

    private static Task<Books> OpenAsync(string path)
        => Books.OpenAsync(path, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);

    private static SqliteConnection BooksOfSchema(int version)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        foreach (var (number, sql) in Migrator.Scripts.Where(s => s.Number <= version))
        {
            Execute(connection, sql);
            Execute(connection, $"PRAGMA user_version = {number}");
        }

        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private static string? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
