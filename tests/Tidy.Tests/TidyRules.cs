using System.Text.RegularExpressions;

namespace CiCost.Tidy.Tests;

/// <summary>Finds offences in files: one text each, with file and line where there is one.</summary>
internal delegate IEnumerable<string> TidyRule(IReadOnlyCollection<TreeFile> files);

/// <summary>The rules on sources and texts. Words that may not stand anywhere are put together from pieces here.</summary>
internal static partial class TidyRules
{
    private const int MostLines = 400;
    private const int MostColumns = 160;

    private static readonly string[] Leftovers = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Exception"];

    private static readonly string[] Skipping =
        ["[Ig" + "nore", "[Exp" + "licit", "Assert.Pa" + "ss(", "Assert.Ig" + "nore(", "Assert.Inconclu" + "sive(", "Ignore" + "Reason"];

    // Folders of the machines that build, and the hosts that packages come from: a file that names one works nowhere else.
    private static readonly Regex Places = new(
        @"(?<![\w.$}])(?:/wo" + @"rk|/tm" + @"p|/ro" + @"ot|/ho" + @"me/\w+|/Us" + @"ers/\w+|[A-Z]:\\+Us" + @"ers)(?=/|\b)"
        + @"|registry\.np" + @"mjs|api\.nu" + @"get\.org|nuget\.o" + @"rg/v3|py" + @"pi\.org|\.pkgs\.vis" + @"ualstudio|art" + @"ifactory",
        RegexOptions.CultureInvariant);

    public static IEnumerable<string> FilesAreShort(IReadOnlyCollection<TreeFile> files) =>
        from file in files
        where file.IsCSharp && file.Lines.Count() > MostLines + 1
        select $"{file.Path}: {file.Lines.Count() - 1} lines; at most {MostLines}, divide it by what it is about";

    public static IEnumerable<string> LinesAreShort(IReadOnlyCollection<TreeFile> files) =>
        from file in files
        where file.IsCSharp
        from line in file.Lines
        where line.Line.Length > MostColumns
        select $"{file.Path}:{line.Number}: {line.Line.Length} columns; at most {MostColumns}";

    public static IEnumerable<string> NothingIsLeftOver(IReadOnlyCollection<TreeFile> files) => Containing(files, f => true, Leftovers);

    public static IEnumerable<string> NoTestIsSkipped(IReadOnlyCollection<TreeFile> files) =>
        Containing(files, f => f.IsCSharp && f.IsIn("tests"), Skipping);

    public static IEnumerable<string> NoPlaceOfOneMachine(IReadOnlyCollection<TreeFile> files) =>
        from file in files
        from line in file.Lines
        where !line.Line.StartsWith("#!", StringComparison.Ordinal)
        from match in Places.Matches(line.Line)
        select $"{file.Path}:{line.Number}: '{match.Value}' is a place on one machine or network";

    // BigQuery is asked in SQL: that is Google's interface, and touches no books (docs/decisions/0009).
    private static readonly string[] BigQueryTexts =
        ["src/CostIngest/Sources/Google/BillingExportQuery.cs", "src/CostIngest/Sources/Google/FocusExportQuery.cs"];

    public static IEnumerable<string> SqlOnlyInLedger(IReadOnlyCollection<TreeFile> files) =>
        from file in files
        where file.IsProduct && !file.IsIn("src/Ledger") && !BigQueryTexts.Contains(file.Path)
        from literal in CSharpText.Of(file.Text).Literals
        where Sql().IsMatch(literal)
        select $"{file.Path}: SQL outside src/Ledger: {Short(literal)}";

    public static IEnumerable<string> SqliteDialectOnlyInItsFolder(IReadOnlyCollection<TreeFile> files) =>
        from file in files
        where file.IsProduct && !file.IsIn("src/Ledger/Sqlite")
        from literal in CSharpText.Of(file.Text).Literals
        where SqliteDialect().IsMatch(literal)
        select $"{file.Path}: the dialect of SQLite outside src/Ledger/Sqlite: {Short(literal)}";

    public static IEnumerable<string> SqliteTypesOnlyInLedger(IReadOnlyCollection<TreeFile> files) =>
        from file in files
        where file.IsProduct && !file.IsIn("src/Ledger")
        from match in SqliteTypes().Matches(CSharpText.Of(file.Text).Code)
        select $"{file.Path}: {match.Value} outside src/Ledger";

    public static IEnumerable<string> NoFloatingPointNearMoney(IReadOnlyCollection<TreeFile> files) =>
        from file in files
        where file.IsProduct && (file.IsIn("src/Domain") || file.IsIn("src/Ledger"))
        from match in FloatingPoint().Matches(CSharpText.Of(file.Text).Code)
        select $"{file.Path}: {match.Value}; money is counted in whole nanos";

    private static IEnumerable<string> Containing(IEnumerable<TreeFile> files, Func<TreeFile, bool> filter, string[] words) =>
        from file in files
        where filter(file)
        from line in file.Lines
        from word in words
        where line.Line.Contains(word, StringComparison.Ordinal)
        select $"{file.Path}:{line.Number}: {word}";

    private static string Short(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 60 ? line : line[..60] + "...";
    }

    [GeneratedRegex(
        @"\bselect\b[\s\S]+?\bfrom\s+\w|\binsert\s+(or\s+\w+\s+)?into\b|\bupdate\s+\w+\s+set\b|\bdelete\s+from\s+\w+\s*($|where\b)"
        + @"|\b(create|drop|alter)\s+(unique\s+)?(table|index|view|trigger)\b|\bpragma\s+\w+",
        RegexOptions.IgnoreCase)]
    private static partial Regex Sql();

    [GeneratedRegex(
        @"\bpragma\s+\w+|\bsqlite_(schema|master|sequence|stat)|\b(last_insert_)?rowid\b|\bwithout\s+rowid\b"
        + @"|\b(json_\w+|julianday|strftime|group_concat|typeof|randomblob|wal_checkpoint)\s*\(",
        RegexOptions.IgnoreCase)]
    private static partial Regex SqliteDialect();

    [GeneratedRegex(@"\b(Microsoft\.Data\.Sqlite|SQLitePCL|Dapper)\b")]
    private static partial Regex SqliteTypes();

    [GeneratedRegex(@"\b(double|float|Half)\b|(?<!\w\.)\b(Double|Single)\b(?!\s*[(<])")]
    private static partial Regex FloatingPoint();
}
