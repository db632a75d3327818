using System.Diagnostics;
using CiCost.Cli.Tests.Running;

namespace CiCost.Cli.Tests.Kills;

/// <summary>A command on prepared books, what books say after an undisturbed run of it, and killing it.</summary>
internal sealed class KillScenario
{
    private readonly string _root;
    private readonly string? _template;
    private readonly string[] _command;
    private readonly IReadOnlyList<Bill> _editions;
    private int _copies;

    private KillScenario(string name, string root, string? template, string[] command, IReadOnlyList<Bill> editions)
    {
        Name = name;
        _root = root;
        _template = template;
        _command = command;
        _editions = editions;
    }

    /// <summary>The name in the report.</summary>
    public string Name { get; }

    /// <summary>How long an undisturbed run took.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Notes that a run took less than this.</summary>
    public void EndsWithin(TimeSpan time)
    {
        lock (_command)
        {
            Duration = time < Duration ? time : Duration;
        }
    }

    /// <summary>The folder of the books after an undisturbed run, from which another scenario may begin.</summary>
    public string After { get; private set; } = "";

    private string Expected { get; set; } = "";

    /// <summary>Runs the command on a copy of the books without disturbance.</summary>
    /// <param name="name">The scenario's name, also that of its folders.</param>
    /// <param name="root">Where its folders go.</param>
    /// <param name="template">The folder of the books before the command; null for books that do not exist yet.</param>
    /// <param name="command">The command that is killed.</param>
    /// <param name="editions">The bills of source <c>kill</c>, in the order in which the books take them.</param>
    public static async Task<KillScenario> PrepareAsync(
        string name, string root, string? template, string[] command, IReadOnlyList<Bill> editions)
    {
        var scenario = new KillScenario(name, root, template, command, editions);
        var undisturbed = scenario.Copy();
        var started = Stopwatch.GetTimestamp();
        (await undisturbed.RunProcessAsync(command)).Expect(0);
        scenario.Duration = Stopwatch.GetElapsedTime(started);
        (await undisturbed.RunAsync("check")).Expect(0);
        Assert.That(await BooksState.ViolationsAsync(undisturbed.Books, editions, editions.Count), Is.Empty, name + " undisturbed");
        scenario.Expected = await DigestAsync(undisturbed.Books);
        scenario.After = Path.GetDirectoryName(undisturbed.Books)!;
        return scenario;
    }

    /// <summary>Runs the command on a copy, kills it, and looks at what it left.</summary>
    public async Task<KillOutcome> KillAsync(KillMoment moment, bool isInsideTransaction)
    {
        var cicost = Copy();
        var bytesBefore = Length(cicost.Books);
        using var process = cicost.Start(moment.Variables, _command);
        var end = Cicost.EndAsync(process);
        var isWriting = await moment.Kill(process, cicost.Books);
        var run = await end;

        var logBytes = Length(cicost.Books + "-wal");
        var isCheckpointing = bytesBefore > 0 && logBytes > 0 && Length(cicost.Books) > bytesBefore;
        List<string> violations = [.. await ChecksAsync(cicost)];
        var deliveries = Length(cicost.Books) == 0 ? 0 : await BooksState.DeliveriesAsync(cicost.Books);
        isInsideTransaction |= isWriting && run.ExitCode == RunResult.Killed && deliveries < _editions.Count;
        violations.AddRange(await BooksState.ViolationsAsync(cicost.Books, _editions, deliveries));
        violations.AddRange(await ConvergenceAsync(cicost));
        Directory.Delete(Path.GetDirectoryName(cicost.Books)!, recursive: true);
        foreach (var violation in violations)
        {
            await TestContext.Progress.WriteLineAsync($"{moment.Place}, {Name}: {violation}");
        }

        return new KillOutcome(Name, moment.Place, run.ExitCode, isInsideTransaction, isCheckpointing, violations);
    }

    private static async Task<IEnumerable<string>> ChecksAsync(Cicost cicost)
    {
        var check = await cicost.RunAsync("check", "--json");
        if (check.ExitCode == 0)
        {
            return check.Json().GetProperty("holds").GetBoolean() ? [] : ["check says exit code 0 and holds: false"];
        }

        var isEmpty = await SqliteShell.NumberAsync(cicost.Books, "SELECT (SELECT COUNT(*) FROM book_version) AS n") == 0;
        return isEmpty && check.ExitCode == 3 ? [] : [$"check ended with {check.ExitCode}: {check.Errors} {check.Output}"];
    }

    private async Task<IEnumerable<string>> ConvergenceAsync(Cicost cicost)
    {
        var again = await cicost.RunAsync(_command);
        if (again.ExitCode != 0)
        {
            return [$"the same command again ended with {again.ExitCode}: {again.Errors}"];
        }

        var digest = await DigestAsync(cicost.Books);
        return digest == Expected ? [] : [$"the books differ from undisturbed ones.\nexpected:\n{Expected}\nactual:\n{digest}"];
    }

    private static async Task<string> DigestAsync(string books)
    {
        var objects = Directory.EnumerateFiles(books + ".objects", "*.gz", SearchOption.AllDirectories).Select(Path.GetFileName);
        return await BooksDigest.OfAsync(books) + "objects " + string.Join(' ', objects.Order(StringComparer.Ordinal));
    }

    private Cicost Copy()
    {
        var target = Path.Combine(_root, FormattableString.Invariant($"{Name}.{Interlocked.Increment(ref _copies)}"));
        Directory.CreateDirectory(target);
        if (_template is not null)
        {
            foreach (var folder in Directory.EnumerateDirectories(_template, "*", SearchOption.AllDirectories))
            {
                Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(_template, folder)));
            }

            foreach (var file in Directory.EnumerateFiles(_template, "*", SearchOption.AllDirectories))
            {
                File.Copy(file, Path.Combine(target, Path.GetRelativePath(_template, file)));
            }
        }

        return new Cicost(target);
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
