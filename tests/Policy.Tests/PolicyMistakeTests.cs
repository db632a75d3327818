namespace CiCost.Policy.Tests;

public sealed class PolicyMistakeTests
{
    public static IEnumerable<BadPolicy> All =>
        [.. BadVocabulary.All, .. BadAccounting.All, .. BadSharing.All, .. BadFunding.All, .. BadRules.All, .. BadConditions.All];

    [TestCaseSource(nameof(All))]
    public void Mistake_InOneFile_IsSaidWithFileLineColumnAndWhatToDo(BadPolicy bad) =>
        Assert.That(APolicy.Mistakes((bad.File, bad.Text)), Is.EqualTo(bad.Mistakes));
}
