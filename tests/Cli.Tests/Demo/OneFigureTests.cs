using System.Text.Json;
using System.Text.RegularExpressions;
using CiCost.Accounting.Costs;
using CiCost.Accounting.Presentation;
using CiCost.Cli.Tests.Running;
using CiCost.Domain.Attribution;
using CiCost.Domain.Funding;
using CiCost.Policy;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Demo;

/// <summary>
/// Every amount that a command (text and --json), an endpoint, a page and the board report show for a month of the demonstration books,
/// each under its meaning, filter and axis, compared pairwise: no two differ. A new amount in a document, or a table with amounts on a page,
/// that this test cannot name is a failure, and so is a new command or endpoint that it does not ask.
/// </summary>
[TestFixtureSource(nameof(ShownMonths))]
internal sealed partial class OneFigureTests(string month)
{
    private const string Usd = "USD";

    /// <summary>Commands that print no amount of a month.</summary>
    private static readonly string[] WithoutAmounts =
    [
        "ingest", "jobs", "value", "demo", "report", "deliveries", "pull", "schedule", "sources", "check", "attribute", "reread", "backup",
        "restore", "serve", "events",
    ];

    private static readonly string[] Asked = ["costs", "bridge", "funding", "statements", "explain", "reconcile"];

    private static readonly string[] Splits = ["even-by-participant", "by-chip"];

    private static readonly string[][] Groupings =
    [
        [], ["architecture"], ["basis"], ["source"], ["architecture", "basis"], ["source", "architecture"], ["month"], ["project"],
        ["component"], ["payer-account"], ["project", "component"], ["role"], ["day"],
    ];

    private readonly ShownFigures _shown = new();
    private IndependentDemo _demo = null!;
    private PolicySet _policy = null!;

    public static IEnumerable<string> ShownMonths => Counts.AreLong ? DemoMonths.Months : [DemoMonths.Months[^1]];

    [OneTimeSetUp]
    public async Task Collect()
    {
        _demo = await DemoMonths.BooksAsync();
        _policy = PolicyLoader.Load(Path.Combine(_demo.Files, "policy"));
        foreach (var groupBy in Groupings)
        {
            await CostsAsync("consumption", "charge", groupBy);
        }

        foreach (var metric in CostMetrics.Names)
        {
            foreach (var axis in new[] { "charge", "billing" })
            {
                await CostsAsync(metric, axis, ["source"]);
            }
        }

        // A value that is asked for is the row that is grouped by, and a month is the same in a range.
        await CostsAsync("consumption", "charge", [], "architecture=xpu");
        await CostsAsync("consumption", "charge", ["component"], "project=pytorch");
        await RangeAsync();
        await DocumentAsync("funding", [], FundingKey);
        await DocumentAsync("bridge", ["--axis", "charge"], (p, c) => BridgeKey(p, c, "charge"));
        await DocumentAsync("bridge", ["--axis", "billing"], (p, c) => BridgeKey(p, c, "billing"));
        await DocumentAsync("reconcile", [], ReconcileKey, exitCodes: [0, 4]);
        await DocumentAsync("explain", ["--rows", "1"], ExplainKey);
        foreach (var split in Splits)
        {
            await DocumentAsync("statements", ["--split", split], (p, c) => StatementKey(p, c, split));
        }

        await ServerAsync();
        await ReportAsync();
    }

    [Test]
    public void Figure_ShownAnywhere_IsTheSameEverywhere()
    {
        TestContext.Out.WriteLine($"{month}: {_shown.All.Count} amounts, {_shown.Compared} figures shown in more than one place");
        Assert.Multiple(() =>
        {
            // Low and high of its three measures have one name each in this table: they are not told apart here.
            Assert.That(_shown.Differences().Where(d => !d.StartsWith("board report: Contributed, shares", StringComparison.Ordinal)), Is.Empty);
            Assert.That(_shown.Unmapped, Is.Empty);
            Assert.That(_shown.Compared, Is.GreaterThan(100));
        });
    }

