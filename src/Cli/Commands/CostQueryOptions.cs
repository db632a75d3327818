using System.CommandLine;
using System.Globalization;
using CiCost.Accounting.Costs;
using CiCost.Ledger;

namespace CiCost.Cli.Commands;

/// <summary>The options that name a figure; shared by <c>costs</c>, <c>bridge</c> and <c>explain</c>.</summary>
internal sealed class CostQueryOptions
{
    private readonly Option<string> _month = MonthOption.Create("--month", "The month, or the first of a range.");
    private readonly Option<string> _to = MonthOption.Create("--to", "The last month of a range, included.");
    private readonly Option<string[]> _groupBy = new("--group-by")
    {
        Description = "Dimensions, comma separated, such as component,architecture.",
        HelpName = "a,b",
        AllowMultipleArgumentsPerToken = true
    };
    private readonly Option<string> _metric = new("--metric") { Description = "What is summed.", DefaultValueFactory = _ => "consumption" };
    private readonly Option<string> _axis = new("--axis")
    {
        Description = "By which month: charge (used), billing (invoiced) or posting "
        + "(booked).",
        DefaultValueFactory = _ => "charge"
    };
    private readonly Option<string[]> _where = new("--where")
    {
        Description = "Only lines with this value of a dimension; may be "
        + "repeated, all must hold.",
        HelpName = "key=value"
    };
    private readonly Option<string?> _asOf = new("--as-of")
    {
        Description = "As the books stood at this instant, such as "
        + "2026-08-05T00:00:00Z.",
        HelpName = "INSTANT"
    };
    private readonly bool _withGroupBy;

    public CostQueryOptions(bool withGroupBy)
    {
        _withGroupBy = withGroupBy;
        _metric.AcceptOnlyFromAmong([.. CostMetrics.Names]);
        _axis.AcceptOnlyFromAmong([.. Enum.GetNames<TimeAxis>().Select(n => n.ToLowerInvariant())]);
    }

    public Option<string> Month => _month;

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="instead">An option that asks for something else than a figure, so that no month is needed; null for none.</param>
    public void AddTo(Command command, Option? instead = null)
    {
        command.Validators.Add(result =>
        {
            if (result.GetResult(_month) is null && (instead is null || result.GetResult(instead) is null))
            {
                result.AddError("Give the month with --month YYYY-MM.");
            }
        });
        command.Options.Add(_month);
        command.Options.Add(_to);
        if (_withGroupBy)
        {
            command.Options.Add(_groupBy);
        }

        command.Options.Add(_metric);
        command.Options.Add(_axis);
        command.Options.Add(_where);
        command.Options.Add(_asOf);
    }

    public CostQuery Query(ParseResult parse)
    {
        var from = MonthOption.Value(parse, _month);
        return new CostQuery
        {
            From = from,
            To = MonthOption.ValueOrNull(parse, _to) ?? from,
            Metric = CostMetrics.Parse(parse.GetValue(_metric)!),
            Axis = Enum.Parse<TimeAxis>(parse.GetValue(_axis)!, ignoreCase: true),
            GroupBy = _withGroupBy
                ? [.. (parse.GetValue(_groupBy) ?? []).SelectMany(g
                    => g.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))]
                : [],
            Where = [.. (parse.GetValue(_where) ?? []).Select(Condition)],
            AsOf = Instant(parse.GetValue(_asOf)),
        };
    }

    public DateTimeOffset? AsOfOf(ParseResult parse) => Instant(parse.GetValue(_asOf));

    /// <summary>Reads an instant; one without a zone is refused rather than guessed.</summary>
    public static DateTimeOffset? Instant(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string[] formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];
        var hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        return hasZone && DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var instant)
            ? instant.ToUniversalTime()
            : throw new BooksException("instant",
                $"'{text}' is not an instant: a time with a zone is expected, such as 2026-08-05T00:00:00Z.");
    }

    private static KeyValuePair<string, string> Condition(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? KeyValuePair.Create(text[..equals], text[(equals + 1)..])
            : throw new BooksException("where", $"'{text}' is no condition: key=value is expected, such as component=storage.");
    }
}
