using CiCost.Domain.Attribution;
using CiCost.Domain.Lines;

namespace CiCost.Domain.Tests.Attribution;

public sealed class ColumnTestTests
{
    [TestCase("(?=x)")]
    [TestCase("(a)\\1")]
    [TestCase("(")]
    [TestCase("[a")]
    public void Pattern_CannotRunInLinearTime_Throws(string pattern) =>
        Assert.That(() => new ColumnTest("ServiceName", ColumnTestKind.Matches, [pattern]).Require(), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Identity_SameTextsInOtherOrder_IsEqual() =>
        Assert.That(ASet.Is("ServiceName", "b", "a", "b").Identity, Is.EqualTo(ASet.Is("ServiceName", "a", "b").Identity));

    [Test]
    public void Identity_TextThatLooksLikeAnotherTest_Differs() =>
        Assert.That(ASet.Is("ServiceName", "a 1:b").Identity, Is.Not.EqualTo(ASet.Is("ServiceName", "a", "b").Identity));

    [Test]
    public void Pattern_TurkishI_IsCultureInvariant()
    {
        var test = new ColumnTest("ServiceName", ColumnTestKind.Matches, ["(?i)^mini$"]);
        Assert.That((test.Holds("MINI"), test.Holds("MİNİ")), Is.EqualTo((true, false)));
    }

    /// <summary>GitHub runs <c>Linux.X</c> where <c>linux.x</c> runs; in no other column is case a spelling.</summary>
    [TestCase(ColumnTestKind.OneOf, "linux.Mi300.8")]
    [TestCase(ColumnTestKind.StartsWith, "LINUX.mi300")]
    [TestCase(ColumnTestKind.Matches, "^linux[.]MI300[.][0-9]$")]
    public void RunnerLabel_InOtherLetters_IsTheSame(ColumnTestKind kind, string text)
    {
        var (label, other) = (new ColumnTest("x_RunnerLabel", kind, [text]), new ColumnTest("x_Other", kind, [text]));
        Assert.Multiple(() =>
        {
            Assert.That((label.Holds("Linux.mI300.8"), label.TryOut("linux.mi300.8")), Is.EqualTo((true, true)));
            Assert.That(other.Holds("Linux.mI300.8"), Is.False);
            Assert.That(label.Holds("linux.mi325.8"), Is.False);
        });
    }

    [Test]
    public void Columns_Numbers_AreNoNames()
    {
        Assert.Multiple(() =>
        {
            Assert.That(DimensionColumns.TryParse("12", out _), Is.False);
            Assert.That(DimensionColumns.TryParse("servicename", out _), Is.False);
            Assert.That(DimensionColumns.TryParse("ServiceName", out var column), Is.True);
            Assert.That(column, Is.EqualTo(DimensionColumn.ServiceName));
        });
    }

    [Test]
    public void Attributes_Names_AreInTheOrderOfTheEnum()
    {
        var names = Enum.GetValues<AttributeName>().Select(a => a.ToText()).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(names, Is.EqualTo(AttributeNames.All));
            Assert.That(names.Select(n => n.Replace("-", "", StringComparison.Ordinal)), Is.EqualTo(
                Enum.GetNames<AttributeName>().Select(n => n.ToLowerInvariant())));
            Assert.That(AttributeNames.TryParse("PayerAccount", out _), Is.False);
        });
    }
}
