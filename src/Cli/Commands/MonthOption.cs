using System.CommandLine;
using CiCost.Domain.Periods;

namespace CiCost.Cli.Commands;

/// <summary>An option that takes a month.</summary>
internal static class MonthOption
{
    public static Option<string> Create(string name, string description, bool required = false)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "YYYY-MM", Required = required };
        option.Validators.Add(result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : null;
            if (text is not null && !BillingMonth.TryParse(text, out _))
            {
                result.AddError($"{name}: '{text}' is not a month; YYYY-MM is expected, such as 2026-07.");
            }
        });
        return option;
    }

    public static BillingMonth Value(ParseResult parse, Option<string> option) => BillingMonth.Parse(parse.GetRequiredValue(option));

    public static BillingMonth? ValueOrNull(ParseResult parse, Option<string> option) =>
        parse.GetValue(option) is { } text ? BillingMonth.Parse(text) : null;
}