    [Test]
    public async Task Commands_AreAllAskedOrWithoutAmounts()
    {
        var help = (await _demo.Cicost.RunAsync("--help")).Expect(0).Output;
        var commands = CommandName().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value);
        Assert.That(commands, Is.EquivalentTo(Asked.Concat(WithoutAmounts)), "a new command: ask it here, or say that it shows no amount");
    }

    private static string Key(string meaning, string axis, string currency, params (string, string)[] filter) =>
        ShownFigures.Key(meaning, axis, currency, filter);

    private async Task CostsAsync(string metric, string axis, string[] groupBy, string? where = null)
    {
        string[] more = ["--metric", metric, "--axis", axis, .. groupBy.Length == 0 ? [] : new[] { "--group-by", string.Join(',', groupBy) },
            .. where is null ? [] : new[] { "--where", where }];
        (string, string)[] filter = where is null ? [] : [(where.Split('=')[0], where.Split('=')[1])];
        await DocumentAsync("costs", more, (p, c) => CostsKey(p, c, metric, axis, filter));
    }

    /// <summary>Rows of two months: those of this one are the figures that it has alone.</summary>
    private async Task RangeAsync()
    {
        string[] question = ["--month", Before(month), "--to", month, "--group-by", "month,architecture"];
        var answer = await _demo.Cicost.JsonAsync(["costs", .. question]);
        foreach (var row in answer.GetProperty("rows").EnumerateArray().Where(r => Text(r.GetProperty("keys"), "month") == month))
        {
            _shown.Add("costs of two months", Key("consumption", "charge", Text(row, "currency"),
                ("architecture", Text(row.GetProperty("keys"), "architecture"))), ShownFigures.Amount(Text(row, "display"))!.Value);
        }
    }

    private async Task DocumentAsync(string command, string[] more, Func<string, IReadOnlyList<JsonElement>, string?> key, int[]? exitCodes = null)
    {
        string[] question = [command, "--month", month, .. more];
        var run = await _demo.Cicost.RunAsync([.. question, "--json"]);
        Assert.That(run.ExitCode, Is.AnyOf([.. (exitCodes ?? [0]).Cast<object>()]), run.Errors);
        var where = string.Join(' ', question);
        _shown.Walk(where + " --json", run.Json(), key);
        var text = await _demo.Cicost.RunAsync(question);
        Assert.That(text.ExitCode, Is.EqualTo(run.ExitCode), text.Errors);
        if (command == "explain")
        {
            // It shows all digits of rows and parts; the figure itself as everywhere.
            Assert.That(text.Output, Does.Contain(Text(run.Json().GetProperty("display"), Usd) + " USD, exactly "));
            return;
        }

        _shown.Text(where, text.Output, run.Json());
    }

    private async Task ServerAsync()
    {
        await using var server = RunningServer.Start(_demo.Cicost, new Dictionary<string, string>());
        var client = await server.ClientAsync();
        var paths = (await server.JsonAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .Where(p => p.Value.TryGetProperty("get", out _)).Select(p => p.Name).Where(p => !p.Contains('{', StringComparison.Ordinal));
        foreach (var path in paths.Where(p => p.StartsWith("/v1/", StringComparison.Ordinal) && p != "/v1/schedule"))
        {
            var takesMonth = path is not ("/v1/sources" or "/v1/schedule" or "/v1/deliveries" or "/v1/checks");
            _shown.Walk(path, await server.JsonAsync(takesMonth ? $"{path}?month={month}" : path), path switch
            {
                "/v1/costs" => (p, c) => CostsKey(p, c, "consumption", "charge", []),
                "/v1/bridge" => (p, c) => BridgeKey(p, c, "billing"),
                "/v1/funding" => FundingKey,
                "/v1/statements" => (p, c) => StatementKey(p, c, Splits[0]),
                "/v1/reconciliation" => ReconcileKey,
                "/v1/explain" => ExplainKey,
                _ => (_, _) => null,
            });
        }

        StartPage(await client.GetStringAsync($"/?month={month}"));
        Page("/reconciliation", await client.GetStringAsync($"/reconciliation?month={month}"), (caption, row, column) =>
            caption.StartsWith("The books against", StringComparison.Ordinal) || caption.StartsWith("Where the differences", StringComparison.Ordinal)
                ? Key("page " + caption, "billing", column, ("row", string.Join('|', row))) : null);
    }

    /// <summary>Tables of the start page: what it is paid with, how sure it is, the bridge, and payables.</summary>
    private void StartPage(string html) => Page("/", html, (caption, row, column) => caption switch
    {
        "With what it is paid" => column != "Amount" ? null : Key("consumption", "charge", row[1], row[0] == "consumption" ? []
            : [("kind", Enum.GetValues<FundingKind>().Where(k => ReaderWords.Kind(k) == row[0]).Select(k => k.ToText()).First())]),
        "How sure it is" => column != "Amount" ? null : Key("consumption", "charge", row[1], row[0] == "consumption" ? []
            : [("basis", Enum.GetValues<CostBasis>().Where(b => ReaderWords.Basis(b) == row[0]).Select(CostCube.BasisText).First())]),
        _ => caption.Contains("payable", StringComparison.OrdinalIgnoreCase) ? "" : null,
    });

    private async Task ReportAsync()
    {
        var path = Path.Combine(_demo.Files, $"board-{month}.html");
        (await _demo.Cicost.RunAsync("report", "board", "--month", month, "--split", Splits[0], "--out", path)).Expect(0);
        var html = await File.ReadAllTextAsync(path);
        string Architecture(string name) => _policy.Architectures.Where(a => name.StartsWith(a.Name, StringComparison.Ordinal))
            .OrderByDescending(a => a.Name.Length).Select(a => a.Id).FirstOrDefault(AttributionResult.Unattributed);
        (string, string)[] Organisation(string name) => name == "Total" ? []
            : [("organisation", name.StartsWith(ReaderWords.NoPayerKnown, StringComparison.Ordinal) ? FundingKinds.Unfunded
                : _policy.Organisations.Where(o => name.StartsWith(o.Name, StringComparison.Ordinal)).OrderByDescending(o => o.Name.Length).First().Id)];
        Page("board report", html, (caption, row, column) => caption switch
        {
            // What no machine has, rounding lines too, is one row of the report: it has no other place to compare with.
            "Cost by architecture and basis" => column == "Share" || column.StartsWith("vs", StringComparison.Ordinal) ? null
                : Architecture(row[0]) == "none" ? ""
                : Key("consumption", "charge", Usd,
                    [
                        .. row[0] == "Total" ? [] : new[] { ("architecture", Architecture(row[0])) },
                        .. column == "Total" ? [] : new[]
                        {
                            ("basis", CostCube.BasisText(Enum.GetValues<CostBasis>().First(b => ReaderWords.Basis(b) == column))),
                        },
                    ]),
            "Funding by organisation and kind" => column is "Share" or "Basis" ? null : Key("consumption", "charge", Usd,
                [.. Organisation(row[0]), .. column == "Total" ? [] : new[] { ("kind", KindOf(column)) }]),
            _ when caption.StartsWith("Contributed, shares", StringComparison.Ordinal) =>
                row[0] is ReaderWords.SharedWithNobody || column is "low" or "high" ? ""
                : column == ReaderWords.Contributed ? Key("contributed", "charge", Usd, Organisation(row[0]))
                : column is "Share under A" or "Share under B" ? Key($"shared under {Splits[column[^1] - 'A']}", "charge", Usd, Organisation(row[0]))
                : column == ReaderWords.NotAccepted ? Key($"excluded under {Splits[0]}", "charge", Usd, Organisation(row[0]))
                : "",
            _ => caption.Contains("payable", StringComparison.Ordinal) || caption.Contains("consumption", StringComparison.Ordinal)
                || caption.Contains("run time", StringComparison.Ordinal) || caption.Contains("Checks", StringComparison.Ordinal)
                || caption.Contains("Sources", StringComparison.Ordinal) ? "" : null,
        });
        await PayersAsync();
        _shown.AddProse("board report", ShownFigures.Prose(html));
    }

    /// <summary>What the report's sentence asks of an organisation is the sum of the payables of its accounts.</summary>
    private async Task PayersAsync()
    {
        var owners = _policy.Accounts.ToDictionary(a => a.Id, a => a.Owner, StringComparer.Ordinal);
        var bridge = await _demo.Cicost.JsonAsync("bridge", "--month", month, "--axis", "charge");
        foreach (var payer in bridge.GetProperty("payables").EnumerateArray().Where(p => Text(p, "currency") == Usd)
            .GroupBy(p => (Owner: owners.GetValueOrDefault(Text(p, "payerAccount"), ""), Part: Text(p, "part"))))
        {
            _shown.AddSeen("payables", $"{payer.Key.Owner}, {payer.Key.Part}",
                payer.Sum(p => ShownFigures.Amount(Text(p.GetProperty("payable"), "display"))!.Value));
        }
    }

    /// <summary>The amounts of the tables of a page, each by its caption, row and column; a meaning of "" has nothing to compare with.</summary>
    private void Page(string where, string html, Func<string, string[], string, string?> key)
    {
        foreach (var (caption, rows) in ShownFigures.Tables(html).Where(t => t.Rows.Length > 0))
        {
            var header = rows[0];
            foreach (var row in rows.Skip(1))
            {
                for (var i = 1; i < row.Length && i < header.Length; i++)
                {
                    if (!HasAmount().IsMatch(row[i]) || ShownFigures.Amount(row[i]) is not { } amount || key(caption, row, header[i]) is not { } meaning)
                    {
                        if (HasAmount().IsMatch(row[i]) && row[i].Contains('.', StringComparison.Ordinal) && key(caption, row, header[i]) is null
                            && !row[i].Contains('%', StringComparison.Ordinal))
                        {
                            _shown.AddUnmapped($"{where}: table '{caption}', {row[0]}, {header[i]}: {row[i]}");
                        }
                    }
                    else if (meaning.Length > 0)
                    {
                        var isThousands = caption.StartsWith("Contributed, shares", StringComparison.Ordinal)
                            && !row[i].Contains('.', StringComparison.Ordinal);
                        _shown.Add($"{where}, {caption}", meaning, isThousands ? amount * 1_000 : amount, isThousands ? 1_000 : 0.01m);
                    }
                    else
                    {
                        _shown.AddSeen(where, $"{caption}, {row[0]}, {header[i]}", amount);
                    }
                }
            }
        }
    }

    private static string KindOf(string column) => Reports.Models.KindAmounts.Columns.Select(c => c.Name).Contains(column)
        ? column switch
        {
            "Member-paid" => "member-paid",
            "Foundation cash" => "foundation-cash",
            "Credits" => "credits",
            "In kind" => "in-kind",
            "Free tier" => "free-tier",
            _ => "unfunded",
        }
        : throw new InvalidOperationException($"'{column}' is no kind.");

    private static string? CostsKey(string path, IReadOnlyList<JsonElement> chain, string metric, string axis, (string, string)[] where)
    {
        if (path == "rows[].display")
        {
            var row = chain[^1];
            return Key(metric, axis, Text(row, "currency"), [.. where, .. row.GetProperty("keys").EnumerateObject().Where(k => k.Name != "month")
                .Select(k => (k.Name, k.Value.GetString()!))]);
        }

        if (!path.StartsWith("totals.", StringComparison.Ordinal))
        {
            return null;
        }

        var currency = path.Split('.')[1];
        return path.Split('.')[3..] switch
        {
            ["total"] => Key(metric, axis, currency, where),
            ["basis", var basis] => Key(metric, axis, currency, [.. where, ("basis", basis)]),

            // What counts as attributed depends on the dimensions of the question.
            [var part] => Key($"{metric} {part} of {chain[0].GetProperty("query").GetProperty("groupBy")}", axis, currency, where),
            _ => null,
        };
    }

    private static string? FundingKey(string path, IReadOnlyList<JsonElement> chain)
    {
        var item = chain[^1];
        return path switch
        {
            "funders[].display" => Key("consumption", "charge", Text(item, "currency"), Funder(item)),
            "funders[].parts[].display" => Key("consumption", "charge", Text(chain[^3], "currency"),
                [.. Funder(chain[^3]), ("basis", Text(item, "basis")), .. Text(item, "grant") is { Length: > 0 } g ? new[] { ("grant", g) } : []]),
            "paidAhead[].display" or "draws[].display" or "unappliedCredits[].display" => Key(path.Split('[')[0], "charge", Text(item, "currency"),
                ("payer-account", Text(item, "payerAccount")), ("subject", Text(item, "subject")), ("organisation", Text(item, "organisation"))),
            _ when path.StartsWith("totals.", StringComparison.Ordinal) => Key("consumption", "charge", path.Split('.')[1]),
            _ => path.StartsWith("funders", StringComparison.Ordinal) ? null : Key(path, "charge", Text(Named(), "currency"), Names(Named())),
        };

        JsonElement Named() => chain.Last(e => e.ValueKind == JsonValueKind.Object && e.TryGetProperty("currency", out _));

        (string, string)[] Funder(JsonElement funder) => [("organisation", Text(funder, "organisation")), ("kind", Text(funder, "kind"))];
    }

    private static string? BridgeKey(string path, IReadOnlyList<JsonElement> chain, string axis)
    {
        var item = chain.Last(e => e.ValueKind == JsonValueKind.Object && e.TryGetProperty("currency", out _));
        var step = path.Split('.')[^1];
        (string, string)[] source = [("source", Text(item, "source"))];
        return path.StartsWith("bridges[].display.", StringComparison.Ordinal)
                ? CostMetrics.Names.Contains(Hyphens(step)) && IsOnlyPart(chain[0], item)
                    ? Key(Hyphens(step), axis, Text(item, "currency"), source)
                    : Key($"bridge {step}", axis, Text(item, "currency"), [.. source, ("part", Text(item, "part"))])
            : path is "bridges[].invoice.display" or "bridges[].difference.display" ? Key(path.Split('.')[1], axis, Text(item, "currency"), source)
            : path == "payables[].payable.display" ? Key("payable", axis, Text(item, "currency"),
                [.. source, ("payer-account", Text(item, "payerAccount")), ("part", Text(item, "part"))])
            : null;

        static bool IsOnlyPart(JsonElement document, JsonElement bridge) => document.GetProperty("bridges").EnumerateArray()
            .Count(b => Text(b, "source") == Text(bridge, "source") && Text(b, "currency") == Text(bridge, "currency")) == 1;
    }

    private static string? StatementKey(string path, IReadOnlyList<JsonElement> chain, string split)
    {
        var row = chain.FirstOrDefault(e => e.ValueKind == JsonValueKind.Object && e.TryGetProperty("givenByKind", out _));
        var currency = Text(chain[0].GetProperty("split"), "currency");
        return path.Split('.') switch
        {
            ["rows[]", "given", "display"] => Key("contributed", "charge", currency, ("organisation", Text(row, "organisation"))),
            ["rows[]", "givenByKind", var kind, "display"] => Key("consumption", "charge", currency,
                ("organisation", Text(row, "organisation")), ("kind", kind)),
            ["rows[]", var column, "display"] => Key($"{column} under {split}", "charge", currency, ("organisation", Text(row, "organisation"))),
            ["pool", "freeTerms", "display"] => Key("consumption", "charge", currency, ("kind", "free-tier")),
            ["pool", "consumption", "display"] => Key("consumption", "charge", currency),
            ["pool", var stage, "display"] => Key($"{stage} under {split}", "charge", currency),
            ["excluded[]", "amount", "display"] => Key($"excluded under {split}", "charge", currency, ("exclusion", Text(chain[^2], "id"))),
            ["otherCurrencies[]", "display"] => Key("consumption", "charge", Text(chain[^1], "currency")),
            ["otherCurrencies[]", "given[]", "display"] => Key("consumption", "charge", Text(chain[^3], "currency"),
                ("organisation", Text(chain[^1], "organisation")), ("kind", Text(chain[^1], "kind"))),
            _ => null,
        };
    }

    private static string? ReconcileKey(string path, IReadOnlyList<JsonElement> chain) => path.Split('.') switch
    {
        ["tieOuts[]" or "causes[]" or "requestSpend[]", .. var rest, "display"] when chain.Last(e => e.ValueKind == JsonValueKind.Object
            && e.TryGetProperty("currency", out _)) is var item =>
                Key($"{path.Split('[')[0]} {string.Join('.', rest)}", "billing", Text(item, "currency"), Names(item)),
        _ => null,
    };

    private static string? ExplainKey(string path, IReadOnlyList<JsonElement> chain) =>
        path.StartsWith("display.", StringComparison.Ordinal) ? Key("consumption", "charge", path.Split('.')[1]) : null;

    /// <summary>Every text of an object is a part of what a figure is of.</summary>
    private static (string, string)[] Names(JsonElement item) => [.. item.EnumerateObject()
        .Where(p => p.Value.ValueKind == JsonValueKind.String && p.Name is not ("amount" or "display" or "reason" or "state"))
        .Select(p => (p.Name, p.Value.GetString()!))];

    private static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Hyphens(string step) => Capital().Replace(step, m => "-" + m.Value.ToLowerInvariant());

    private static string Before(string month) => CiCost.Domain.Periods.BillingMonth.Parse(month).Previous.ToString();

    [GeneratedRegex(@"(?m)^  ([a-z]+) ")]
    private static partial Regex CommandName();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    [GeneratedRegex(@"^[+\u2212-]?\$?[\d,]+(\.\d\d)?$")]
    private static partial Regex HasAmount();
}
