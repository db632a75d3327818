using System.Runtime.CompilerServices;
using CiCost.Accounting.Presentation;

namespace CiCost.Accounting.Tests.Presentation;

/// <summary>docs/glossary.md lists the words for readers exactly as they are printed.</summary>
public sealed class ReaderWordsTests
{
    [Test]
    public void Glossary_ListsEveryWordForReaders()
    {
        var rows = Table().ToList();
        Assert.That(rows, Is.EqualTo(ReaderWords.All.Select(w => (w.Code, w.Words))));
    }

    [TestCase(22, new string[0], "22 of 22 controls passed.")]
    [TestCase(20, new[] { "Tie-outs", "Sources" }, "20 of 22 controls passed; exceptions: Tie-outs, Sources.")]
    public void Controls_AreCountedAndExceptionsNamed(int passed, string[] exceptions, string expected) =>
        Assert.That(ReaderWords.Controls(passed, 22, exceptions), Is.EqualTo(expected));

    [Test]
    public void Controls_ThatHadNothingToLookAt_AreNoExceptions() => Assert.Multiple(() =>
    {
        Assert.That(ReaderWords.Controls(20, 22, ["Sources"], ["Tie-outs"]),
            Is.EqualTo("20 of 22 controls passed; exceptions: Sources; nothing to compare: Tie-outs."));
        Assert.That(ReaderWords.Controls(1, 7, [], ["a", "b", "c", "d", "e", "f"]), Is.EqualTo("1 of 7 controls passed; nothing to compare: 6."));
    });

    private static IEnumerable<(string Code, string Words)> Table() => File.ReadLines(Path.Combine(Root(), "docs", "glossary.md"))
        .SkipWhile(l => l != "| code | pages and reports say |").Skip(2).TakeWhile(l => l.StartsWith('|'))
        .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Select(c => (c[1], c[2]));

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
