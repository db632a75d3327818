using CiCost.TestKit.Bookkeeping;

namespace CiCost.Accounting.Tests.Checks;

/// <summary>One way to damage sound books, and exactly the checks that must notice.</summary>
/// <param name="Name">What is damaged.</param>
/// <param name="Damage">Does it, past the ledger or through input.</param>
/// <param name="Caught">The names of the checks that fail, and no others.</param>
public sealed record Saboteur(string Name, Func<BookFixture, Task> Damage, IReadOnlyList<string> Caught)
{
    /// <summary>A saboteur that runs one SQL statement, which must change at least one row.</summary>
    public static Saboteur Sql(string name, string sql, params string[] caught) => new(name, books =>
    {
        Assert.That(books.Execute(sql), Is.Positive, "a saboteur that changes nothing proves nothing");
        return Task.CompletedTask;
    }, caught);

    /// <summary>A saboteur that books a file.</summary>
    public static Saboteur Input(string name, Func<BookFixture, Task> damage, params string[] caught) => new(name, damage, caught);

    public override string ToString() => Name;
}
