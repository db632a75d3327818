using CiCost.Ledger.Sqlite;
using CiCost.TestKit.Bookkeeping;

namespace CiCost.Ledger.Tests.Sqlite;

/// <summary>The SQLite that keeps the books is the one that the package brings. That of a real process: Cli.Tests.</summary>
public sealed class SqliteLibraryTests
{
    /// <summary>Every older one has an advisory or the defect that a reset of the log can lose pages (mended in 3.51.3).</summary>
    private static readonly Version Oldest = new(3, 53, 4);

    [Test]
    public async Task Version_IsThatOfTheBooks_AndNotOlderThanThePackage()
    {
        using var books = await BookFixture.OpenAsync();

        Assert.That(SqliteLibrary.Version, Is.EqualTo(books.Scalar("SELECT sqlite_version()")));
        Assert.That(Version.Parse(SqliteLibrary.Version), Is.AtLeast(Oldest));
    }

    [TestCase("THREADSAFE=0", ExpectedResult = "0", TestName = "{m}: a library without threads could not be told how to use them")]
    [TestCase("DQS=0", ExpectedResult = "1", TestName = "{m}: a misspelt column is an error, not a text")]
    [TestCase("OMIT_WAL", ExpectedResult = "0", TestName = "{m}: the books need the log")]
    public async Task<string?> Library_IsCompiledAsTheBooksNeedIt(string option)
    {
        using var books = await BookFixture.OpenAsync();
        return books.Scalar($"SELECT sqlite_compileoption_used('{option}')");
    }
}
