using CiCost.Accounting.Checks;

namespace CiCost.Accounting.Tests.Checks;

/// <summary>Checks can fail: each has a saboteur, and each saboteur is noticed by exactly the checks that it concerns.</summary>
public sealed class SaboteurTests
{
    private static IEnumerable<TestCaseData> All =>
        LineSaboteurs.All.Concat(RecordSaboteurs.All).Concat(InputSaboteurs.All)
            .Select(s => new TestCaseData(s).SetArgDisplayNames(s.Name));

    [Test]
    public async Task SoundBooks_HoldEveryCheck()
    {
        using var books = await SoundBooks.OpenAsync();

        Assert.Multiple(() =>
        {
            Assert.That(books.Check().SelectMany(o => o.Failures), Is.Empty);
            Assert.That(books.Check(), Has.Count.EqualTo(RunChecks.Catalogue.Count));
            Assert.That(books.Scalar("SELECT COUNT(*) FROM cost_line WHERE line_id & 4294967295 >= 4294900000"), Is.EqualTo("3"),
                "rounding lines");
            Assert.That(books.Scalar("SELECT COUNT(*) FROM rollup WHERE to_delivery <> 2147483647"), Is.EqualTo("9"), "closed intervals");
            Assert.That(books.Scalar("SELECT COUNT(*) FROM delivery WHERE pruned_at_ms IS NOT NULL"), Is.EqualTo("2"), "pruned deliveries");
        });
    }

    [TestCaseSource(nameof(All))]
    public async Task Saboteur_IsCaughtByExactlyItsChecks(Saboteur saboteur)
    {
        using var books = await SoundBooks.OpenAsync();
        await saboteur.Damage(books);

        var outcomes = books.Check();
        var failing = outcomes.Where(o => o.Failures.Count > 0).Select(o => o.Check).Order(StringComparer.Ordinal);
        foreach (var failure in outcomes.SelectMany(o => o.Failures))
        {
            TestContext.Out.WriteLine($"{failure.Check}: {failure.Where}: {failure.Message} [{failure.Expected} | {failure.Actual}]");
        }

        Assert.That(string.Join(", ", failing), Is.EqualTo(string.Join(", ", saboteur.Caught.Order(StringComparer.Ordinal))));
    }

    [Test]
    public void Catalogue_EveryCheck_HasASaboteur() => Assert.That(
        LineSaboteurs.All.Concat(RecordSaboteurs.All).Concat(InputSaboteurs.All).SelectMany(s => s.Caught).Distinct(),
        Is.EquivalentTo(RunChecks.Catalogue.Select(c => c.Name)));
}
